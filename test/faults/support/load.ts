import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { parseDisclosure } from '../../../src/lib/statement/index.js';
import type { Answer } from '../../support/http-client.js';
import { type Act, after, attempt, follow, numberOf, onFrom, PATIENCE_MS, repeat } from './acts.js';
import { bargains, BARGAINS_LICENCES, BARGAINS_STATEMENTS } from './bargains.js';
import type { Depositor } from './fault-rig.js';
import { sales, SALES_LICENCES, SALES_STATEMENTS } from './market.js';
import { declaredContent, minimalForm } from '../../support/work-forms.js';

const SCOPE = { rights: ['exhibition'], territories: ['CN'], uses: ['exhibition'], languages: ['*'], term: { from: '2027-01-01', to: '2028-12-31' } };
const PRINT = { ...SCOPE, rights: ['reproduction'], uses: ['print'] };
const OFFER = { preset: 'personal', options: { from: '2027-01-01' } };
/** Acts about rights, each of which leaves one statement, or two. */
const RIGHTS_STATEMENTS = 13;
const LICENCES = 2;
const MOVEMENTS = 1;

/** What a depositor's program does: several deposits at once, with and without files, then an amendment, a withdrawal, erasures; and what becomes of the rights, with a partner; money that comes and goes; and sales to the partner, by price and by bargaining. */
export class Round {
  private readonly first: readonly Act[];
  private readonly second: readonly Act[];
  private readonly further: readonly (readonly Act[])[];
  /** Bytes of held files by the act's place. */
  readonly files = new Map<number, Buffer[]>();
  /** Acts whose connection was cut when it was made: neither refused nor answered. */
  readonly cut: string[] = [];

  constructor(declared = 5, uploads = 2) {
    const deposits = Array.from({ length: declared }, (_, i) => declare({ isConfidential: i === declared - 1, isShared: i === 0 }));
    const held = Array.from({ length: uploads }, (_, i) => {
      // The second upload has one file twice, and one that spans several writes.
      const bytes = i % 2 === 0 ? [randomBytes(70_000)] : [Buffer.alloc(3_000, i), Buffer.alloc(3_000, i), randomBytes(2_500_000)];
      this.files.set(declared + i, bytes);
      return upload(bytes);
    });
    this.first = [...deposits, ...held];
    this.second = [
      follow('amendment', this.first[0], (client, number, key) => client.post(`/works/${number}/amendments`, { title: '珠江夜航(修订)', creation: { nature: 'original', completedOn: '2026-04-30' }, reason: '日期有误' }, key)),
      follow('withdrawal', this.first[1], (client, number, key) => client.post(`/works/${number}/withdrawal`, { reason: 'mistake' }, key)),
      erase(this.first[2], '/owners/0/name'),
      erase(this.first[3], '/title'),
      follow('grant', this.first[3], (client, number, key) => client.post(`/works/${number}/licences`, { licensee: client.partner.accountId, exclusivity: 'exclusive', scope: SCOPE }, key)),
    ];
    const strands = [this.rights(this.first[0], this.first[3], this.second[4]), sales(this.first[2]), bargains(this.first[2], uploads > 0)];
    this.further = Array.from({ length: Math.max(...strands.map((strand) => strand.length)) }, (_, i) => strands.flatMap((strand) => strand[i] ?? []));
  }

  /** @param shared with the partner. @param own of the depositor alone. @param granted from it to the partner. */
  private rights(shared: Act | undefined, own: Act | undefined, granted: Act | undefined): Act[][] {
    const consent = follow('act', shared, (client, number, key) => client.partner.post(`/works/${number}/consents`, { to: client.accountId, act: 'assignment', scope: PRINT }, key));
    const offer = follow('act', own, (client, number, key) => client.post(`/works/${number}/licence-terms`, OFFER, key));
    const second = follow('grant', own, (client, number, key) => client.post(`/works/${number}/licences`, { licensee: client.partner.accountId, exclusivity: 'non-exclusive', scope: PRINT }, key));
    const onLicence = (act: Act | undefined, send: (client: Depositor, number: string, key: Record<string, string>) => Promise<Answer>): Act =>
      onFrom('act', act, (client, { number }, key) => send(client, String(number), key));
    const accepted = onLicence(granted, (client, number, key) => client.partner.post(`/licences/${number}/acceptance`, {}, key));
    const assigned = after(this.second[0], after(consent, follow('act', shared, (client, number, key) => client.post(`/works/${number}/assignments`, { scope: PRINT, to: [{ account: client.partner.accountId, shareBps: 10_000 }] }, key))));
    const breach = after(accepted, onLicence(granted, (client, number, key) => client.post(`/licences/${number}/breach`, { reason: '未署名' }, key)));
    const payout: Act = { kind: 'act', key: randomUUID(), acknowledged: null, send: (client, key) => client.post('/payouts', { amountMinor: '100', currency: 'CNY', destination: '6217 0000' }, key) };
    return [
      [consent, offer, second, accepted, payout, { ...payout, key: randomUUID(), send: (client, key) => client.post('/top-ups', { amountMinor: '100', currency: 'CNY' }, key) }],
      [
        assigned, breach, onFrom('act', payout, (client, { id }, key) => client.post(`/payouts/${String(id)}/cancellation`, {}, key)),
        onFrom('act', offer, (client, { number }, key) => client.post(`/licence-terms/${String(number)}/withdrawal`, {}, key)),
        { kind: 'reading', key: randomUUID(), acknowledged: null, send: (client) => client.partner.post('/notices/read', { upTo: '9000000000000000000' }) },
      ],
      [
        after(assigned, onFrom('act', consent, (client, { subject, seq }, key) => client.partner.post(`/works/${String(subject)}/consents/${String(seq)}/withdrawal`, {}, key))),
        after(breach, onLicence(granted, (client, number, key) => client.post(`/licences/${number}/breach/cure`, {}, key))),
        onLicence(second, (client, number, key) => client.partner.post(`/licences/${number}/termination`, { ground: 'declined' }, key)),
        after(granted, after(second, follow('act', own, (client, number, key) => client.post(`/works/${number}/term`, { lastAuthorDiedOn: '2026-06-01' }, key)))),
      ],
    ];
  }

