import { moment, rowTime } from '../../../../src/lib/api-schema/index.js';

const allowed = (text: string): boolean => moment.safeParse(text).success;

describe('moment', () => {
  it.each(['0001-01-01T00:00:00Z', '2026-03-01T08:00:00.123456Z', '2026-03-01T08:00:00+08:00', '2026-03-01T08:00:00-15:59', '9999-12-31T23:59:59Z'])('takes %s', (text) => {
    expect(moment.parse(text)).toBe(text);
  });

  it.each([
    '0000-01-01T00:00:00Z', '0000-12-31T23:59:59.999Z', '0001-01-01T00:00:00+01:00', '9999-12-31T23:59:59-01:00', '2026-03-01T08:00:00+16:00', '2026-03-01T08:00:00-23:00', '2026-03-01T08:00:00+23:59', '2026-02-30T08:00:00Z', '2026-03-01',
    `2026-03-01T08:00:00.${'0'.repeat(200)}Z`, '-000001-01-01T00:00:00Z', '2026-03-01T08:00:00', '',
  ])('refuses %s', (text) => {
    expect(allowed(text)).toBe(false);
  });
});

describe('rowTime', () => {
  it('is to the microsecond, and after 1970', () => {
    expect(['2026-03-01T08:00:00.123456Z', '2026-03-01T08:00:00.123Z', '0000-01-01T00:00:00.000000Z', '1969-12-31T23:59:59.999999Z', '2026-03-01T08:00:00.123456+01:00'].map((text) => rowTime.safeParse(text).success)).toEqual([true, false, false, false, false]);
  });
});
