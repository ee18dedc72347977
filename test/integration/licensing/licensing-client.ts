import { parseVerdict, type RightsVerdict, verifyVerdict } from '../../../src/lib/verdict/index.js';
import { type Answer, type Client, joinAs } from '../../support/http-client.js';
import { startApplication, type TestApplication } from '../../support/start-application.js';
import { declaredContent, minimalForm } from '../../support/work-forms.js';
import { query } from '../works/support.js';

/** What most licences of these tests cover, and the moment and place that most questions are about. */
export const SCOPE = { rights: ['network-dissemination'], territories: ['CN'], uses: ['streaming'], languages: ['*'], term: { from: '2025-01-01', to: '2039-12-31' } };
/** All that a literary work has. */
export const WHOLE = {
  rights: ['reproduction', 'distribution', 'performance', 'broadcasting', 'network-dissemination', 'filming', 'adaptation', 'translation', 'compilation', 'other-economic'],
  territories: ['WORLD'], uses: ['*'], languages: ['*'], term: { from: '2020-01-01', to: null },
};
const POINT = { right: 'network-dissemination', territory: 'CN', use: 'streaming' };
const FORM = { ...minimalForm, category: 'literary', creation: { ...minimalForm.creation, completedOn: '2020-01-01' } };

export type Question = Readonly<Record<string, string>>;
/** The answer and the rules of its reasons; or status and code of a refusal. */
export type Said = readonly (string | number | unknown)[];

/** A service and what one does with rights in it, over HTTP. */
export class Licensing {
  private constructor(readonly service: TestApplication, readonly logKey: string) {}

  static async start(options: Parameters<typeof startApplication>[0] = {}): Promise<Licensing> {
    const service = await startApplication(options);
    return new Licensing(service, (await (await fetch(`${service.url}/log/vkey`)).text()).trim());
  }

  stop(): Promise<void> {
    return this.service.stop();
  }

  join(...names: string[]): Promise<Client[]> {
    return Promise.all(names.map((name) => joinAs(this.service, name)));
  }

  async deposit(owner: Client, change: Record<string, unknown> = {}): Promise<string> {
    return String(made(await owner.post('/works', { ...FORM, contents: [declaredContent()], ...change }))['number']);
  }

  /** A work of several, by equal shares but for rounding. */
  shared(owner: Client, ...others: Client[]): Promise<string> {
    const all = [owner, ...others];
    const share = Math.floor(10_000 / all.length);
    return this.deposit(owner, { ownership: 'joint', owners: all.map((one, i) => ({ name: `owner ${i}`, kind: 'person', account: one.accountId, shareBps: i === 0 ? 10_000 - share * (all.length - 1) : share })) });
  }

  offer(owner: Client, work: string, licensee: Client | string | undefined, change: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return owner.post(`/works/${work}/licences`, { licensee: typeof licensee === 'object' ? licensee.accountId : licensee, exclusivity: 'non-exclusive', scope: SCOPE, ...change }, headers);
  }

  /** Offered and accepted. @returns its number. */
  async license(owner: Client, work: string, licensee: Client, change: Record<string, unknown> = {}): Promise<string> {
    return this.accept(licensee, await this.offer(owner, work, licensee, change));
  }

  async sublicense(from: Client, parent: string, licensee: Client, change: Record<string, unknown> = {}): Promise<string> {
    return this.accept(licensee, await from.post(`/licences/${parent}/sublicences`, { licensee: licensee.accountId, exclusivity: 'non-exclusive', scope: SCOPE, ...change }));
  }

  async accept(licensee: Client, offered: Answer): Promise<string> {
    const number = String(made(offered)['number']);
    made(await licensee.post(`/licences/${number}/acceptance`, {}));
    return number;
  }

  async assign(from: Client, work: string, to: readonly Client[], scope: unknown = WHOLE): Promise<Answer> {
    return from.post(`/works/${work}/assignments`, { scope, to: to.map((one, i) => ({ account: one.accountId, shareBps: i === 0 ? 10_000 - 2_500 * (to.length - 1) : 2_500 })) });
  }

  /** By both parties. */
  async end(one: Client, other: Client, licence: string, body: Record<string, unknown> = {}): Promise<void> {
    made(await one.post(`/licences/${licence}/termination`, { ground: 'mutual', ...body }));
    if (made(await other.post(`/licences/${licence}/termination`, { ground: 'mutual', ...body }))['ended'] !== true) throw new Error(`${licence} has not ended`);
  }

  /** A verdict, which verifies whatever it says: every reason with its statement, and its proof or receipt. */
  async verdict(who: Client, work: string, question: Question = {}): Promise<RightsVerdict> {
    const { status, body } = await who.get(path(work, question));
    if (status !== 200) throw new Error(JSON.stringify(body));
    const verdict = parseVerdict(JSON.stringify(body));
    const report = await verifyVerdict(verdict, { logKeys: [this.logKey] });
    const bare = verdict.reasons.some(({ inclusion, receipt }) => (inclusion === null) === (receipt === null));
    if (report.verdict !== 'verified' || report.answer !== verdict.verdict || bare) throw new Error(`${report.verdict}: ${JSON.stringify(report.checks.filter(({ result }) => result === 'fail'))} ${JSON.stringify(verdict)}`);
    return verdict;
  }

  async ask(who: Client, work: string, question: Question = {}): Promise<Said> {
    const answer = await who.get(path(work, question));
    if (answer.status !== 200) return refusal(answer);
    const { verdict, reasons } = await this.verdict(who, work, question);
    return [verdict, ...reasons.map(({ rule }) => rule)];
  }

  /** Kinds of the notices about a subject, the oldest first. */
  async notices(who: Client, subject: string): Promise<string[]> {
    const items = made(await who.get('/notices?limit=100'))['items'] as { kind: string; subject: string }[];
    return items.filter((one) => one.subject === subject).map(({ kind }) => kind).toReversed();
  }

  /** Types of the statements of a chain. */
  async chain(who: Client, number: string): Promise<string[]> {
    const items = made(await who.get(`/${number.startsWith('LC-') ? 'licences' : 'works'}/${number}/history`))['items'] as { type: string }[];
    return items.map(({ type }) => type);
  }

  /** As superuser. */
  query<T extends object>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return query<T>(this.service, sql, parameters);
  }

  /** As superuser, past the triggers that keep what was recorded: for the passing of days. */
  async pretend(sql: string): Promise<void> {
    await this.query(`DO $do$ BEGIN SET LOCAL session_replication_role = replica; ${sql}; END $do$`);
  }
}

function path(work: string, question: Question): string {
  return `/rights/check?${new URLSearchParams({ work, ...POINT, ...question }).toString()}`;
}

export function refusal({ status, body }: Answer): [number, unknown] {
  return [status, body['code']];
}

/** The body of what was done. */
export function made({ status, body }: Answer): Record<string, unknown> {
  if (status !== 200 && status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** A moment between two acts: what is recorded before it has an earlier millisecond, what comes after a later one. */
export async function moment(): Promise<string> {
  await pause(5);
  const now = new Date().toISOString();
  await pause(5);
  return now;
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
