import type { Bilingual } from './document.js';
import { inline } from './free-text.js';

export interface Acceptance {
  readonly role: 'grantor' | 'licensee' | 'co-owner';
  /** `acct:…`. */
  readonly account: string;
  /** ISO 8601 UTC; null for one who has not accepted yet. */
  readonly acceptedAt: string | null;
  /** Of the statement that accepts, lower-case hex; null while there is none. */
  readonly leafHash: string | null;
  /** Whether the actor signed that statement, or the contract later, with a key of their own. */
  readonly signed: boolean;
}

/** Rows under column heads, as a document shows them. */
export interface Table {
  readonly heading: Bilingual;
  readonly columns: readonly Bilingual[];
  readonly rows: readonly (readonly string[])[];
}

const ROLES: Record<Acceptance['role'], string> = { grantor: '许可人/转让人 Grantor', licensee: '被许可人/受让人 Licensee', 'co-owner': '共有人 Co-owner' };

/** Who accepted the text, when, and by which statement. */
export function acceptanceTable(acceptances: readonly Acceptance[]): Table {
  return {
    heading: { zh: '接受', en: 'Acceptances' },
    columns: [{ zh: '身份', en: 'Role' }, { zh: '账户', en: 'Account' }, { zh: '时间', en: 'Time (UTC)' }, { zh: '声明的叶哈希', en: 'Leaf hash of the statement' }, { zh: '签名', en: 'Signed' }],
    rows: acceptances.map(({ role, account, acceptedAt, leafHash, signed }) => [
      ROLES[role], inline(account), acceptedAt === null ? '未接受 none yet' : inline(acceptedAt), leafHash === null ? '—' : inline(leafHash), leafHash === null ? '—' : signed ? '是 yes' : '否 no',
    ]),
  };
}

/** What stands at the foot of every page. */
export const CONTRACT_FOOTER: Bilingual = {
  zh: '本文件只是对声明内容的呈现。其存在及时间由公开日志及其链上锚定证明，可凭证明包离线核验；记录不证明授权人确为权利人。',
  en: 'This file shows what the statements say. The public log and its anchors prove that they existed, and since when; a proof bundle shows it offline. The record does not prove that the grantor owns the rights.',
};
