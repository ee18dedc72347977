import * as fc from 'fast-check';
import { DomainError, VerificationError } from '../../../../src/lib/errors/index.js';
import { encodeStatement, parseStatement, type Statement } from '../../../../src/lib/statement/index.js';

const hex = (length: number): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const text = (most: number): fc.Arbitrary<string> => fc.string({ unit: 'binary', maxLength: most });
const digest = fc.string({ unit: fc.constantFrom(...'AZaz09_-'), minLength: 43, maxLength: 43 });

const fitting: Statement = {
  zhengben: 1, type: 'work.examined', id: '01930000-0000-7000-8000-000000000001', subject: 'ZB-7K3M-9Q4D-W2XC-V', seq: 0, prev: null,
  issuedAt: '2026-11-20T12:00:00.000Z', actor: 'acct:01930000-0000-7000-8000-00000000aaaa', body: {}, sealed: [],
};
const signature = { scheme: 'ed25519', by: 'k', nonce: 'n'.repeat(16), expiresAt: fitting.issuedAt, value: 'v' } as const;
/** `count` digests in order. */
const digests = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i).padStart(43, '0'));

/** The code of the refusal, or 'ok'. Any other error is a bug and passes through. */
function codeOf(act: () => unknown): string {
  try {
    act();
    return 'ok';
  } catch (error) {
    if (error instanceof DomainError || error instanceof VerificationError) return error.code;
    throw error;
  }
}

/** What a member may be changed to: on both sides of each limit. */
const changed = {
  type: fc.oneof(fc.constantFrom('Work.examined', 'work', 'work.', '', `${'a'.repeat(32)}.${'b'.repeat(31)}`, `${'a'.repeat(32)}.${'b'.repeat(32)}`), text(10)),
  id: fc.oneof(fc.uuid({ version: 7 }), fc.uuid({ version: 4 })),
  subject: fc.oneof(text(4), fc.constantFrom('s'.repeat(80), 's'.repeat(81))),
  seq: fc.constantFrom(0, 1, -1, 0.5, 2 ** 53, Number.MAX_SAFE_INTEGER),
  prev: fc.option(fc.oneof(hex(64), hex(63))),
  issuedAt: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  actor: fc.oneof(text(4), fc.constantFrom('a'.repeat(200), 'a'.repeat(201))),
  about: fc.oneof(fc.array(text(5), { maxLength: 3 }), fc.constantFrom(100, 101).map((length) => Array.from({ length }, () => 'ZB')), fc.constant(['s'.repeat(81)])),
  body: fc.dictionary(fc.oneof(text(5), fc.constantFrom('__proto__', 'constructor')), fc.jsonValue({ maxDepth: 3 })) ,
  sealed: fc.oneof(fc.array(digest, { maxLength: 4 }), fc.uniqueArray(digest, { maxLength: 4 }).map((all) => all.toSorted()), fc.constantFrom(1_000, 1_001).map(digests), fc.constant(['short'])),
  signatures: fc.oneof(fc.constantFrom(0, 1, 10, 11).map((length) => Array.from({ length }, () => signature)), fc.constant([{ ...signature, nonce: 'short' }])),
} satisfies { [Member in keyof Statement]?: fc.Arbitrary<unknown> };
/** As it should be, but for at most three members. */
const nearly = fc.subarray(Object.keys(changed) as (keyof typeof changed)[], { maxLength: 3 })
  .chain((members) => fc.record(Object.fromEntries(members.map((member) => [member, changed[member] as fc.Arbitrary<unknown>]))))
  .map((changes) => ({ ...fitting, ...changes }) as Statement);

test('whatever is encoded parses', () => {
  let accepted = 0;
  fc.assert(fc.property(nearly, (statement) => {
    let bytes: Uint8Array | undefined;
    codeOf(() => (bytes = encodeStatement(statement).bytes));
    if (bytes === undefined) return;
    accepted++;
    parseStatement(bytes);
  }), { numRuns: 5_000 });
  expect(accepted).toBeGreaterThan(1_000);
});

test.each<[string, Partial<Statement>, string]>([
  ['1,000 sealed members', { sealed: digests(1_000) }, 'ok'],
  ['1,001 sealed members', { sealed: digests(1_001) }, 'STATEMENT.TOO_LONG'],
  ['sealed members out of order', { sealed: digests(2).toReversed() }, 'STATEMENT.MALFORMED'],
  ['100 others that it is about', { about: digests(100) }, 'ok'],
  ['101 others that it is about', { about: digests(101) }, 'STATEMENT.MALFORMED'],
  ['10 signatures', { signatures: Array.from({ length: 10 }, () => signature) }, 'ok'],
  ['11 signatures', { signatures: Array.from({ length: 11 }, () => signature) }, 'STATEMENT.MALFORMED'],
  ['a subject of 81 characters', { subject: 's'.repeat(81) }, 'STATEMENT.MALFORMED'],
  ['an actor of 201 characters', { actor: 'a'.repeat(201) }, 'STATEMENT.MALFORMED'],
  ['a second statement without the first', { seq: 1 }, 'STATEMENT.MALFORMED'],
])('%s', (_, changes, code) => expect(codeOf(() => encodeStatement({ ...fitting, ...changes }))).toBe(code));
