import * as fc from 'fast-check';
import { formatMoney, toFinancialNumerals } from '../../../../src/lib/contract/money.js';

test.each([['0', 'CNY', 'CNY 0.00'], ['5', 'CNY', 'CNY 0.05'], ['123456789', 'USD', 'USD 1,234,567.89'], ['1000', 'JPY', 'JPY 1,000'], ['1500', 'KWD', 'KWD 1.500']])('%s of %s', (minor, currency, text) =>
  expect(formatMoney(minor, currency)).toBe(text));

// The examples of 正确填写票据和结算凭证的基本规定 (支付结算办法, annex 1), and amounts around the places where a zero is said.
test.each<[bigint, string]>([
  [140_950n, '壹仟肆佰零玖元伍角整'], [600_714n, '陆仟零柒元壹角肆分'], [168_032n, '壹仟陆佰捌拾元叁角贰分'], [1_640_902n, '壹万陆仟肆佰零玖元零贰分'], [32_504n, '叁佰贰拾伍元零肆分'],
  [0n, '零元整'], [5n, '伍分'], [50n, '伍角整'], [55n, '伍角伍分'], [100n, '壹元整'], [1_000n, '壹拾元整'], [10_000_000n, '壹拾万元整'], [10_000_100n, '壹拾万零壹元整'], [100_000_000_000n, '壹拾亿元整'],
  [1_000_000_000_100n, '壹佰亿零壹元整'], [120_000_000_000_000n, '壹万贰仟亿元整'], [100_000_000_000_000n, '壹万亿元整'],
])('%s fen', (fen, text) => expect(toFinancialNumerals(fen)).toBe(text));

test('numerals read back to their amount', () => {
  const read = (text: string): bigint => {
    const [yuan, rest] = text.includes('元') ? (text.split('元') as [string, string]) : ['', text];
    const place = (numeral: string): bigint => {
      let [sum, section, digit] = [0n, 0n, 0n];
      for (const character of numeral) {
        const value = '零壹贰叁肆伍陆柒捌玖'.indexOf(character);
        if (value >= 0) digit = BigInt(value);
        else if ('拾佰仟'.includes(character)) [section, digit] = [section + digit * 10n ** BigInt('拾佰仟'.indexOf(character) + 1), 0n];
        else if (character === '万') [sum, section, digit] = [sum + (section + digit) * 10_000n, 0n, 0n];
        else [sum, section, digit] = [(sum + section + digit) * 100_000_000n, 0n, 0n];
      }
      return sum + section + digit;
    };
    // 亿 multiplies all that came before it; 万 after it begins anew.
    const [above, below] = yuan.includes('亿') ? (yuan.split('亿') as [string, string]) : ['', yuan];
    const digitBefore = (mark: string): bigint => BigInt(Math.max(0, '零壹贰叁肆伍陆柒捌玖'.indexOf(rest.charAt(rest.indexOf(mark) - 1))));
    return (place(above) * 100_000_000n + place(below)) * 100n + (rest.includes('角') ? digitBefore('角') * 10n : 0n) + (rest.includes('分') ? digitBefore('分') : 0n);
  };
  fc.assert(fc.property(fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), fc.array(fc.constantFrom('0', '0', '1', '9'), { minLength: 1, maxLength: 18 }).map((digits) => BigInt(digits.join('')))), (fen) =>
    expect(read(toFinancialNumerals(fen) as string)).toBe(fen)));
  expect(toFinancialNumerals(10n ** 18n)).toBeNull();
});
