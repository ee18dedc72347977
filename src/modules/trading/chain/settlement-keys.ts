import { readFileSync } from 'node:fs';
import { Inject, Injectable } from '@nestjs/common';
import { OrderSigner, TransactionSigner } from '../../../platform/chain/index.js';
import { CONFIG, type Config } from '../../../platform/config/index.js';

export type SettlementConfig = NonNullable<Config['settlement']>;

/** The two keys of payment on chain; null when it is not offered. */
@Injectable()
export class SettlementKeys {
  readonly settlement: SettlementConfig | null;
  readonly #keys: { readonly settler: TransactionSigner; readonly orderSigner: OrderSigner } | null;

  constructor(@Inject(CONFIG) { settlement }: Pick<Config, 'settlement'>) {
    this.settlement = settlement;
    // That both are private keys was seen when the configuration was read.
    const read = (path: string): string => readFileSync(path, 'utf8').trim();
    this.#keys = settlement === null ? null : { settler: new TransactionSigner(read(settlement.keyFile)), orderSigner: new OrderSigner(read(settlement.signerKeyFile)) };
  }

  /** @throws Error when payment on chain is not offered: ask first. */
  get require(): { readonly settlement: SettlementConfig; readonly settler: TransactionSigner; readonly orderSigner: OrderSigner; readonly feeAddress: string } {
    if (this.settlement === null || this.#keys === null) throw new Error('there is no settlement contract');
    return { settlement: this.settlement, ...this.#keys, feeAddress: this.settlement.feeAddress ?? this.#keys.settler.address.toLowerCase() };
  }
}
