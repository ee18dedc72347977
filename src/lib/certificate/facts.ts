import { bytesToHex } from '../bytes/index.js';
import { canonicalBytes } from '../canonical-json/index.js';
import { hashLeaf } from '../merkle/index.js';
import { parseCheckpoint, splitNote } from '../note/index.js';
import { parseTlogProof, type ProofBundle } from '../proof/index.js';
import { projectWork, type Statement } from '../statement/index.js';

/** What a certificate says of a work: nothing that its proof does not hold. */
export interface CertificateFacts {
  readonly number: string;
  /** `null`: sealed, and not opened for whoever asked. */
  readonly title: string | null;
  readonly category: string;
  readonly authors: readonly { readonly shown: string | null; readonly signedAs: string }[] | null;
  readonly owners: readonly { readonly name: string | null; readonly shareBps: number }[] | null;
  readonly creation: { readonly nature: string; readonly completedOn: string; readonly place: string | null } | null;
  readonly published: boolean | null;
  readonly claimsRights: boolean;
  readonly isRival: boolean;
  readonly aiGenerated: string;
  readonly contents: readonly { readonly name: string | null; readonly byteLength: number; readonly sha256: string; readonly sm3: string | null; readonly deposit: string }[] | null;
  readonly isWithdrawn: boolean;
  readonly isAmended: boolean;
  /** Of the deposit. */
  readonly statement: { readonly leafHash: string; readonly issuedAt: string; readonly actor: string };
  readonly log: { readonly origin: string; readonly leafIndex: number; readonly treeSize: number; readonly rootHash: string };
  readonly anchor: { readonly chainId: number; readonly contract: string; readonly transactionHash: string; readonly blockNumber: number; readonly blockTime: string } | null;
  /** Where anyone verifies it in a browser. */
  readonly verifyUrl: string;
}

interface Body {
  readonly title?: string;
  readonly category?: string;
  readonly authors?: readonly { readonly name?: string; readonly creditedAs?: string; readonly signedAs?: string }[];
  readonly owners?: readonly { readonly name?: string; readonly shareBps?: number }[];
  readonly creation?: { readonly nature?: string; readonly completedOn?: string; readonly place?: string };
  readonly publication?: { readonly state?: string };
  readonly rights?: unknown;
  readonly claim?: string;
  readonly aiGenerated?: string;
  readonly contents?: readonly { readonly name?: string; readonly byteLength?: number; readonly sha256?: string; readonly sm3?: string; readonly deposit?: string }[];
}

/** @param bundle of the service's own making: it is read, not verified. */
export function readCertificateFacts(bundle: ProofBundle, verifyUrl: string): CertificateFacts {
  const [chain] = bundle.chains;
  const [first] = chain?.entries ?? [];
  if (chain === undefined || first === undefined) throw new RangeError('a bundle without a statement');
  const entries = chain.entries.map(({ statement, disclosures }) => ({ statement: statement as unknown as Statement, disclosures }));
  const body = projectWork(entries) as Body;
  const deposit = (entries[0] as (typeof entries)[number]).statement;
  const proof = parseTlogProof(first.proof);
  const checkpoint = parseCheckpoint(splitNote(proof.checkpoint).text);
  const types = new Set(entries.map(({ statement }) => statement.type));
  const { anchor } = bundle;
  return {
    number: bundle.subject,
    title: body.title ?? null,
    category: body.category ?? 'other',
    authors: body.authors?.map(({ name, creditedAs, signedAs = 'anonymous' }) => ({ shown: creditedAs ?? name ?? null, signedAs })) ?? null,
    owners: body.owners?.map(({ name = null, shareBps = 0 }) => ({ name, shareBps })) ?? null,
    creation: body.creation === undefined ? null : { nature: body.creation.nature ?? 'other', completedOn: body.creation.completedOn ?? '', place: body.creation.place ?? null },
    published: body.publication === undefined ? null : body.publication.state === 'published',
    claimsRights: body.rights !== 'none',
    isRival: body.claim === 'rival',
    aiGenerated: body.aiGenerated ?? 'none',
    contents: body.contents?.map(({ name = null, byteLength = 0, sha256 = '', sm3 = null, deposit: kind = 'declared' }) => ({ name, byteLength, sha256, sm3, deposit: kind })) ?? null,
    isWithdrawn: types.has('work.withdrawn'),
    isAmended: types.has('work.amended'),
    statement: { leafHash: bytesToHex(hashLeaf(canonicalBytes(first.statement))), issuedAt: deposit.issuedAt, actor: deposit.actor },
    log: { origin: checkpoint.origin, leafIndex: proof.index, treeSize: checkpoint.treeSize, rootHash: bytesToHex(checkpoint.rootHash) },
    anchor: anchor === null ? null : { chainId: anchor.chainId, contract: anchor.contract, transactionHash: anchor.transactionHash, blockNumber: anchor.blockNumber, blockTime: anchor.blockTime },
    verifyUrl,
  };
}
