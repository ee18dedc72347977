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

describe('TRUST_PROXY', () => {
  test.each(['', '10.0.0.5', '10.0.0.0/8, 192.168.1.7', '::1', 'fd00::/8', 'loopback,linklocal,uniquelocal'])('«%s» names proxies', (value) => {
    expect(problemWith(value)).toBeUndefined();
  });

  test.each(['true', 'false', '1', '0.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0', 'proxy.example', '10.0.0.5;10.0.0.6', '/8'])('«%s» does not, and the operator is told what does', (value) => {
    expect(problemWith(value)).toMatch(/addresses or networks.*10\.0\.0\.5,/);
  });
});
