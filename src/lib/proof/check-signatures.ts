import type { ActorSignature } from '../statement/index.js';
import { verifyStatementSignature } from './actor-signature.js';
import type { ReadBundle, ReadEntry } from './entries.js';
import { type CheckOutcome, fail, pass, skipped } from './report.js';

/**
 * That actors' own signatures stand, were not expired when the log took the statement, used their nonce once, and came from a key that an earlier
 * `account.key-added` statement gave to the actor and no `account.key-revoked` had taken away. A key whose binding the bundle does not show is
 * reported as skipped: the signature is right, whose it is remains open.
 */
export function checkSignatures(read: ReadBundle): CheckOutcome {
  const nonces = new Set<string>();
  let [bound, unbound] = [0, 0];
  for (const entry of read.entries) {
    for (const signature of entry.statement?.signatures ?? []) {
      const fault = findFault(read, entry, signature, nonces);
      if (fault !== null) return fail(`${entry.place}: ${fault}`);
      const binding = findBinding(read, entry, signature);
      if (binding === 'revoked') return fail(`${entry.place}: the key ${signature.by} was revoked before`);
      if (binding === 'bound') bound++;
      else unbound++;
    }
  }
  if (unbound > 0) return skipped(`${bound + unbound} signature(s) are right; for ${unbound} the bundle does not show whose key it is`);
  return bound > 0 ? pass(`${bound} signature(s) by keys of their actors`) : skipped('no signatures');
}

function findFault({ checkpoint }: ReadBundle, { statement }: ReadEntry, signature: ActorSignature, nonces: Set<string>): string | null {
  if (statement === null || checkpoint === null) return 'a signature that nothing tells what it signs';
  const use = `${signature.scheme} ${signature.by} ${signature.nonce}`;
  if (nonces.has(use)) return `the nonce ${signature.nonce} is used twice`;
  nonces.add(use);
  // Both are of one form, which sorts by time.
  if (signature.expiresAt < statement.issuedAt) return 'a signature had expired when the statement was issued';
  return verifyStatementSignature(statement, signature, checkpoint.origin) ? null : `the signature by ${signature.by} is wrong`;
}

function findBinding({ entries }: ReadBundle, signed: ReadEntry, signature: ActorSignature): 'bound' | 'revoked' | 'unbound' {
  const place = signed.proof?.index ?? -1;
  const ofActor = (type: string): ReadEntry[] => entries.filter(({ statement, proof }) =>
    statement !== null && proof !== null && proof.index < place && statement.type === type && statement.subject === signed.statement?.actor
    && statement.body['key'] === signature.by);
  const added = ofActor('account.key-added').filter(({ statement }) => statement?.body['scheme'] === signature.scheme);
  const latest = Math.max(-1, ...added.map(({ proof }) => proof?.index ?? -1));
  if (latest < 0) return 'unbound';
  return ofActor('account.key-revoked').some(({ proof }) => (proof?.index ?? -1) > latest) ? 'revoked' : 'bound';
}
