import * as fc from 'fast-check';
import {
  CODE_SPACE, codesOf, complementOf, containsSet, EMPTY_SET, equalSets, formatMultirange, hasCode, intersectSets, parseMultirange, setsOverlap, subtractSets, toCodeSet, uniteSets, WHOLE_SET,
} from '../../../../src/lib/rights/index.js';

// Both ends of the space are drawn often: that is where ranges begin and end.
const codes = fc.uniqueArray(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: CODE_SPACE - 6, max: CODE_SPACE - 1 }), fc.integer({ min: 0, max: CODE_SPACE - 1 })), { maxLength: 30 });

test('every operation is that of JavaScript sets', () => {
  fc.assert(fc.property(codes, codes, (first, second) => {
    const [a, b, inA, inB] = [toCodeSet(first), toCodeSet(second), new Set(first), new Set(second)];
    const expected = (keep: (code: number) => boolean): number[] => Array.from({ length: CODE_SPACE }, (_, code) => code).filter(keep);
    expect(codesOf(a)).toEqual(expected((code) => inA.has(code)));
    expect(codesOf(intersectSets(a, b))).toEqual(expected((code) => inA.has(code) && inB.has(code)));
    expect(codesOf(uniteSets(a, b))).toEqual(expected((code) => inA.has(code) || inB.has(code)));
    expect(codesOf(subtractSets(a, b))).toEqual(expected((code) => inA.has(code) && !inB.has(code)));
    expect(codesOf(complementOf(a))).toEqual(expected((code) => !inA.has(code)));
    expect([setsOverlap(a, b), containsSet(a, b), equalSets(a, b)]).toEqual([first.some((code) => inB.has(code)), second.every((code) => inA.has(code)), first.length === second.length && second.every((code) => inA.has(code))]);
    expect(second.map((code) => hasCode(a, code))).toEqual(second.map((code) => inA.has(code)));
  }), { numRuns: 300 });
});

test('one set has one spelling, and its multirange reads back', () => {
  fc.assert(fc.property(codes, codes, (first, second) => {
    const union = uniteSets(toCodeSet(first), toCodeSet(second));
    expect(union).toEqual(toCodeSet([...second, ...first]));
    expect(parseMultirange(formatMultirange(union))).toEqual(union);
  }));
  expect([formatMultirange(EMPTY_SET), formatMultirange(WHOLE_SET), formatMultirange(toCodeSet([156, 0, 1]))]).toEqual(['{}', '{[0,1024)}', '{[0,2),[156,157)}']);
});

test.each([[[-1]], [[CODE_SPACE]], [[1.5]], [[Number.NaN]]])('%j is no set of codes', (wrong) => expect(() => toCodeSet(wrong)).toThrow(RangeError));
test.each(['', '{', '{[0,1]}', '{[3,2)}', '{[0,2),[1,3)}', '{[0,2),[2,3)}', '{[0,1025)}', '{[-1,2)}', '{(,)}'])('%j is no multirange of codes', (wrong) => expect(() => parseMultirange(wrong)).toThrow(RangeError));
