/** ISO 4217: currencies in use as money, without funds, metals and test codes. */
const CURRENCIES = new Set(`
  AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP
  GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD
  NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS
  VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG`.trim().split(/\s+/));

/** Digits after the point, where they are not two. */
const MINOR_DIGITS: ReadonlyMap<string, number> = new Map([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'].map((currency) => [currency, 0] as const),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((currency) => [currency, 3] as const),
]);

export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** Minor units → an `xsd:decimal` of the currency: 1250 CNY → `12.50`, 1250 JPY → `1250`. */
export function toDecimalAmount(amountMinor: string, currency: string): string {
  const digits = MINOR_DIGITS.get(currency) ?? 2;
  if (digits === 0) return amountMinor;
  const padded = amountMinor.padStart(digits + 1, '0');
  return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
}

/** The reverse of {@link toDecimalAmount}; null for what is no amount of the currency, such as half a cent. */
export function parseDecimalAmount(decimal: string, currency: string): string | null {
  const [, whole, fraction = ''] = /^(\d{1,18})(?:\.(\d{1,3}))?$/.exec(decimal) ?? [];
  const digits = MINOR_DIGITS.get(currency) ?? 2;
  if (whole === undefined || fraction.length > digits) return null;
  return (whole + fraction.padEnd(digits, '0')).replace(/^0+(?=\d)/, '');
}
