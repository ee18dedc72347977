import { computeProtection, computeTitle, OPEN_END, rightsOfCategory, type TitleFacts, toBox, toScope } from '../../../../src/lib/rights/index.js';
import { CATEGORIES } from '../../../../src/lib/statement/index.js';

const facts: TitleFacts = { category: 'literary', ownership: 'individual', rights: 'all', completedOn: '2020-06-15', firstPublishedOn: null };

test('rental, exhibition and projection exist for some works only', () => {
  const having = (right: string): string[] => CATEGORIES.filter((category) => (rightsOfCategory(category) as string[]).includes(right));
  expect([having('rental'), having('exhibition'), having('projection')]).toEqual([['audiovisual', 'software'], ['fine-art', 'photography'], ['fine-art', 'photography', 'audiovisual']]);
  expect(having('reproduction')).toEqual([...CATEGORIES]);
});

test.each<[string, Partial<TitleFacts>, string | null, string]>([
  ['a living author', {}, null, 'author-lives'],
  ['an employee, who is the author', { ownership: 'employment' }, null, 'author-lives'],
  ['a legal entity, published', { ownership: 'legal-entity', firstPublishedOn: '2021-01-01' }, '2071-12-31T16:00:00.000Z', 'years-after-publication'],
  ['a legal entity, on the last day of a year', { ownership: 'legal-entity', firstPublishedOn: '2021-12-31' }, '2071-12-31T16:00:00.000Z', 'years-after-publication'],
  ['a film, unpublished', { category: 'audiovisual' }, '2070-12-31T16:00:00.000Z', 'years-after-completion'],
  ['a film, published, of which nobody knows when it was completed', { category: 'audiovisual', completedOn: null, firstPublishedOn: '2021-01-01' }, '2071-12-31T16:00:00.000Z', 'years-after-publication'],
  ['a film, published in the fiftieth year after its completion', { category: 'audiovisual', completedOn: '1960-06-15', firstPublishedOn: '2010-12-31' }, '2060-12-31T16:00:00.000Z', 'years-after-publication'],
  ['a film, published only after that', { category: 'audiovisual', completedOn: '1960-06-15', firstPublishedOn: '2011-01-01' }, '2010-12-31T16:00:00.000Z', 'years-after-completion'],
  ['a film, unpublished, of which nobody knows when it was completed', { category: 'audiovisual', completedOn: null }, null, 'years-after-completion'],
  ['a film of which nobody knows whether it was published', { category: 'audiovisual', firstPublishedOn: 'unknown' }, null, 'years-after-completion'],
])('%s', (_what, change, until, basis) => {
  const protection = computeProtection({ ...facts, ...change });
  expect([protection.until === OPEN_END ? null : new Date(protection.until).toISOString(), protection.basis]).toEqual([until, basis]);
});

test('the first title is what is claimed of what there is', () => {
  const title = computeTitle({ ...facts, rights: ['rental', 'adaptation', 'attribution'] });
  expect(title && toScope(title.box)).toEqual({ rights: ['adaptation'], territories: ['WORLD'], uses: ['*'], languages: ['*'], term: { from: '2020-06-14T16:00:00.000Z', until: null } });
  expect([computeTitle({ ...facts, rights: 'none' }), computeTitle({ ...facts, rights: ['rental'] }), computeTitle({ ...facts, category: 'audiovisual', completedOn: '1960-01-01', firstPublishedOn: '1900-01-01' })]).toEqual([null, null, null]);
});

test('a title whose facts are gone begins before all that can be granted, and does not end', () => {
  const { box } = computeTitle({ ...facts, category: 'audiovisual', completedOn: null, firstPublishedOn: 'unknown' }) ?? {};
  expect(box && toBox(toScope(box)).box).toEqual(box);
  expect(box?.term).toEqual({ from: Date.UTC(1700, 0, 1), until: OPEN_END });
});
