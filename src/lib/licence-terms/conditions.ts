/**
 * What a licensee has to do, or must not do, on top of the scope. The list is closed.
 *
 * - `attribution`: name the author and the work with every use. Authors may ask for their name without it (Copyright Law of the PRC Art. 10 (2)); as a condition it binds the licence to it
 * - `non-commercial`: nothing that is meant for commercial advantage or payment (CC BY-NC 4.0 §1)
 * - `share-alike`: what is derived from the work goes out under the same terms (CC BY-SA 4.0 §3(b))
 * - `no-derivatives`: nothing derived from the work goes out at all (CC BY-ND 4.0 §2(a)(1)(B))
 * - `same-revenue-share`: licences for what is derived from the work carry the same share of revenue
 */
export const CONDITIONS = ['attribution', 'non-commercial', 'share-alike', 'no-derivatives', 'same-revenue-share'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** Rights whose use makes a derived work (Art. 10 (13)–(15), Art. 13). A collection (16) leaves the work as it is. */
export const DERIVING_RIGHTS = ['filming', 'adaptation', 'translation'] as const;
