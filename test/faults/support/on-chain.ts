/** Writes of payment on chain, which the rig of the kill matrix does not offer: test/faults/chain-payment-kills.test.ts has all of them. */
export const ON_CHAIN = /^(?:settlement|chain-event|chain-payment|payout-address)\.|^(?:listing\.give-back|order\.(?:fund|unfund|expire|cancel|rescind|settled|settle-licence))\b/;
