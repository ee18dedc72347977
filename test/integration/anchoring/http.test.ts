import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { AppendStatement } from '../../../src/modules/log/index.js';
import { transact } from '../../../src/platform/database/index.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';

async function append({ app }: TestApplication): Promise<void> {
  await transact(app.get(DataSource), async (tx) => {
    await app.get(AppendStatement, { strict: false }).execute(tx, { type: 'test.happened', subject: `acct:${randomUUID()}`, actor: 'acct:test', body: {}, sealed: [] }, []);
  });
}

async function get(service: TestApplication, path: string): Promise<{ status: number; body: Record<string, unknown>; text: string }> {
  const response = await fetch(`${service.url}${path}`);
  const text = await response.text();
  return { status: response.status, text, body: response.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as Record<string, unknown>) : {} };
}

/** Asks until `isIt`, for at most ten seconds. */
async function until(service: TestApplication, path: string, isIt: (body: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
  for (const since = Date.now(); ; await sleep(50)) {
    const { body } = await get(service, path);
    if (isIt(body)) return body;
    if (Date.now() - since > 10_000) throw new Error(`never so: ${JSON.stringify(body)}`);
  }
}

describe('with a chain', () => {
  let service: TestApplication;

  beforeAll(async () => {
    service = await startApplication({ chain: true });
  });
  afterAll(() => service.stop());

  it('what is logged becomes anchored; anyone can list the anchors and see the lag', async () => {
    for (let size = 1; size <= 3; size++) {
      await append(service);
      await until(service, '/api/v1/chain', ({ latest }) => (latest as { treeSize?: number } | null)?.treeSize === size);
    }
    const status = await until(service, '/api/v1/chain', ({ lag }) => (lag as { leaves: number }).leaves === 0);
    expect(status).toMatchObject({
      chainId: 31_337, contract: service.config.chain.contract.toLowerCase(), headSize: 3, problem: null,
      lag: { leaves: 0, seconds: 0, publishedSize: 3, anchoredSize: 3 }, latest: { treeSize: 3, status: 'final' },
    });

    const first = (await get(service, '/api/v1/anchors?limit=2')).body as { items: { treeSize: number }[]; nextCursor: string };
    expect(first.items.map(({ treeSize }) => treeSize)).toEqual([3, 2]);
    const rest = (await get(service, `/api/v1/anchors?limit=2&cursor=${encodeURIComponent(first.nextCursor)}`)).body;
    expect(rest).toMatchObject({ items: [{ treeSize: 1, chainId: 31_337 }], nextCursor: null });
    expect(await get(service, '/api/v1/anchors?cursor=nonsense')).toMatchObject({ status: 400, body: { code: 'HTTP.INVALID_CURSOR' } });
    expect((await get(service, '/metrics')).text).toMatch(/^zhengben_anchor_lag_leaves 0$/m);
  });
});

describe('with a chain that is down', () => {
  let service: TestApplication;

  beforeAll(async () => {
    service = await startApplication();
  });
  afterAll(() => service.stop());

  it('the service is ready, and says how far behind the chain is, and why', async () => {
    await append(service);
    const status = await until(service, '/api/v1/chain', ({ problem, lag }) => problem !== null && (lag as { leaves: number }).leaves === 1);
    expect(status).toMatchObject({ chainId: null, headSize: null, latest: null, problem: { code: 'CHAIN.UNAVAILABLE', since: expect.any(String) } });
    expect(JSON.stringify(status)).not.toContain('127.0.0.1');
    const ready = await get(service, '/health/ready');
    expect(ready).toMatchObject({ status: 200, body: { checks: { anchoring: { ok: true, lagLeaves: 1, problem: 'CHAIN.UNAVAILABLE' } } } });
    const { text } = await get(service, '/metrics');
    expect(text).toMatch(/^zhengben_anchor_lag_leaves 1$/m);
    expect(text).toMatch(/^zhengben_anchor_problem\{code="CHAIN\.UNAVAILABLE"\} 1$/m);
    expect(text).toMatch(/^zhengben_rpc_errors_total\{.*method="eth_chainId".*\} [1-9]/m);
  });
});
