import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { findAttachedBundle, isPdf } from '../../../../src/lib/certificate/index.js';

const inflate = async (bytes: Uint8Array, maxOutputLength: number): Promise<Uint8Array> => inflateSync(bytes, { maxOutputLength });
const BUNDLE = '{"format":"zhengben-proof/1","subject":"ZB-测试"}';

/** As ISO 32000-1, 7.3.8 and 7.11.4 have it, written by hand. */
function pdfWith(...objects: readonly (readonly [dictionary: string, data: Uint8Array, eol?: string])[]): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  for (const [i, [dictionary, data, eol = '\n']] of objects.entries()) parts.push(Buffer.from(`${i + 1} 0 obj\n<<${dictionary}>>\nstream${eol}`, 'latin1'), data, Buffer.from('\nendstream\nendobj\n', 'latin1'));
  return Buffer.concat([...parts, Buffer.from('<</EmbeddedFiles 9 0 R>>\n%%EOF\n', 'latin1')]);
}

const deflated = deflateSync(Buffer.from(BUNDLE, 'utf8'));

test.each([
  ['deflated', pdfWith([`/Type /EmbeddedFile /Length ${deflated.length} /Filter /FlateDecode`, deflated])],
  ['with CR LF', pdfWith([`/Type /EmbeddedFile /Length ${deflated.length} /Filter /FlateDecode`, deflated, '\r\n'])],
  ['with its keys in another order', pdfWith([`/Filter /FlateDecode /Length ${deflated.length} /Type /EmbeddedFile`, deflated])],
  ['plain, its length an object of its own', pdfWith(['/Type /EmbeddedFile /Length 7 0 R', Buffer.from(BUNDLE, 'utf8')])],
  ['after another file', pdfWith(['/Type /EmbeddedFile /Length 5', Buffer.from('hello')], [`/Type /EmbeddedFile /Length ${deflated.length} /Filter /FlateDecode`, deflated])],
])('the bundle is found %s', async (_how, pdf) => {
  expect(isPdf(pdf)).toBe(true);
  expect((await findAttachedBundle(pdf, inflate))?.trimEnd()).toBe(BUNDLE);
});

test.each([
  ['nothing attached', pdfWith(['/Type /Page /Length 5', Buffer.from('hello')])],
  ['something else attached', pdfWith(['/Type /EmbeddedFile /Length 5', Buffer.from('hello')])],
  ['a bomb', pdfWith([`/Type /EmbeddedFile /Length 70000 /Filter /FlateDecode`, deflateSync(Buffer.alloc(65 * 1024 * 1024))])],
  ['a length beyond the file', pdfWith(['/Type /EmbeddedFile /Length 99999999', Buffer.from(BUNDLE)])],
  ['damaged data', pdfWith([`/Type /EmbeddedFile /Length ${deflated.length} /Filter /FlateDecode`, Buffer.from(deflated).fill(0, 2, 20)])],
])('of %s nothing is found', async (_what, pdf) => {
  expect(await findAttachedBundle(pdf, inflate)).toBeNull();
});

test('whatever the bytes, it ends without an error', async () => {
  const word = fc.constantFrom('/EmbeddedFile', 'stream\n', 'endstream', ' obj', '/Length 3', '/FlateDecode', 'x');
  await fc.assert(fc.asyncProperty(fc.array(fc.oneof(word, fc.string())), async (parts) => {
    const found = await findAttachedBundle(Buffer.from(parts.join(''), 'utf8'), inflate);
    return found === null || typeof found === 'string';
  }));
});
