import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ConfigError } from '../../../src/platform/config/index.js';
import { createMailPort } from '../../../src/platform/mail/index.js';

const from = 'Zhengben <no-reply@zhengben.example>';
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'zhengben-mail-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('production needs a mail server', () => {
  expect(() => createMailPort({ production: true, dataDir: directory, mail: { smtpUrl: null, from } })).toThrow(ConfigError);
});

test('in development a mail becomes a whole file that only its owner reads', async () => {
  await createMailPort({ production: false, dataDir: directory, mail: { smtpUrl: null, from } }).send({ to: 'lin@example.com', subject: '重置密码', text: '您好\n' });
  const names = await readdir(join(directory, 'outbox'));
  expect(names).toEqual([expect.stringMatching(/^[0-9a-f-]{36}\.eml$/)]);
  const eml = await readFile(join(directory, 'outbox', names[0]!), 'utf8');
  expect(eml).toContain('To: lin@example.com\n');
  expect(eml).toContain(Buffer.from('您好\n').toString('base64'));
});

test('SMTP: the mail goes to the one recipient; a refusal is an error, so that the job tries again', async () => {
  const server = await smtpServer();
  const port = createMailPort({ production: true, dataDir: directory, mail: { smtpUrl: `smtp://127.0.0.1:${server.port}`, from } });
  await port.send({ to: 'lin@example.com', subject: 'Hi', text: 'text\n' });
  expect(server.recipients).toEqual(['<lin@example.com>']);
  expect(server.data).toContain('Subject: Hi');
  const refusal = await port.send({ to: 'refused@example.com', subject: 'Hi', text: 'text\n' }).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ name: 'MailRefused', code: 'EENVELOPE', responseCode: 550 });
  // Servers repeat the address; what is thrown reaches the log and the queue.
  expect(inspect(refusal, { depth: null, showHidden: true })).not.toContain('refused@example.com');
  server.close();
});

/** The few words of SMTP (RFC 5321) that a client needs to hear. */
async function smtpServer(): Promise<{ port: number; recipients: string[]; data: string; close(): void }> {
  const sockets = new Set<Socket>();
  const state = { port: 0, recipients: [] as string[], data: '', close: () => undefined as void };
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    let inData = false;
    socket.write('220 test\r\n');
    socket.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString('utf8').split('\r\n').slice(0, -1)) {
        if (inData) {
          if (line === '.') {
            inData = false;
            socket.write('250 kept\r\n');
          } else state.data += `${line}\n`;
        } else if (/^RCPT TO:<refused/i.test(line)) socket.write(`550 5.1.1 ${line.slice(8)}: nobody here\r\n`);
        else if (/^RCPT TO:/i.test(line)) {
          state.recipients.push(line.slice(8).split(' ')[0]!);
          socket.write('250 ok\r\n');
        } else if (/^DATA/i.test(line)) {
          inData = true;
          socket.write('354 go\r\n');
        } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
        else socket.write('250 ok\r\n');
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  state.port = (server.address() as { port: number }).port;
  state.close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return state;
}
