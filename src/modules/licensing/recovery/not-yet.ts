/** What a statement rests on has not been recovered. Thrown before anything is written for it. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
}
