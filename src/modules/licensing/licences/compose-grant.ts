import { Injectable } from '@nestjs/common';
import { type Box, boxesOverlap, describeScope, type Exclusivity, type Scope, toScope } from '../../../lib/rights/index.js';
import { formatWorkNumber, type WorkNumber } from '../../../lib/statement/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { drawRandomBytes } from '../../../platform/random/index.js';
import { type Act, AppendStatement } from '../../log/index.js';
import type { Notice } from '../../notices/index.js';
import { Sealer } from '../../works/index.js';
import { type AppendedAnswer, toAnswer } from '../appended-answer.js';
import type { TitledWork } from '../title/read-title.js';
import type { Licence } from './find-licence.js';
import type { Grant } from './grant-schema.js';
import type { NewGrant } from './store-grants.js';

/** Where a grant comes from. */
export interface Source {
  readonly work: TitledWork;
  /** The licence that it is a sublicence of; null: an owner's grant. */
  readonly parent: Licence | null;
  readonly renews: Licence | null;
  /** The offer that is taken up, or the open terms that are granted: the statement says so. */
  readonly terms?: WorkNumber;
  /** Whether the licensee accepts in the same breath, as with an offer that was open to them. */
  readonly accepted: boolean;
}

/** A grant with all that was looked up for it. */
export interface PreparedGrant {
  readonly source: Source;
  readonly accountId: string;
  readonly grant: Grant;
  readonly box: Box;
  readonly licenseeId: string | null;
  readonly subjectTo: readonly bigint[];
  /** Of the parties' accounts. */
  readonly names: ReadonlyMap<string, string>;
}

/** Who asks, by which idempotency key. */
export interface Asked {
  readonly callerId: string;
  readonly key: string;
  readonly payloadHash: Uint8Array;
}

export interface GrantedLicence extends AppendedAnswer {
  readonly number: WorkNumber;
  readonly work: WorkNumber;
  readonly exclusivity: Exclusivity;
  readonly scope: Scope;
  readonly sentence: { readonly zh: string; readonly en: string };
  readonly links: { readonly self: string; readonly proof: string; readonly contract: string };
}

export interface ComposedGrant {
  readonly grant: NewGrant;
  readonly answer: GrantedLicence;
}

/** Puts together what a grant says and writes. */
@Injectable()
export class ComposeGrant {
  constructor(private readonly append: AppendStatement) {}

  /** @param tx of a grant that bars others, whose mark goes into the chain that it is granted from; that one's head is locked. Null for all others. */
  async execute(tx: Tx | null, { source: { work, parent, renews, terms, accepted }, accountId, grant, box, licenseeId, subjectTo, names }: PreparedGrant, asked: Asked | null): Promise<ComposedGrant> {
    const licenceId = drawRandomBytes(8).readBigUInt64BE() >> 4n;
    const number = formatWorkNumber(licenceId, 'LC');
    const scope = toScope(box);
    const body = { ...toBody(grant, scope, { parent, renews, terms, subjectTo }), ...(accepted && licenseeId !== null ? { accepted: true } : {}) };
    const sealer = sealAgreement(grant, work, accountId, names);
    // Who grants from a licence is that one's licensee, and sealed there.
    const actor = parent === null ? `acct:${accountId}` : `licensee:${parent.number}`;
    const now = new Date();
    // Heads of subjects first, then holdings and licences (DESIGN invariant 10).
    const noted = tx === null || grant.exclusivity === 'non-exclusive' ? null : await this.append.compose(tx, noteOf(number, work, parent, actor, body), [], now);
    const granted = await this.append.compose(null, { type: grant.declared === undefined ? 'licence.granted' : 'licence.declared', subject: number, about: terms === undefined ? [work.number] : [work.number, terms], actor, body, sealed: sealer.sealed }, sealer.disclosures, now);
    const self = `/api/v1/licences/${number}`;
    const answer = {
      ...toAnswer(granted), number, work: work.number, exclusivity: grant.exclusivity, scope,
      sentence: { zh: describeScope(box, grant.exclusivity, 'zh'), en: describeScope(box, grant.exclusivity, 'en') },
      links: { self, proof: `${self}/proof`, contract: `${self}/contract` },
    };
    return {
      answer,
      grant: {
        licence: {
          licenceId, workId: work.work.workId, parentId: parent?.licenceId ?? null, exclusivity: grant.exclusivity, box, grantorId: accountId, licenseeId, toAnyone: grant.licensee === 'anyone',
          sublicensing: grant.sublicensing, declared: grant.declared !== undefined, conditions: grant.conditions, subjectTo, revenueShareBps: grant.revenueShareBps, renewsId: renews?.licenceId ?? null, notedSeq: noted?.seq ?? null, grantedAt: now,
          // Nobody is asked who is anyone, or has no account here.
          acceptedAt: accepted || licenseeId === null || grant.declared !== undefined ? now : null,
        },
        statements: noted === null ? [granted] : [granted, noted],
        notices: noticesOf(number, accountId, licenseeId, grant, box, parent === null ? work : null, accepted),
        idempotency: asked === null ? null : { ...asked, response: answer },
      },
    };
  }
}

