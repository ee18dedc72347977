/**
 * bench:upload — a 1 GiB file through `POST /works` against `sha256sum` of it, and how much the service's memory grows meanwhile; then eight
 * photos of 3.6 MB at a time against a bare hash-and-write sink.
 */
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { startBenchStack } from './support/bench-stack.js';
import { median, report, round } from './support/report.js';

const RUNS = Number(process.env['BENCH_RUNS'] ?? 5);
const GIB = 2 ** 30;
const PHOTO_BYTES = 3_600_000;
const PHOTOS = 80;
const AT_ONCE = 8;
const BOUNDARY = 'zhengben-bench';

const form = JSON.stringify({
  title: '珠江夜航', category: 'audiovisual', creation: { nature: 'original', completedOn: '2026-05-01' }, publication: { state: 'unpublished' },
  authors: [{ name: '林舟', signedAs: 'real-name' }], owners: [{ name: '林舟', kind: 'person', shareBps: 10_000 }],
});
const HEAD = Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="work"\r\n\r\n${form}\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="film.mp4"\r\nContent-Type: video/mp4\r\n\r\n`);
const TAIL = Buffer.from(`\r\n--${BOUNDARY}--\r\n`);

function start(file: string, env: Record<string, string>): Promise<{ child: ChildProcess; said: Record<string, string> }> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), { env: { ...process.env, ...env } });
  return new Promise((resolve, reject) => {
    child.once('message', (said) => resolve({ child, said: said as Record<string, string> }));
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
}

async function send(url: string, headers: Record<string, string>, body: Readable): Promise<void> {
  const status = await new Promise<number>((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    });
    outgoing.once('error', reject);
    pipeline(body, outgoing).catch(reject);
  });
  if (status !== 201) throw new Error(`${url} answered ${status}`);
}

async function* parts(content: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield HEAD;
  yield* content;
  yield TAIL;
}

function upload(url: string, apiKey: string, content: AsyncIterable<Buffer> | Iterable<Buffer>, byteLength: number): Promise<void> {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, 'content-length': String(HEAD.length + byteLength + TAIL.length) };
  return send(url, headers, Readable.from(parts(content), { objectMode: false, highWaterMark: 1 << 20 }));
}

function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

async function timed(act: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await act();
  return (performance.now() - before) / 1000;
}

/** Photos a second, eight at a time. */
async function photos(one: () => Promise<void>): Promise<number> {
  let left = PHOTOS;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await one();
  };
  return PHOTOS / (await timed(() => Promise.all(Array.from({ length: AT_ONCE }, worker)).then(() => undefined)));
}

const directory = mkdtempSync(join(tmpdir(), 'zhengben-bench-upload-'));
const stack = await startBenchStack();
const children: ChildProcess[] = [];
try {
  const film = join(directory, 'film.mp4');
  const file = await open(film, 'w');
  for (let written = 0; written < GIB; written += 1 << 24) await file.write(randomBytes(1 << 24));
  await file.sync();
  await file.close();
  const service = await start('./register/ours.js', stack.environment);
  const sink = await start('./upload/sink.js', { SINK_DIR: directory });
  children.push(service.child, sink.child);
  const { url = '', apiKey = '' } = service.said;
  const sinkUrl = sink.said['url'] ?? '';

  const photo = randomBytes(PHOTO_BYTES);
  const onePhoto = (): Promise<void> => {
    photo.writeDoubleLE(Math.random(), 0);
    return upload(url, apiKey, [Buffer.from(photo)], PHOTO_BYTES);
  };
  const oneSunk = (): Promise<void> => send(sinkUrl, { 'content-length': String(PHOTO_BYTES) }, Readable.from([photo], { objectMode: false }));
  await photos(onePhoto);
  await photos(oneSunk);

  const pid = service.child.pid ?? 0;
  const before = residentMiB(pid);
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, residentMiB(pid))), 20);
  const films: { ours: number; peer: number }[] = [];
  for (let run = 0; run < RUNS; run++) {
    const ours = await timed(() => upload(url, apiKey, createReadStream(film, { highWaterMark: 1 << 20 }), GIB));
    const peer = await timed(async () => void execFileSync('sha256sum', [film]));
    films.push({ ours, peer });
  }
  clearInterval(watch);
  const pairs: { ours: number; peer: number }[] = [];
  for (let run = 0; run < RUNS; run++) pairs.push({ ours: await photos(onePhoto), peer: await photos(oneSunk) });

  const timesOfSha256sum = median(films.map(({ ours, peer }) => ours / peer));
  const shareOfSink = median(pairs.map(({ ours, peer }) => ours / peer));
  const growth = peak - before;
  report(
    [
      { figure: '1 GiB deposited', value: round(median(films.map((one) => one.ours))), unit: 's' },
      { figure: 'sha256sum of it', value: round(median(films.map((one) => one.peer))), unit: 's' },
      { figure: 'times of sha256sum', value: round(timesOfSha256sum), target: '≤ 2.5' },
      { figure: 'memory growth', value: round(growth), unit: 'MiB', target: '≤ 64' },
      { figure: '3.6 MB photos, eight at a time', value: round(median(pairs.map((one) => one.ours))), unit: '1/s' },
      { figure: 'bare sink, the same', value: round(median(pairs.map((one) => one.peer))), unit: '1/s' },
      { figure: 'share of the sink', value: round(shareOfSink), target: '≥ 0.7' },
    ],
    { bench: 'upload', ours: median(films.map((one) => one.ours)), peer: median(films.map((one) => one.peer)), unit: 's', ratio: 1 / timesOfSha256sum, target: 0.4, runs: RUNS },
    { timesOfSha256sum: round(timesOfSha256sum), memoryGrowthMiB: round(growth), shareOfSink: round(shareOfSink) },
    [growth <= 64, shareOfSink >= 0.7],
  );
} finally {
  for (const child of children) child.send('stop');
  await Promise.all(children.map((child) => new Promise((done) => child.once('exit', done))));
  await stack.stop();
  rmSync(directory, { recursive: true, force: true });
}
