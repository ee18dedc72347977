import fc from 'fast-check';
import { parseByteRange } from '../../../../src/platform/http/index.js';

test('one range is taken, cut to the file', () => {
  const cases: [string | undefined, ReturnType<typeof parseByteRange>][] = [
    [undefined, null], ['bytes=0-0', { first: 0, last: 0 }], ['bytes=0-499', { first: 0, last: 99 }], ['bytes=99-', { first: 99, last: 99 }], ['bytes=-1', { first: 99, last: 99 }], ['bytes=-500', { first: 0, last: 99 }], ['Bytes = 5-6 ', { first: 5, last: 6 }],
    ['bytes=100-', 'unsatisfiable'], ['bytes=100-200', 'unsatisfiable'], ['bytes=-0', 'unsatisfiable'],
  ];
  for (const [header, range] of cases) expect([header, parseByteRange(header, 100)]).toEqual([header, range]);
  expect(parseByteRange('bytes=-1', 0)).toBe('unsatisfiable');
});

test('several, other units and what is malformed ask for the whole file', () => {
  for (const header of ['', 'bytes', 'bytes=', 'bytes=-', 'bytes=6-5', 'bytes=0-1,3-4', 'lines=0-1', 'bytes=0x1-2', 'bytes=1.5-2', 'bytes=-5-6', `bytes=${'9'.repeat(16)}-`, 'bytes=0-1\n', 'bytes=٠-٩']) expect([header, parseByteRange(header, 100)]).toEqual([header, null]);
});

test('a range always lies in the file, and is what slicing the file gives', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 50 }), fc.option(fc.nat(80), { nil: null }), fc.option(fc.nat(80), { nil: null }), (byteLength, from, to) => {
    const file = Array.from({ length: byteLength }, (_, i) => i);
    const asked = parseByteRange(`bytes=${from ?? ''}-${to ?? ''}`, byteLength);
    if (asked === null) return from === null ? to === null : to !== null && to < from;
    const expected = from === null ? file.slice(Math.max(0, byteLength - (to as number))) : file.slice(from, to === null ? undefined : to + 1);
    return asked === 'unsatisfiable' ? expected.length === 0 : JSON.stringify(file.slice(asked.first, asked.last + 1)) === JSON.stringify(expected) && expected.length > 0;
  }));
});
