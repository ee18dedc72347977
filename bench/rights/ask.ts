import { randomUUID } from 'node:crypto';
import { CHOICES, exclusiveBox, FILLED_CELLS, NEVER, seeded, sharedBox, toWritten } from './boxes.js';
import type { Licence } from './fill.js';

export type Verdict = 'permitted' | 'forbidden';

/** A question and what is to be answered. */
export interface Question {
  readonly query: string;
  readonly verdict: Verdict;
}

/**
 * What is asked about a licence that is in force: by its number, and by its licensee's account, mostly where it permits, sometimes where nothing was ever granted; and
 * of the owner themself, who may do all but what an exclusive licence bars them from.
 */
export function askAbout({ work, number, licensee, box, isExclusive }: Licence, random: () => number): Question {
  const [draw, right, use, language] = [random(), CHOICES.rights.one[box.rights], CHOICES.uses.one[box.uses], CHOICES.languages.one[box.languages]];
  const question = (territory: string, whose: string, verdict: Verdict): Question => ({ query: `work=${work}&right=${right}&territory=${territory}&use=${use}&language=${language}${whose}`, verdict });
  const here = CHOICES.territories.one[box.territories] ?? '';
  if (draw < 0.4) return question(here, `&licensee=${number}`, 'permitted');
  if (draw < 0.5) return question(NEVER, `&licensee=${number}`, 'forbidden');
  if (draw < 0.8) return question(here, `&licensee=${licensee}`, 'permitted');
  if (draw < 0.9) return question(NEVER, `&licensee=${licensee}`, 'forbidden');
  return question(here, '', isExclusive ? 'forbidden' : 'permitted');
}

/** Draws questions about licences, evenly. */
export function questionsAbout(licences: readonly Licence[], seed: number): () => Question {
  const random = seeded(seed);
  return () => askAbout(licences[Math.floor(random() * licences.length)] as Licence, random);
}

export interface NewGrant {
  readonly work: string;
  readonly body: string;
  readonly key: string;
}

/** One grant in so many is exclusive. */
const ONE_EXCLUSIVE_IN = 10;

/** Draws grants of these works, evenly; none conflicts with another, nor with what was filled. @param oneExclusiveIn one grant in so many is; 0: none. */
export function grantsOf(works: readonly string[], licensees: readonly string[], seed: number, oneExclusiveIn = ONE_EXCLUSIVE_IN): () => NewGrant {
  const random = seeded(seed);
  const now = Date.now();
  let [grants, exclusive] = [0, 0];
  return () => {
    const isExclusive = ++grants % oneExclusiveIn === 0;
    const scope = toWritten(isExclusive ? exclusiveBox(FILLED_CELLS + exclusive++, now) : sharedBox(random, now), 'sent');
    return {
      work: works[Math.floor(random() * works.length)] ?? '', key: randomUUID(),
      body: JSON.stringify({ licensee: licensees[Math.floor(random() * licensees.length)], exclusivity: isExclusive ? 'exclusive' : 'non-exclusive', scope, conditions: ['attribution'] }),
    };
  };
}
