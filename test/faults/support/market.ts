import { type Act, after, follow, onFrom } from './acts.js';

/** Two statements of a licence that is sold, three of an exclusive one, two of a slice. */
export const SALES_STATEMENTS = 7;
export const SALES_LICENCES = 2;

const TERM = { from: '2027-01-01', to: '2028-12-31' };
const PRINT = { rights: ['reproduction'], territories: ['CN'], uses: ['print'], languages: ['*'], term: TERM };
const SHOW = { ...PRINT, rights: ['exhibition'], uses: ['exhibition'] };
/** Assigned; and one that is given back, twice, and stays. */
const SLICE = { ...PRINT, rights: ['network-dissemination'], uses: ['streaming'] };
const KEPT = { ...PRINT, rights: ['distribution'], uses: ['print'] };
const PRICE = { amountMinor: '1001', currency: 'CNY' };

/**
 * The depositor sells of a work to the partner: a licence whose price went down meanwhile, an exclusive one, and slices: one is confirmed, one is given back, one is disputed and then given back. In stages that go
 * one after the other.
 */
export function sales(work: Act | undefined): Act[][] {
  const list = (kind: string, scope: object, price: object): Act =>
    showing(follow('act', work, (client, number, key) => client.post(`/works/${number}/listings`, { kind, scope, price }, key)));
  const buy = (listing: Act): Act => onFrom('act', listing, (client, { number }, key) => client.partner.post('/orders', { listing: String(number), max: PRICE }, key));
  const listings = [list('licence', PRINT, { ...PRICE, amountMinor: '2000' }), list('exclusive-licence', SHOW, PRICE), list('assignment', SLICE, PRICE), list('assignment', KEPT, PRICE), list('assignment', KEPT, PRICE)] as const;
  const cheaper = showing(onFrom('step', listings[0], (client, { number }, key) => client.patch(`/listings/${String(number)}`, { price: PRICE }, key)));
  const orders = [after(cheaper, buy(listings[0])), buy(listings[1]), buy(listings[2]), buy(listings[3]), buy(listings[4])] as const;
  const [licence, , slice, returned, disputed] = orders;
  const of = (order: Act, step: string, by: 'buyer' | 'seller', body: object = {}): Act =>
    showing(onFrom('step', order, (client, { number }, key) => (by === 'buyer' ? client.partner : client).post(`/orders/${String(number)}/${step}`, body, key)));
  const dispute = of(disputed, 'dispute', 'buyer', { reason: '权利链有缺口' });
  return [
    [...listings],
    [cheaper, orders[1], slice, returned, disputed],
    [licence, of(slice, 'confirmation', 'buyer'), of(returned, 'refund', 'seller'), dispute],
    [after(dispute, of(disputed, 'refund', 'seller')), after(licence, showing(onFrom('act', listings[0], (client, { number }, key) => client.post(`/listings/${String(number)}/withdrawal`, {}, key))))],
  ];
}

/** What is answered shows how the listing or order stands, which goes on. */
function showing(act: Act): Act {
  return Object.assign(act, { staying: ({ number }: Record<string, unknown>) => String(number) });
}
