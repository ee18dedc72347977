/** A right, in one country, by one use, in one language, at one moment. */
export interface Atom {
  readonly right: string;
  readonly territory: string;
  readonly use: string;
  readonly language: string;
  readonly at: number;
}

interface Scope { readonly rights: string[]; readonly territories: string[]; readonly uses: string[]; readonly languages: string[]; readonly term: { readonly from: string; readonly until: string | null } }

export interface Said {
  readonly type: string;
  readonly subject: string;
  readonly actor: string;
  readonly about?: readonly string[];
  readonly body: Record<string, unknown>;
}

interface Grant { readonly number: string; readonly scope: Scope; readonly isBarring: boolean; readonly subjectTo: readonly string[]; void: boolean }
interface Work { readonly number: string; readonly assigned: { scope: Scope | null; holders: string[] }[]; readonly grants: Grant[] }

const star = (names: readonly string[], name: string): boolean => (names[0] === '*' || names[0] === 'WORLD' ? !names.includes(`-${name}`) : names.includes(name));

export function covers({ rights, territories, uses, languages, term }: Scope, { right, territory, use, language, at }: Atom): boolean {
  return star(rights, right) && star(territories, territory) && star(uses, use) && star(languages, language) && Date.parse(term.from) <= at && (term.until === null || at < Date.parse(term.until));
}

/**
 * Rights as the log tells them, and nothing but the log: statements in their order, looked at atom by atom, with none of the algebra, tables or constraints that the service decides by. Slow, and short enough to be believed.
 * @returns what is wrong: what was granted or assigned by who did not hold it, and atoms that two have of whom one bars the other.
 */
export function findWrongRights(statements: readonly Said[]): { wrong: string[]; atoms: number; grants: number } {
  const works = new Map<string, Work>();
  const wrong: string[] = [];
  const looked = { atoms: 0, grants: 0 };
  for (const { type, subject, actor, about, body } of statements) {
    if (type === 'work.deposited') {
      const owners = (body['owners'] as { account?: string }[]).map(({ account }) => account ?? actor);
      works.set(subject, { number: subject, assigned: [{ scope: null, holders: owners }], grants: [] });
    } else if (type === 'work.assigned') {
      const work = works.get(subject) as Work;
      const scope = body['scope'] as Scope;
      for (const atom of atomsOf(work, scope)) if (++looked.atoms && covers(scope, atom) && !holdersOf(work, atom).includes(actor)) wrong.push(`${subject}: ${actor} assigned ${JSON.stringify(atom)}, which they did not hold`);
      work.assigned.push({ scope, holders: (body['holders'] as { account: string }[]).map(({ account }) => account) });
    } else if (type === 'licence.granted') {
      const work = works.get(about?.find((name) => name.startsWith('ZB-')) ?? '') as Work;
      const grant: Grant = { number: subject, scope: body['scope'] as Scope, isBarring: body['exclusivity'] !== 'non-exclusive', subjectTo: (body['subjectTo'] as string[] | undefined) ?? [], void: false };
      looked.grants++;
      for (const atom of atomsOf(work, grant.scope)) {
        if (!covers(grant.scope, atom)) continue;
        looked.atoms++;
        if (!holdersOf(work, atom).includes(actor)) wrong.push(`${subject}: ${actor} granted ${JSON.stringify(atom)} of ${work.number}, which they did not hold`);
        const other = work.grants.find((one) => !one.void && (one.isBarring || grant.isBarring) && !grant.subjectTo.includes(one.number) && covers(one.scope, atom));
        if (other !== undefined) wrong.push(`${subject} and ${other.number} both have ${JSON.stringify(atom)} of ${work.number}`);
      }
      work.grants.push(grant);
    } else if (type === 'licence.terminated' && body['void'] === true) {
      for (const work of works.values()) for (const grant of work.grants) if (grant.number === subject) grant.void = true;
    }
  }
  return { wrong, ...looked };
}

/** Who holds it: whom it was assigned to last. */
function holdersOf({ assigned }: Work, atom: Atom): string[] {
  return assigned.findLast(({ scope }) => scope === null || covers(scope, atom))?.holders ?? [];
}

/** Atoms made of every name that any scope of the work says, and of one that none says; in the middle of every stretch between two ends of terms. */
function* atomsOf({ assigned, grants }: Work, scope: Scope): Generator<Atom> {
  const scopes = [scope, ...assigned.flatMap((one) => one.scope ?? []), ...grants.map((one) => one.scope)];
  const names = (of: (one: Scope) => string[], unsaid: string): string[] => [...new Set([...scopes.flatMap(of).map((name) => name.replace(/^-/, '')), unsaid])].filter((name) => name !== '*' && name !== 'WORLD');
  const ends = [...new Set(scopes.flatMap(({ term: { from, until } }) => [Date.parse(from), until === null ? Date.parse('2200-01-01') : Date.parse(until)]))].toSorted((a, b) => a - b);
  for (const right of names((one) => one.rights, 'exhibition')) for (const territory of names((one) => one.territories, 'FR')) for (const use of names((one) => one.uses, 'website')) {
    for (const language of names((one) => one.languages, 'fr')) for (const [i, end] of ends.entries()) yield { right, territory, use, language, at: (end + (ends[i + 1] ?? end)) / 2 };
  }
}
