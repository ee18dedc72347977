import { assertSameOrigin } from '../../../../src/platform/http/same-origin.js';

const production = { publicUrl: 'https://zhengben.example', production: true };
const development = { publicUrl: 'http://localhost:3000', production: false };

test.each([
  ['Fetch Metadata', { 'sec-fetch-site': 'same-origin' }, production],
  ['Origin', { origin: 'https://zhengben.example' }, production],
  ['Fetch Metadata goes before Origin', { 'sec-fetch-site': 'same-origin', origin: 'null' }, production],
  ['another name of the same host in development', { origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' }, development],
])('%s: admitted', (_, headers, config) => {
  expect(() => assertSameOrigin(headers, config)).not.toThrow();
});

test.each([
  ['nothing', {}, production],
  ['another site', { origin: 'https://evil.example' }, production],
  ['the same host without TLS', { origin: 'http://zhengben.example' }, production],
  ['an opaque origin', { origin: 'null' }, production],
  ['a sibling', { 'sec-fetch-site': 'same-site', origin: 'https://zhengben.example' }, production],
  ['a typed address', { 'sec-fetch-site': 'none' }, production],
  ['a Host that says so, in production', { origin: 'http://evil.example', host: 'evil.example' }, production],
  ['another host in development', { origin: 'http://evil.example', host: 'localhost:3000' }, development],
])('%s: refused', (_, headers, config) => {
  expect(() => assertSameOrigin(headers, config)).toThrow(expect.objectContaining({ code: 'HTTP.CROSS_ORIGIN' }));
});
