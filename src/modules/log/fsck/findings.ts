/** What kind of thing is not as it must be. Closed: tests and programs compare these. */
export type FindingKind =
  | 'statement' // its row contradicts its bytes, or its bytes are no statement
  | 'receipt' // not signed by the log, or about something else
  | 'overdue' // not in a signed tree by the time its receipt promised
  | 'disclosure' // opens nothing that its statement seals
  | 'chain' // seq or prev of a subject broken, or a head that is not its last statement
  | 'place' // a leaf missing, doubled, beyond the head, or with another hash than its statement
  | 'queue' // a statement neither placed nor waiting, or both
  | 'node'
  | 'checkpoint'
  | 'head'
  | 'file';

export interface Finding {
  readonly kind: FindingKind;
  /** Table and key, or the path below the log directory. */
  readonly where: string;
  readonly detail: string;
}

/** Keeps the first findings and counts the rest: damage to one leaf shows in everything above it. */
export class Findings {
  readonly kept: Finding[] = [];
  /** Not wrong, but for an operator to know. */
  readonly notes: string[] = [];
  total = 0;

  constructor(private readonly limit: number) {}

  add(kind: FindingKind, where: string, detail: string, count = 1): void {
    this.total += count;
    if (this.kept.length < this.limit) this.kept.push({ kind, where, detail });
  }

  note(text: string): void {
    this.notes.push(text);
  }
}
