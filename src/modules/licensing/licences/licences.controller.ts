import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { seqParameter } from '../../../lib/api-schema/index.js';
import { Caller, IdempotencyKey, type Page, PROOF_MEDIA_TYPE, Public, Scopes } from '../../../platform/http/index.js';
import { readerOf } from '../../works/index.js';
import type { AppendedAnswer } from '../appended-answer.js';
import { ExportOdrl } from '../terms/export-odrl.js';
import { wantsJsonLd, JSON_LD } from '../terms/json-ld.js';
import { AcceptLicence } from './accept-licence.js';
import { type Breach, breachAnswerSchema, breachSchema, ClaimBreach } from './claim-breach.js';
import type { GrantedLicence } from './compose-grant.js';
import { GrantLicence } from './grant-licence.js';
import { type Grant, grantSchema, type Renewal, renewalSchema } from './grant-schema.js';
import { type LicencesQuery, licencesQuery, ListLicences } from './list-licences.js';
import { objectionSchema, ObjectToLicence } from './object-to-licence.js';
import { disclosureSchema, PresentDisclosure } from './present-disclosure.js';
import { ProveLicence } from './prove-licence.js';
import { ReadContract } from './read-contract.js';
import { ReadLicence } from './read-licence.js';
import { RenewLicence } from './renew-licence.js';
import { type LicenceSignature, licenceSignatureSchema, SignLicence } from './sign-licence.js';
import { TerminateLicence, type Termination, terminationSchema } from './terminate-licence.js';

const proofQuery = z.object({
  at: z.enum(['anchored', 'newest']).default('anchored'),
  parties: z.enum(['sealed', 'open']).default('sealed').meta({ description: 'Whether the parties are opened; only they may' }),
});

@ApiTags('licensing')
@Controller()
export class LicencesController {
  constructor(
    private readonly grantLicence: GrantLicence, private readonly acceptLicence: AcceptLicence, private readonly terminateLicence: TerminateLicence, private readonly breach: ClaimBreach, private readonly objection: ObjectToLicence,
    private readonly renewLicence: RenewLicence, private readonly listLicences: ListLicences, private readonly readLicence: ReadLicence, private readonly proveLicence: ProveLicence, private readonly contract: ReadContract,
    private readonly odrl: ExportOdrl, private readonly presentDisclosure: PresentDisclosure, private readonly signLicence: SignLicence,
  ) {}

