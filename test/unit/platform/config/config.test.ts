import { ConfigError, loadConfig } from '../../../../src/platform/config/index.js';

/** What is said of TRUST_PROXY; of the rest of this configuration much else is missing. */
function problemWith(TRUST_PROXY: string): string | undefined {
  try {
    loadConfig({ TRUST_PROXY });
    throw new Error('accepted');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.find((problem) => problem.includes('TRUST_PROXY'));
  }
}

describe('payment on chain', () => {
  const problems = (env: Record<string, string>): string[] => {
    try {
      loadConfig(env);
      throw new Error('accepted');
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.problems.flatMap((problem) => /SETTLEMENT_\w+|ORDER_\w+/.exec(problem)?.[0] ?? []);
    }
  };

  test('needs both keys with the contract, and nothing without it', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ SETTLEMENT_CONTRACT: `0x${'a'.repeat(40)}` }).toSorted()).toEqual(['ORDER_SIGNER_KEY_FILE', 'SETTLEMENT_KEY_FILE']);
    expect(problems({ SETTLEMENT_CONTRACT: '0xa', SETTLEMENT_TOKENS: 'USDT', ORDER_EXPIRY: '0' }).toSorted()).toEqual(['ORDER_EXPIRY', 'ORDER_SIGNER_KEY_FILE', 'SETTLEMENT_CONTRACT', 'SETTLEMENT_KEY_FILE', 'SETTLEMENT_TOKENS']);
  });
});

describe('TRUST_PROXY', () => {
  test.each(['', '10.0.0.5', '10.0.0.0/8, 192.168.1.7', '::1', 'fd00::/8', 'loopback,linklocal,uniquelocal'])('«%s» names proxies', (value) => {
    expect(problemWith(value)).toBeUndefined();
  });

  test.each(['true', 'false', '1', '0.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0', 'proxy.example', '10.0.0.5;10.0.0.6', '/8'])('«%s» does not, and the operator is told what does', (value) => {
    expect(problemWith(value)).toMatch(/addresses or networks.*10\.0\.0\.5,/);
  });
});
