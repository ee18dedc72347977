import { createHash, randomBytes } from 'node:crypto';
import { type WorkForm, workFormSchema } from '../../src/lib/api-schema/index.js';
import type { WorkContent } from '../../src/modules/works/work-content.js';

/** A small form with everything that is required. */
export const minimalForm = {
  title: '珠江夜航', category: 'photography', creation: { nature: 'original', completedOn: '2026-05-01', place: 'Shenzhen' }, publication: { state: 'unpublished' },
  authors: [{ name: '林舟', creditedAs: '阿舟', signedAs: 'pseudonym' }], owners: [{ name: '林舟', kind: 'person', shareBps: 10_000 }],
} as const;

export function parsedForm(changes: Record<string, unknown> = {}): WorkForm {
  return workFormSchema.parse({ ...minimalForm, ...changes });
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A declared content whose digest is that of `seed`, or of random bytes. */
export function declaredContent(seed: string = randomBytes(16).toString('hex')): { name: string; mediaType: string; byteLength: number; sha256: string } {
  return { name: 'night.jpg', mediaType: 'image/jpeg', byteLength: 48_213, sha256: digestOf(seed) };
}

export function contentOf(seed: string, deposit: 'held' | 'declared' = 'declared', byteLength = 10): WorkContent {
  return { ...declaredContent(seed), byteLength, deposit };
}