  /** Grants a licence from what the caller holds in the work, or declares one that was granted outside. The licensee accepts it by POST …/acceptance. */
  @Post('works/:number/licences')
  @Scopes('rights:write')
  grant(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: grantSchema }) grant: Grant): Promise<GrantedLicence> {
    return this.grantLicence.execute(number, caller.accountId, grant, key);
  }

  /** The caller's licences, the newest first. */
  @Get('licences')
  @Scopes('works:read')
  list(@Caller() caller: Caller, @Query({ schema: licencesQuery }) query: LicencesQuery): Promise<Page<Record<string, unknown>>> {
    return this.listLicences.execute(caller.accountId, query);
  }

  /** One licence; as an ODRL 2.2 Agreement with `Accept: application/ld+json`. */
  @Get('licences/:number')
  @Public()
  @ApiProduces('application/json', JSON_LD)
  async read(@Caller() caller: Caller | null, @Param('number') number: string, @Headers('accept') accept: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    reply.header('vary', 'accept');
    if (!wantsJsonLd(accept)) return this.readLicence.execute(number, readerOf(caller));
    reply.header('content-type', JSON_LD);
    return JSON.stringify(await this.odrl.licence(number, readerOf(caller)));
  }

  /** The statements of the licence's chain. */
  @Get('licences/:number/history')
  @Public()
  history(@Caller() caller: Caller | null, @Param('number') number: string): Promise<{ items: Record<string, unknown>[] }> {
    return this.readLicence.history(number, readerOf(caller));
  }

  /** The licence's proof bundle: verifies offline, without this service. */
  @Get('licences/:number/proof')
  @Public()
  @ApiProduces(PROOF_MEDIA_TYPE)
  async proof(@Caller() caller: Caller | null, @Param('number') number: string, @Query({ schema: proofQuery }) { at, parties }: z.output<typeof proofQuery>, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const bundle = await this.proveLicence.execute(number, { accountId: readerOf(caller), at, disclose: parties === 'open' });
    reply.header('content-type', PROOF_MEDIA_TYPE).header('content-disposition', `attachment; filename="${String(bundle['subject'])}.zbproof.json"`).header('cache-control', 'private, no-cache');
    return JSON.stringify(bundle);
  }

  /** The text of the contract, and its SHA-256, which the licensee accepts. */
  @Get('licences/:number/contract')
  @Scopes('works:read')
  contractText(@Caller() caller: Caller, @Param('number') number: string): Promise<{ text: string; sha256: string }> {
    return this.contract.text(number, caller.accountId);
  }

  /** The contract in Chinese and English, with who accepted it when. */
  @Get('licences/:number/contract.pdf')
  @Scopes('works:read')
  @ApiProduces('application/pdf')
  async contractPdf(@Caller() caller: Caller, @Param('number') number: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const { number: canonical, file } = await this.contract.pdf(number, caller.accountId);
    reply.header('content-type', 'application/pdf').header('content-disposition', `attachment; filename="${canonical}.pdf"`).header('cache-control', 'private, no-cache');
    return file;
  }

  /** Opens what the grant sealed, after the service has lost it: who is licensed, by the account that it names; then what was agreed, by a party. */
  @Post('licences/:number/disclosures')
  @Scopes('rights:write')
  @HttpCode(200)
  async present(@Caller() caller: Caller, @Param('number') number: string, @Body({ schema: disclosureSchema }) { disclosure }: z.output<typeof disclosureSchema>): Promise<Record<string, unknown>> {
    await this.presentDisclosure.execute(number, caller.accountId, disclosure);
    return this.readLicence.execute(number, caller.accountId);
  }

  /** The licensee accepts. */
  @Post('licences/:number/acceptance')
  @Scopes('rights:write')
  accept(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string): Promise<AppendedAnswer> {
    return this.acceptLicence.execute(number, caller.accountId, key);
  }

  /** A party signs the contract with a key of their account (POST /account-keys), once. By this the public log names the account as a party: who does not want that leaves it at the acceptance. */
  @Post('licences/:number/signature')
  @Scopes('rights:write')
  sign(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: licenceSignatureSchema }) signature: LicenceSignature): Promise<AppendedAnswer> {
    return this.signLicence.execute(number, caller.accountId, signature, key);
  }

  /** Grants a sublicence from the caller's licence. */
  @Post('licences/:number/sublicences')
  @Scopes('rights:write')
  sublicense(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: grantSchema }) grant: Grant): Promise<GrantedLicence> {
    return this.grantLicence.sublicense(number, caller.accountId, grant, key);
  }

  /** Grants the next period of a licence. */
  @Post('licences/:number/renewals')
  @Scopes('rights:write')
  renew(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: renewalSchema }) renewal: Renewal): Promise<GrantedLicence> {
    return this.renewLicence.execute(number, caller.accountId, renewal, key);
  }

  /** Ends a licence: by both parties (the first proposes), for a breach that was not cured, or before it was accepted. */
  @Post('licences/:number/termination')
  @Scopes('rights:write')
  terminate(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: terminationSchema }) termination: Termination): Promise<AppendedAnswer & { ended: boolean }> {
    return this.terminateLicence.execute(number, caller.accountId, termination, key);
  }

  /** Notifies the other party of a breach, and gives them time to cure it. */
  @Post('licences/:number/breach')
  @Scopes('rights:write')
  notifyBreach(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: breachSchema }) breach: Breach): Promise<AppendedAnswer> {
    return this.breach.notify(number, caller.accountId, breach, key);
  }

  /** Takes the notice of a breach back: it is cured, or was none. */
  @Post('licences/:number/breach/cure')
  @Scopes('rights:write')
  cureBreach(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string): Promise<AppendedAnswer> {
    return this.breach.cured(number, caller.accountId, key);
  }

  /** Disputes a breach: then one party alone cannot end the licence. */
  @Post('licences/:number/breach/dispute')
  @Scopes('rights:write')
  disputeBreach(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: breachAnswerSchema }) { reason }: z.output<typeof breachAnswerSchema>): Promise<AppendedAnswer> {
    return this.breach.dispute(number, caller.accountId, reason, key);
  }

  /** Takes a dispute back, by the side that disputes: then the breach stands as it was notified. */
  @Post('licences/:number/breach/dispute/withdrawal')
  @Scopes('rights:write')
  withdrawDispute(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string): Promise<AppendedAnswer> {
    return this.breach.withdrawDispute(number, caller.accountId, key);
  }

  /** A co-owner objects to a non-exclusive licence of another one (Copyright Law Art. 14). */
  @Post('licences/:number/objections')
  @Scopes('rights:write')
  object(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Body({ schema: objectionSchema }) { reason }: z.output<typeof objectionSchema>): Promise<AppendedAnswer> {
    return this.objection.execute(number, caller.accountId, reason, key);
  }

  /** Takes an objection back. */
  @Post('licences/:number/objections/:seq/withdrawal')
  @Scopes('rights:write')
  @HttpCode(201)
  withdrawObjection(@Caller() caller: Caller, @IdempotencyKey() key: string | null, @Param('number') number: string, @Param('seq', { schema: seqParameter }) seq: number): Promise<AppendedAnswer> {
    return this.objection.withdraw(number, caller.accountId, seq, key);
  }
}
