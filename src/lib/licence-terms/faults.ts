import type { z } from 'zod';

/** Something that was sent and does not hold. */
export interface Fault<Rule extends string> {
  /** JSON pointer (RFC 6901) into what was sent; the empty one is the whole. */
  readonly pointer: string;
  readonly rule: Rule;
  readonly detail: string;
}

/** @returns the pointer one step further down. */
export function pointTo(pointer: string, member: PropertyKey): string {
  return `${pointer}/${String(member).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export function toMalformed(error: z.ZodError): Fault<'malformed'>[] {
  return error.issues.map(({ path, message }) => ({ pointer: path.reduce(pointTo, ''), rule: 'malformed', detail: message.slice(0, 200) }));
}
