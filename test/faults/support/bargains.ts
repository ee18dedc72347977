import { type Act, after, follow, onFrom } from './acts.js';

/** Of the licence that was agreed on. */
export const BARGAINS_STATEMENTS = 2;
export const BARGAINS_LICENCES = 1;

const TERM = { from: '2027-01-01', to: '2028-12-31' };
const PRINT = { rights: ['reproduction'], territories: ['CN'], uses: ['print'], languages: ['*'], term: TERM };
/** Is agreed on, paid for and given back. */
const SLICE = { ...PRINT, rights: ['broadcasting'], uses: ['streaming'] };
const yuan = (amount: number): object => ({ amountMinor: String(amount * 100), currency: 'CNY' });

/**
 * The partner bargains with the depositor about a work: over a licence with offers, a counter-offer and a better one until it is sold; over a slice that is paid for and given back; and over another licence, with a document,
 * until the depositor leaves. In stages that go one after the other.
 * @param withDocument false: a message in its place, which needs no room for a file.
 */
export function bargains(work: Act | undefined, withDocument: boolean): Act[][] {
  const expiresAt = new Date(Date.now() + 24 * 3_600_000).toISOString();
  const list = (kind: string, scope: object): Act => follow('act', work, (client, number, key) => client.post(`/works/${number}/listings`, { kind, scope, price: yuan(20), pricing: 'negotiable' }, key));
  const open = (listing: Act): Act => onFrom('act', listing, (client, { number }, key) => client.partner.post(`/listings/${String(number)}/negotiations`, { offer: yuan(5), expiresAt, message: '五元可否?' }, key));
  const on = (kind: 'act' | 'step', bargain: Act, by: 'buyer' | 'seller', step: string, body: unknown): Act =>
    onFrom(kind, bargain, (client, { number }, key) => (by === 'buyer' ? client.partner : client).post(`/negotiations/${String(number)}/${step}`, typeof body === 'function' ? (body() as unknown) : body, key));
  const listings = [list('licence', PRINT), list('assignment', SLICE), list('licence', PRINT)] as const;
  listings.forEach((listing) => Object.assign(listing, { staying: ({ number }: Record<string, unknown>) => String(number) }));
  const [licence, slice, left] = listings.map(open) as [Act, Act, Act];
  const counter = on('act', licence, 'seller', 'offers', { offer: yuan(15), expiresAt, answers: 1 });
  const better = after(counter, on('act', licence, 'buyer', 'offers', { offer: yuan(9), expiresAt }));
  const best = after(better, on('act', licence, 'buyer', 'offers', { offer: yuan(10), expiresAt }));
  const funded = on('step', slice, 'seller', 'acceptance', { offer: 1 });
  const document = !withDocument ? on('act', left, 'buyer', 'messages', { text: '合同随后奉上' }) : on('act', left, 'buyer', 'documents', () => {
    const form = new FormData();
    form.append('file', new Blob(['%PDF-1.7\n'], { type: 'application/pdf' }), '合同.pdf');
    return form;
  });
  const rejected = after(document, on('step', left, 'seller', 'rejection', { offer: 1 }));
  const refund = onFrom('step', funded, (client, { order }, key) => client.post(`/orders/${String(order)}/refund`, {}, key));
  return [
    [...listings],
    [licence, slice, left],
    [counter, funded, document],
    [better, Object.assign(refund, { staying: ({ number }: Record<string, unknown>) => String(number) }), rejected],
    [best, after(rejected, on('step', left, 'seller', 'withdrawal', {}))],
    [after(best, on('step', licence, 'seller', 'acceptance', { offer: 4 }))],
  ];
}
