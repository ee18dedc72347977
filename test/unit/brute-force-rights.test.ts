import { findWrongRights, type Said } from '../e2e/brute-force-rights.js';

const [A, B] = ['acct:a', 'acct:b'];
const scope = (change: Record<string, unknown> = {}): Record<string, unknown> => ({ rights: ['filming'], territories: ['WORLD', '-CN'], uses: ['*'], languages: ['*'], term: { from: '2026-01-01T00:00:00.000Z', until: null }, ...change });
const deposited: Said = { type: 'work.deposited', subject: 'ZB-1', actor: A, body: { owners: [{}] } };
const granted = (number: string, actor: string, exclusivity: string, of = scope(), more = {}): Said => ({ type: 'licence.granted', subject: number, actor, about: ['ZB-1'], body: { exclusivity, scope: of, ...more } });
const assigned = (actor: string, to: string, of = scope()): Said => ({ type: 'work.assigned', subject: 'ZB-1', actor, body: { scope: of, holders: [{ account: to, shareBps: 10_000 }] } });
const ended: Said = { type: 'licence.terminated', subject: 'LC-1', actor: A, body: { void: true } };
const CN = scope({ territories: ['CN'] });

// Who checks the check: what it finds, and what it lets pass.
test.each<[string, number, Said[]]>([
  ['an exclusive licence beside a non-exclusive one', 1, [granted('LC-1', A, 'non-exclusive'), granted('LC-2', A, 'exclusive')]],
  ['the other way round', 1, [granted('LC-1', A, 'sole'), granted('LC-2', A, 'non-exclusive')]],
  ['two that are non-exclusive', 0, [granted('LC-1', A, 'non-exclusive'), granted('LC-2', A, 'non-exclusive')]],
  ['elsewhere', 0, [granted('LC-1', A, 'exclusive'), granted('LC-2', A, 'exclusive', CN)]],
  ['after one that is void', 0, [granted('LC-1', A, 'exclusive'), ended, granted('LC-2', A, 'exclusive')]],
  ['subject to an earlier one', 0, [granted('LC-1', A, 'non-exclusive'), granted('LC-2', A, 'exclusive', scope(), { subjectTo: ['LC-1'] })]],
  ['by somebody who does not hold', 1, [granted('LC-1', B, 'non-exclusive')]],
  ['by the one who holds a slice now', 0, [assigned(A, B, CN), granted('LC-1', B, 'exclusive', CN), granted('LC-2', A, 'exclusive')]],
  ['by the one who held it', 1, [assigned(A, B), granted('LC-1', A, 'non-exclusive', scope({ territories: ['FR'] }))]],
  ['an assignment of what was assigned', 1, [assigned(A, B), assigned(A, 'acct:c', scope({ territories: ['FR'] }))]],
])('%s: %i', (_, found, statements) => {
  const { wrong, atoms } = findWrongRights([deposited, ...statements]);
  expect([Math.min(wrong.length, 1), atoms > 0]).toEqual([found, true]);
});
