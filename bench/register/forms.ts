import { randomBytes } from 'node:crypto';

const form = {
  title: '珠江夜航', category: 'photography', creation: { nature: 'original', completedOn: '2026-05-01', place: 'Shenzhen' }, publication: { state: 'unpublished' }, visibility: 'public',
  authors: [{ name: '林舟', creditedAs: '阿舟', signedAs: 'pseudonym' }], owners: [{ name: '林舟', kind: 'person', shareBps: 10_000 }], acquisition: 'original', ownership: 'individual', rights: 'all', aiGenerated: 'none',
};
const head = JSON.stringify(form).slice(0, -1);

/** A registration that was never made before: 600 bytes of form, one digest. Put together as text, so that the generator costs little. */
export function uniqueRegistration(): { body: string; key: string } {
  const random = randomBytes(48).toString('hex');
  return { body: `${head},"contents":[{"name":"night.jpg","mediaType":"image/jpeg","byteLength":48213,"sha256":"${random.slice(0, 64)}"}]}`, key: random.slice(64) };
}
