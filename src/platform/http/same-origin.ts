import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '../../lib/errors/index.js';
import type { Config } from '../config/index.js';

/**
 * A cookie is sent by the browser whichever page asks, so a request that changes something must show that our own page asked:
 * by Fetch Metadata (`Sec-Fetch-Site`, which pages cannot set) or by `Origin`.
 * @throws DomainError HTTP.CROSS_ORIGIN, also when the request says nothing of where it comes from.
 */
export function assertSameOrigin(headers: IncomingHttpHeaders, config: Pick<Config, 'publicUrl' | 'production'>): void {
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin') return;
  const origin = headers.origin;
  if (site === undefined && origin !== undefined) {
    if (origin === new URL(config.publicUrl).origin) return;
    // In development the page may be opened as 127.0.0.1, localhost or through a forwarded port.
    if (!config.production && headers.host !== undefined && origin === `http://${headers.host}`) return;
  }
  throw new DomainError('HTTP.CROSS_ORIGIN', 'A signed-in page may change things only from the service\'s own address');
}