function toBody(grant: Grant, scope: Scope, { parent, renews, terms, subjectTo }: Pick<Source, 'parent' | 'renews'> & { terms: WorkNumber | undefined; subjectTo: readonly bigint[] }): Act['body'] {
  return {
    exclusivity: grant.exclusivity, scope, sublicensing: grant.sublicensing,
    ...(grant.licensee === 'anyone' ? { toAnyone: true } : {}),
    ...(grant.conditions.length === 0 ? {} : { conditions: [...grant.conditions] }),
    ...(parent === null ? {} : { parent: parent.number }),
    ...(renews === null ? {} : { renews: renews.number }),
    ...(terms === undefined ? {} : { terms }),
    ...(subjectTo.length === 0 ? {} : { subjectTo: subjectTo.map((id) => formatWorkNumber(id, 'LC')) }),
    ...(grant.declared === undefined ? {} : { declared: { kind: grant.declared.kind, paperSha256: grant.declared.paperSha256, signedOn: grant.declared.signedOn } }),
  };
}

/** The parties and what they agreed besides the scope, as the written contract has it. */
function sealAgreement({ licensee, declared, price, payment, attribution, revenueShareBps, curePeriodDays, governingLaw }: Grant, { work }: TitledWork, accountId: string, names: ReadonlyMap<string, string>): Sealer {
  const sealer = new Sealer();
  if (licensee !== 'anyone') sealer.seal('/licensee', licensee === undefined ? undefined : `acct:${licensee}`);
  // Together: what one of them is, only the parties need to know, and who opens one opens all.
  sealer.seal('/agreement', JSON.parse(JSON.stringify({
    title: work.title ?? undefined, category: work.category, grantor: `acct:${accountId}`, grantorName: names.get(accountId), licenseeName: declared?.licenseeName ?? names.get(licensee ?? ''),
    price, payment, attribution, revenueShareBps, curePeriodDays, governingLaw,
  })));
  return sealer;
}

/** What bars others stands in the chain that it is granted from as well; a non-exclusive grant adds nothing there, so that a best-seller is not one queue. */
function noteOf(number: WorkNumber, work: TitledWork, parent: Licence | null, actor: string, body: Act['body']): Act {
  return parent === null
    ? { type: 'work.licence-granted', subject: work.number, about: [number], actor, body, sealed: [] }
    : { type: 'licence.sublicence-granted', subject: parent.number, about: [number, work.number], actor, body, sealed: [] };
}

/** The licensee is offered it, or took it up, of which its grantor learns; the co-owners of a non-exclusive grant learn of it, and may object (Art. 14). */
function noticesOf(number: WorkNumber, accountId: string, licenseeId: string | null, grant: Grant, box: Box, work: TitledWork | null, accepted: boolean): Notice[] {
  const owners = new Set((work?.slices ?? []).filter((slice) => boxesOverlap(slice.box, box)).flatMap(({ holders }) => holders.map((holder) => holder.accountId)));
  owners.delete(accountId);
  return [
    ...(licenseeId === null || grant.declared !== undefined ? [] : [accepted ? ({ accountId, kind: 'licence-accepted', subject: number } as const) : ({ accountId: licenseeId, kind: 'licence-offered', subject: number } as const)]),
    ...[...owners].map((id) => ({ accountId: id, kind: 'licence-by-co-owner', subject: number }) as const),
  ];
}
