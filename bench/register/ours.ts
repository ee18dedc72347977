import { Client } from 'pg';
import { AppModule } from '../../src/app.module.js';
import { createDemoAccount } from '../../src/modules/identity/index.js';
import { loadConfig } from '../../src/platform/config/index.js';
import { createHttpApplication, createLogger, listeningUrl, stopGracefully } from '../../src/platform/http/index.js';

/** The service as it is, in a process of its own. */
const config = loadConfig(process.env);
const app = await createHttpApplication(AppModule.of(config), config, { logger: createLogger(config) });
await app.listen(0, '127.0.0.1');
const { apiKey } = await createDemoAccount(app, config);
const db = new Client({ connectionString: config.database.url });
await db.connect();

process.on('message', (message) => {
  if (message === 'count') void count();
  if (message === 'stop') void stopGracefully(app, { idleMs: 10 }).then(() => db.end()).then(() => process.exit(0));
});

/** Everything that was acknowledged is logged in the end; the benchmark waits for it and counts. */
async function count(): Promise<void> {
  for (;;) {
    const { rows: [row] } = await db.query('SELECT (SELECT count(*) FROM statement_pending)::int AS pending, (SELECT published_size FROM log_head)::int AS logged, (SELECT count(*) FROM work)::int AS works');
    if (row.pending === 0) return void process.send?.({ logged: row.logged, works: row.works });
    await new Promise((done) => setTimeout(done, 50));
  }
}

process.send?.({ url: `${listeningUrl(app)}/api/v1/works`, apiKey });
