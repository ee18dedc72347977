import { Client } from 'pg';
import { planInclusionProof } from '../../../src/lib/merkle/index.js';
import { readNodes } from '../../../src/modules/log/log-nodes.js';
import { LogRig } from './support/log-rig.js';

let rig: LogRig;

beforeAll(async () => {
  rig = await LogRig.start();
  await rig.sayMany(300);
  await rig.publish();
});
afterAll(() => rig.stop());

interface Plan { 'Node Type': string; 'Relation Name'?: string; 'Index Cond'?: string; Plans?: Plan[] }

function scansOf(plan: Plan): string[] {
  const own = plan['Relation Name'] === undefined ? [] : [`${plan['Node Type']} of ${plan['Relation Name']} by ${plan['Index Cond'] ?? 'nothing'}`];
  return [...own, ...(plan.Plans ?? []).flatMap(scansOf)];
}

test('nodes are looked up by their key under a generic plan, with statistics of an empty table or none', async () => {
  let asked = '';
  const nodes = planInclusionProof(7, 300).flat();
  await readNodes({ query: async (sql: string) => {
    asked = sql;
    return [];
  } } as never, nodes);
  const client = new Client({ connectionString: rig.database.adminUrl });
  await client.connect();
  try {
    await client.query('SET plan_cache_mode = force_generic_plan');
    await client.query(`PREPARE nodes (smallint[], bigint[], bigint[], bytea) AS ${asked}`);
    for (const pages of [0, 10_000]) {
      // What the planner believes of tables that were never analysed, and of large ones whose rows it knows nothing of.
      await client.query(`UPDATE pg_class SET relpages = $1, reltuples = -1 WHERE relname IN ('log_node', 'log_entry')`, [pages]);
      const { rows: [row] } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`EXPLAIN (FORMAT JSON) EXECUTE nodes ('{1,2,3}', '{0,1,2}', '{6}', '')`);
      const scans = scansOf(row!['QUERY PLAN'][0].Plan);
      expect(scans).toEqual([expect.stringMatching(/^Index (?:Only )?Scan of log_node by .*level.*index/), expect.stringMatching(/^Index (?:Only )?Scan of log_entry by .*leaf_index/)]);
    }
  } finally {
    await client.end();
  }
});

test('what the tree must have and has not is named', async () => {
  const found = await readNodes(rig.dataSource, [{ level: 1, index: 3 }, { level: 0, index: 299 }, { level: 1, index: 9_999 }, { level: 0, index: 300 }]);
  expect([found({ level: 1, index: 3 }).length, found({ level: 0, index: 299 }).length]).toEqual([32, 32]);
  expect(() => found({ level: 1, index: 9_999 })).toThrow('level 1, index 9999');
  expect(() => found({ level: 0, index: 300 })).toThrow('level 0, index 300');
});
