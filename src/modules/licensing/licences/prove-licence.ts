import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { parseDisclosure, type WorkNumber } from '../../../lib/statement/index.js';
import { type ChainEntry, LogReader } from '../../log/index.js';
import { type BundledChain, ComposeBundle, isPublicPointer, statementOf } from '../../works/index.js';
import { FindLicence, type Licence } from './find-licence.js';

/** What a sublicence rests on in the chain of its parent; whom else that was sublicensed to is not its matter. */
const PARENT_TYPES: ReadonlySet<string> = new Set(['licence.granted', 'licence.declared', 'licence.accepted', 'licence.terminated']);
const KEY_TYPES: ReadonlySet<string> = new Set(['account.key-added', 'account.key-revoked']);

/** The proof bundle of a licence: its own chain; how the keys that signed it are its actors'; the licences that it was granted from; and what of the work's chain made the grantor's holding. Never another licensee's. */
@Injectable()
export class ProveLicence {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findLicence: FindLicence, private readonly reader: LogReader, private readonly compose: ComposeBundle) {}

  /**
   * @param disclose whether the parties are opened; theirs to ask.
   * @throws DomainError `LICENSING.NOT_FOUND`, `LOG.NOT_YET_LOGGED` (Retry-After).
   */
  async execute(typed: string, { accountId, at, disclose }: { accountId: string | null; at: 'anchored' | 'newest'; disclose: boolean }): Promise<Record<string, unknown>> {
    const licence = await this.findLicence.execute(typed, accountId);
    const parents = await this.parentsOf(licence);
    const origin = parents.at(-1) ?? licence;
    const [own, above, works] = await Promise.all([this.reader.chain(licence.number), Promise.all(parents.map((parent) => this.reader.chain(parent.number))), this.reader.chain(licence.work)]);
    const [rests, keys] = await Promise.all([this.titleOf(origin, works), this.keysOf(own)]);
    const deposit = works[0];
    const isPublic = deposit !== undefined && statementOf(deposit).body['visibility'] === 'public';
    return this.compose.execute(licence.number, [
      { subject: licence.number, entries: own, complete: true, opens: () => disclose && licence.isParty },
      ...parents.map((parent, i): BundledChain => ({ subject: parent.number, entries: (above[i] ?? []).filter(({ type }) => PARENT_TYPES.has(type)), complete: false, opens: () => false })),
      { subject: licence.work, entries: rests, complete: false, opens: (disclosure) => isPublic && isPublicPointer(parseDisclosure(disclosure).pointer) },
      ...keys,
    ], at);
  }

  /** How the keys that it was signed with came to their accounts, and whether they left them; of an account's other keys nothing. */
  private async keysOf(own: readonly ChainEntry[]): Promise<BundledChain[]> {
    const keys = new Map<string, Set<unknown>>();
    for (const { actor, signatures = [] } of own.filter(({ type }) => type === 'licence.signed').map(statementOf)) keys.set(actor, new Set([...(keys.get(actor) ?? []), ...signatures.map(({ by }) => by)]));
    return Promise.all([...keys].map(async ([subject, signed]): Promise<BundledChain> => {
      const entries = (await this.reader.chain(subject)).filter((entry) => KEY_TYPES.has(entry.type) && signed.has(statementOf(entry).body['key']));
      return { subject, entries, complete: false, optional: true, opens: () => false };
    }));
  }

  /** The licences that it comes from, the nearest first. */
  private async parentsOf({ parentId }: Licence): Promise<Licence[]> {
    const parents: Licence[] = [];
    for (let id = parentId; id !== null;) {
      const parent = await this.findLicence.byId(this.dataSource, id);
      if (parent === null) break;
      parents.push(parent);
      id = parent.parentId;
    }
    return parents;
  }

  /** The deposit, the assignments that made the slices that it was granted from, the consents of co-owners (Art. 14), and its own mark in the work's chain. */
  private async titleOf({ licenceId, number }: { licenceId: bigint; number: WorkNumber }, works: readonly ChainEntry[]): Promise<ChainEntry[]> {
    const [row]: { seqs: number[] | null; noted_seq: number | null; consents: number[] | null }[] = await this.dataSource.query(
      `WITH RECURSIVE granted AS (SELECT * FROM licence WHERE licence_id = $1), line AS (
         SELECT h.holding_id, h.cut_from, h.made_seq FROM holding h, granted g
          WHERE h.work_id = g.work_id AND h.made_at <= g.granted_at AND (h.replaced_at IS NULL OR h.replaced_at > g.granted_at)
            AND h.rights && g.rights AND h.territories && g.territories AND h.uses && g.uses AND h.languages && g.languages AND h.term && g.term
         UNION SELECT h.holding_id, h.cut_from, h.made_seq FROM line JOIN holding h ON h.holding_id = line.cut_from)
       SELECT (SELECT array_agg(DISTINCT made_seq) FROM line) AS seqs, (SELECT noted_seq FROM granted WHERE parent_id IS NULL) AS noted_seq,
              (SELECT array_agg(c.seq) FROM consent c, granted g
                WHERE g.exclusivity <> 'non-exclusive' AND c.work_id = g.work_id AND c.to_account = g.grantor_id AND c.act = 'licence' AND c.given_at <= g.granted_at AND c.expires_at > g.granted_at
                  AND (c.withdrawn_at IS NULL OR c.withdrawn_at > g.granted_at) AND (c.party_id IS NULL OR c.party_id = g.licensee_id)
                  AND c.rights && g.rights AND c.territories && g.territories AND c.uses && g.uses AND c.languages && g.languages AND c.term && g.term) AS consents`, [licenceId.toString()]);
    const wanted = new Set([0, ...(row?.seqs ?? []), ...(row?.consents ?? []), row?.noted_seq ?? 0]);
    // What ended it there belongs to it as well.
    return works.filter((entry) => wanted.has(entry.seq) || (entry.type === 'work.licence-ended' && (statementOf(entry).about ?? []).includes(number)));
  }
}
