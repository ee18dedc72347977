import { Injectable } from '@nestjs/common';
import { LogReader } from '../log/index.js';
import { ComposeBundle, isPublicPointer, statementOf } from '../works/index.js';
import { parseDisclosure } from '../../lib/statement/index.js';
import { FindLicence } from './find-licence.js';

/** The proof bundle of a licence: its own chain, and the work's deposit on which it rests; never another licensee's. */
@Injectable()
export class ProveLicence {
  constructor(private readonly findLicence: FindLicence, private readonly reader: LogReader, private readonly compose: ComposeBundle) {}

  /**
   * @param disclose whether the parties are opened; theirs to ask.
   * @throws DomainError `LICENSING.NOT_FOUND`, `LOG.NOT_YET_LOGGED` (Retry-After).
   */
  async execute(typed: string, { accountId, at, disclose }: { accountId: string | null; at: 'anchored' | 'newest'; disclose: boolean }): Promise<Record<string, unknown>> {
    const licence = await this.findLicence.execute(typed, accountId);
    const [own, works] = await Promise.all([this.reader.chain(licence.number), this.reader.chain(licence.work)]);
    const deposit = works.slice(0, 1);
    const isPublic = deposit[0] !== undefined && statementOf(deposit[0]).body['visibility'] === 'public';
    return this.compose.execute(licence.number, [
      { subject: licence.number, entries: own, complete: true, opens: () => disclose && licence.isParty },
      { subject: licence.work, entries: deposit, complete: false, opens: (disclosure) => isPublic && isPublicPointer(parseDisclosure(disclosure).pointer) },
    ], at);
  }
}
