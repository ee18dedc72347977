import { createServer, type Server, type Socket } from 'node:net';
import { DataSource } from 'typeorm';
import { dataSourceOptions, isDatabaseUnavailable } from '../../../../src/platform/database/index.js';
import { createTestDatabase, type TestDatabase } from '../../../support/index.js';

let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
  dataSource = await new DataSource(dataSourceOptions(database.adminUrl, 2, () => undefined)).initialize();
}, 60_000);
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

async function errorOf(act: Promise<unknown>): Promise<unknown> {
  return act.then(() => { throw new Error('nothing was thrown'); }, (error: unknown) => error);
}

async function connectTo(port: number): Promise<unknown> {
  return errorOf(new DataSource(dataSourceOptions(`postgres://nobody:x@127.0.0.1:${port}/none`, 1, () => undefined)).initialize());
}

test.each([
  ['hangs up', (socket: Socket) => { socket.destroy(); }],
  ['resets the connection while it is being made', (socket: Socket) => { socket.once('data', () => socket.resetAndDestroy()); }],
])('nobody listens, or whoever listens %s', async (_, answer) => {
  const server = await new Promise<Server>((resolve) => {
    const opened: Server = createServer(answer).listen(0, '127.0.0.1', () => resolve(opened));
  });
  const { port } = server.address() as { port: number };
  expect(isDatabaseUnavailable(await connectTo(port))).toBe(true);
  await new Promise((done) => server.close(done));
  expect(isDatabaseUnavailable(await connectTo(port))).toBe(true);
});

test('the connection is cut while a statement runs, and between two of a transaction', async () => {
  const [error] = await Promise.all([
    errorOf(dataSource.query('SELECT pg_sleep(20)')),
    new Promise((done) => setTimeout(done, 200)).then(() => dataSource.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'`)),
  ]);
  expect(isDatabaseUnavailable(error)).toBe(true);
  const between = await errorOf(dataSource.transaction(async (tx) => {
    const [{ pid }]: [{ pid: number }] = await tx.query('SELECT pg_backend_pid() AS pid');
    await dataSource.query('SELECT pg_terminate_backend($1)', [pid]);
    await new Promise((done) => setTimeout(done, 200));
    await tx.query('SELECT 1');
  }));
  expect(isDatabaseUnavailable(between)).toBe(true);
});

test('what is wrong with a statement is nothing of the kind', async () => {
  for (const sql of ['SELEKT', 'SELECT 1 / 0', 'SELECT * FROM nothing', 'CREATE TABLE twice (a int, a int)']) expect(isDatabaseUnavailable(await errorOf(dataSource.query(sql)))).toBe(false);
  for (const other of [new Error('ECONNREFUSED'), Object.assign(new Error('socket'), { code: 'ECONNRESET' }), null, undefined, 'x', {}]) expect(isDatabaseUnavailable(other)).toBe(false);
});

test('a statement that took longer than it may', async () => {
  const cancelled = await errorOf(dataSource.query('SET statement_timeout = 10; SELECT pg_sleep(10)'));
  await dataSource.query('RESET statement_timeout');
  expect(isDatabaseUnavailable(cancelled)).toBe(true);
});
