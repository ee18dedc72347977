import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { stopGracefully } from '../../../src/platform/http/index.js';
import { startTestApp } from './test-app.js';

test('a stop under load answers every request that was sent; then nobody is let in', async () => {
  const { app, url } = await startTestApp();
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  // As a balancer does: it sends nothing new once the service says that it is not ready, which is when the stop begins.
  let ready = true;
  const outcomes: (number | string)[] = [];
  const client = async () => {
    while (ready) outcomes.push(await fetchOnce(`${url}/api/v1/things/slow/20`, agent));
  };
  const clients = Array.from({ length: 8 }, client);
  const long = fetchOnce(`${url}/api/v1/things/slow/900`);
  await until(() => outcomes.length > 30);
  ready = false;
  const stopped = stopGracefully(app, { idleMs: 300 });
  await Promise.all(clients);
  await until(async () => (await fetchOnce(`${url}/health/live`)) === 'ECONNREFUSED');
  expect(await long).toBe(200);
  await stopped;
  expect(new Set(outcomes)).toEqual(new Set([200]));
  agent.destroy();
});

test('a request on an idle connection after the signal is still served, and told to close', async () => {
  const { app, url } = await startTestApp();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
  });
  const ask = () => socket.write('GET /api/v1/things/public HTTP/1.1\r\nHost: a\r\n\r\n');
  ask();
  await until(() => received.includes('"caller"'));
  received = '';
  const stopped = stopGracefully(app, { idleMs: 1_000 });
  await new Promise((done) => setTimeout(done, 100));
  ask();
  await until(() => received.includes('"caller"'));
  expect(received).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(received.toLowerCase()).toContain('connection: close');
  await stopped;
});

test('an event stream does not hold up the stop for longer than the patience', async () => {
  const { app, url } = await startTestApp();
  const response = await new Promise<IncomingMessage>((done) => get(`${url}/api/v1/things/events`, done));
  expect(response.headers['content-type']).toContain('text/event-stream');
  response.on('error', () => undefined).resume();
  const before = Date.now();
  await stopGracefully(app, { idleMs: 50, patienceMs: 300 });
  expect(Date.now() - before).toBeLessThan(2_000);
});

function fetchOnce(url: string, agent?: Agent): Promise<number | string> {
  return new Promise((done) => {
    const request = get(url, { agent }, (response) => {
      response.resume();
      response.on('end', () => done(response.statusCode ?? 0));
      response.on('error', (error: NodeJS.ErrnoException) => done(`cut: ${error.code}`));
    });
    request.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
  });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not happen');
    await new Promise((done) => setTimeout(done, 10));
  }
}
