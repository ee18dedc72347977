import { hash } from 'node:crypto';
import type { WorkForm } from '../../lib/api-schema/index.js';
import type { JsonValue } from '../../lib/canonical-json/index.js';
import { createDisclosure, parseWorkNumber } from '../../lib/statement/index.js';
import { drawRandomBytes } from '../../platform/random/index.js';
import type { WorkContent } from './work-content.js';

type JsonObject = { [member: string]: JsonValue };

/** A body with nothing personal in it, and what opens the digests that stand for the rest. */
export interface SealedBody {
  readonly body: JsonObject;
  readonly sealed: readonly string[];
  readonly disclosures: readonly string[];
}

const SALT_BYTES = 16;

/** Collects what is sealed while a body is put together. */
export class Sealer {
  readonly sealed: string[] = [];
  readonly disclosures: string[] = [];

  /** Seals `value` at `pointer` when there is one. */
  seal(pointer: string, value: unknown): void {
    if (value === undefined) return;
    this.take(createDisclosure(pointer, value as JsonValue, drawRandomBytes(SALT_BYTES)));
  }

  /** Seals what somebody has made themself. */
  take(disclosure: string): void {
    this.disclosures.push(disclosure);
    // What computeDisclosureDigest computes, in native code.
    this.sealed.push(hash('sha256', disclosure, 'base64url'));
  }
}

/** Without undefined members: canonical JSON knows none. */
function present(object: Record<string, unknown>): JsonObject {
  const result: JsonObject = {};
  for (const [name, value] of Object.entries(object)) if (value !== undefined) result[name] = value as JsonValue;
  return result;
}

type Amendable = Partial<Pick<WorkForm, 'title' | 'category' | 'composition' | 'creation' | 'publication' | 'authors' | 'workStatement' | 'registration' | 'aiGenerated' | 'aigc'>>;

/** The members that a deposit and an amendment have in common; names, title and free texts are sealed. */
export function sealAmendable(form: Amendable, sealer: Sealer): JsonObject {
  sealer.seal('/title', form.title);
  sealer.seal('/workStatement', form.workStatement);
  sealer.seal('/registration', form.registration);
  sealer.seal('/aigc', form.aigc);
  form.authors?.forEach((author, i) => {
    sealer.seal(`/authors/${i}/name`, author.name);
    sealer.seal(`/authors/${i}/creditedAs`, toCredit(author));
  });
  return present({
    category: form.category,
    composition: form.composition,
    creation: form.creation && sealOriginals(form.creation, sealer),
    publication: form.publication && present(form.publication),
    authors: form.authors?.map((author) => ({ signedAs: author.signedAs })),
    aiGenerated: form.aiGenerated,
  });
}

/** Who signs with the real name is credited by it; who is anonymous is not credited at all. */
export function toCredit(author: WorkForm['authors'][number]): string | undefined {
  return author.signedAs === 'anonymous' ? undefined : (author.creditedAs ?? author.name);
}

/** The titles of originals are sealed like every title; their numbers are not. */
function sealOriginals({ derivedFrom, ...creation }: WorkForm['creation'], sealer: Sealer): JsonObject {
  return present({
    ...creation,
    derivedFrom: derivedFrom?.map((original, i) => {
      if ('work' in original) return { work: parseWorkNumber(original.work)?.number ?? original.work };
      sealer.seal(`/creation/derivedFrom/${i}/title`, original.title);
      return { status: original.status };
    }),
  });
}

/** Members that a confidential deposit seals whole: the log shows only that something was deposited. */
const CONFIDENTIAL = ['authors', 'contents', 'creation', 'publication'] as const;

/** The body of `work.deposited`. */
export function composeDeposit(form: WorkForm, contents: readonly WorkContent[]): SealedBody {
  const sealer = new Sealer();
  const amendable = sealAmendable(form, sealer);
  form.owners.forEach((owner, i) => {
    sealer.seal(`/owners/${i}/name`, owner.name);
    sealer.seal(`/owners/${i}/identity`, owner.identity);
    sealer.seal(`/owners/${i}/contact`, owner.contact);
    sealer.seal(`/owners/${i}/address`, owner.address);
  });
  sealer.seal('/applicant', form.applicant);
  contents.forEach((content, i) => sealer.seal(`/contents/${i}/name`, content.name));
  const body: JsonObject = {
    ...amendable,
    ...present({
      // Who holds a right is said in the open, or nobody could check a licence; that is an account, not a person.
      owners: form.owners.map((owner) => present({ kind: owner.kind, shareBps: owner.shareBps, account: owner.account && `acct:${owner.account}` })),
      acquisition: form.acquisition,
      ownership: form.ownership,
      rights: form.rights,
      noRightsBasis: form.noRightsBasis,
      visibility: form.visibility,
      claim: form.claim === 'rival' ? 'rival' : undefined,
      contents: contents.map((content) => present({
        mediaType: content.mediaType, byteLength: content.byteLength, sha256: content.sha256, sm3: content.sm3, deposit: content.deposit, role: content.role,
      })),
    }),
  };
  if (form.visibility === 'confidential') {
    for (const member of CONFIDENTIAL) {
      sealer.seal(`/${member}`, body[member]);
      delete body[member];
    }
  }
  return { body, sealed: sealer.sealed, disclosures: sealer.disclosures };
}

/**
 * Of a public work everyone may see the title, credited names and file names. Of a confidential one strangers see nothing, and who holds rights in it the same as of
 * a public one: there the members that it seals whole stand in the open.
 */
export function isPublicPointer(pointer: string): boolean {
  return CONFIDENTIAL.some((member) => pointer === `/${member}`) || pointer === '/title' || /^\/authors\/\d+\/creditedAs$/.test(pointer) || /^\/contents\/\d+\/name$/.test(pointer);
}
