import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { bytesToHex } from '../../../lib/bytes/index.js';
import { type Acceptance, contractDigest, type ContractDocument, contractText, printContract } from '../../../lib/contract/index.js';
import { DrawPdf } from '../../../platform/pdf/index.js';
import { LogReader } from '../../log/index.js';
import { statementOf } from '../../works/index.js';
import { contractErased, notParty } from '../licensing.errors.js';
import { toBoxParameters } from '../box-columns.js';
import { composeLicenceContract } from './compose-licence-contract.js';
import { FindLicence, type FoundLicence } from './find-licence.js';

/** The written form of a licence (Copyright Law Art. 26): its text, whose digest the licensee accepts, and the same as PDF with who accepted it when. For its parties. */
@Injectable()
export class ReadContract {
  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly findLicence: FindLicence, private readonly reader: LogReader, private readonly drawPdf: DrawPdf) {}

  /** @throws DomainError `LICENSING.NOT_FOUND`, `LICENSING.NOT_PARTY`, `LICENSING.CONTRACT_ERASED`. */
  async text(typed: string, accountId: string): Promise<{ text: string; sha256: string }> {
    const text = contractText((await this.compose(typed, accountId)).document);
    return { text, sha256: contractDigest(text) };
  }

  /** @throws DomainError as {@link text}; `HTTP.UNAVAILABLE` (Retry-After) while too many are drawn. */
  async pdf(typed: string, accountId: string): Promise<{ number: string; file: Buffer }> {
    const { document, licence, acceptances, recordedAt } = await this.compose(typed, accountId);
    return { number: licence.number, file: await this.drawPdf.execute(printContract(document, acceptances, recordedAt)) };
  }

  private async compose(typed: string, accountId: string): Promise<{ document: ContractDocument; licence: FoundLicence; acceptances: Acceptance[]; recordedAt: string }> {
    const licence = await this.findLicence.execute(typed, accountId);
    if (!licence.isParty) throw notParty();
    const entries = await this.reader.chain(licence.number);
    const [granted] = entries;
    const document = granted === undefined ? null : composeLicenceContract(granted, await this.consentsTo(licence));
    if (granted === undefined || document === null) throw contractErased();
    const accepted = entries.find(({ type }) => type === 'licence.accepted');
    const signers = new Set(entries.filter(({ type }) => type === 'licence.signed').map((entry) => statementOf(entry).actor));
    const isSigned = (entry: typeof granted | undefined, account: string): boolean => signers.has(account) || (entry !== undefined && (statementOf(entry).signatures?.length ?? 0) > 0);
    const acceptances: Acceptance[] = [{ role: 'grantor', account: `acct:${licence.grantorId ?? ''}`, acceptedAt: granted.acceptedAt.toISOString(), leafHash: bytesToHex(granted.leafHash), signed: isSigned(granted, `acct:${licence.grantorId ?? ''}`) }];
    if (licence.licenseeId !== null) {
      acceptances.push({
        role: 'licensee', account: `acct:${licence.licenseeId}`, acceptedAt: licence.acceptedAt?.toISOString() ?? null,
        leafHash: accepted === undefined ? null : bytesToHex(accepted.leafHash), signed: isSigned(accepted, `acct:${licence.licenseeId}`),
      });
    }
    return { document, licence, acceptances, recordedAt: (accepted ?? granted).acceptedAt.toISOString() };
  }

  /** Of co-owners, that stood when it was granted (Art. 14). */
  private async consentsTo({ workId, work, grantorId, licenseeId, exclusivity, grantedAt, box, parentId }: FoundLicence): Promise<{ account: string; statementId: string }[]> {
    if (exclusivity === 'non-exclusive' || parentId !== null) return [];
    const rows: { account_id: string; seq: number }[] = await this.dataSource.query(
      `SELECT account_id, seq FROM consent WHERE work_id = $1 AND to_account = $2 AND act = 'licence' AND (party_id IS NULL OR party_id = $3) AND given_at <= $4 AND expires_at > $4 AND (withdrawn_at IS NULL OR withdrawn_at > $4)
          AND rights && $5 AND territories && $6 AND uses && $7 AND languages && $8 AND term && $9 ORDER BY seq`, [workId, grantorId, licenseeId, grantedAt, ...toBoxParameters(box)]);
    const statements = await this.reader.statements(rows.map(({ seq }) => ({ subject: work, seq })));
    return rows.flatMap(({ account_id: id }, i) => {
      const text = statements[i]?.text;
      return text === undefined ? [] : [{ account: `acct:${id}`, statementId: (JSON.parse(text) as { id: string }).id }];
    });
  }
}