  private get stages(): readonly (readonly Act[])[] {
    return [this.first, this.second, ...this.further];
  }

  get deposits(): number {
    return this.first.length;
  }

  /** How many statements it leaves in the log when all of it is done. */
  get statements(): number {
    // The amendment and the withdrawal.
    return this.deposits + 2 + RIGHTS_STATEMENTS + SALES_STATEMENTS + BARGAINS_STATEMENTS;
  }

  get licences(): number {
    return LICENCES + SALES_LICENCES + BARGAINS_LICENCES;
  }

  /** Top-ups that were asked for, and payouts, each of which was cancelled. */
  get movements(): number {
    return MOVEMENTS;
  }

  get acts(): number {
    return this.stages.flat().length;
  }

  get acknowledged(): number {
    return this.stages.flat().filter((act) => act.acknowledged !== null).length;
  }

  /** The works, by place, of those deposits that are acknowledged. */
  get numbers(): (string | null)[] {
    return this.first.map(numberOf);
  }

  /** Does it once; what the service does not answer any more stays open. @throws Error on a refusal. */
  async play(client: Depositor): Promise<void> {
    for (const stage of this.stages) await Promise.all(stage.map((act) => attempt(act, client, this.cut)));
  }

  /** Asks for all of it again, as a client does after a failure, until it is done. What was acknowledged must be answered as it was before. */
  async settle(client: Depositor): Promise<void> {
    for (const stage of this.stages) {
      await Promise.all(stage.map(async (act) => {
        for (const since = Date.now(); !(await repeat(act, client));) {
          if (Date.now() - since > PATIENCE_MS) throw new Error(`a ${act.kind} is not done in ${PATIENCE_MS} ms`);
          await new Promise((done) => setTimeout(done, 100));
        }
      }));
    }
  }
}

function declare({ isConfidential, isShared }: { isConfidential: boolean; isShared: boolean }): Act {
  const form = { ...minimalForm, visibility: isConfidential ? 'confidential' : 'public', contents: [declaredContent()] };
  const [owner] = minimalForm.owners;
  const owners = ({ accountId, partner }: Depositor) => (isShared ? [{ ...owner, shareBps: 5_000, account: accountId }, { ...owner, shareBps: 5_000, account: partner.accountId }] : [owner]);
  return { kind: 'deposit', key: randomUUID(), acknowledged: null, send: (client, key) => client.post('/works', { ...form, owners: owners(client) }, key) };
}

function upload(files: readonly Buffer[]): Act {
  return {
    kind: 'deposit', key: randomUUID(), acknowledged: null,
    send: (client, key) => {
      const form = new FormData();
      form.set('work', JSON.stringify(minimalForm));
      files.forEach((bytes, i) => form.append('files', new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), `夜 ${i}.jpg`));
      return client.post('/works', form, key);
    },
  };
}

function erase(deposit: Act | undefined, pointer: string): Act {
  const act = follow('erasure', deposit, (client, number) => client.delete(`/works/${number}/disclosures?pointer=${pointer}`));
  return {
    ...act,
    isUndone: async (client) => {
      const { status, body } = await client.get(`/works/${deposit ? numberOf(deposit) : null}/history`);
      if (status !== 200) return null;
      return (body['items'] as { disclosures: string[] }[]).some(({ disclosures }) => disclosures.some((disclosure) => parseDisclosure(disclosure).pointer === pointer));
    },
  };
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
