import { keccak256, Transaction, Wallet } from 'ethers';

/** An EIP-1559 transaction; amounts in wei. */
export interface UnsignedTransaction {
  readonly chainId: number;
  readonly nonce: number;
  /** Absent for a deployment. */
  readonly to?: string;
  readonly data: string;
  readonly gasLimit: bigint;
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** Signed bytes, 0x…, and their hash, which is the transaction's. */
export interface SignedTransaction {
  readonly raw: string;
  readonly transactionHash: string;
}

/** Signs without a node. The chain id is inside (EIP-155): the bytes are void on a chain of another id, but not on a reset chain of the same id. */
export class TransactionSigner {
  readonly #wallet: Wallet;

  /** @param privateKey 0x and 64 hex digits. @throws TypeError when it is not one; the message does not quote it. */
  constructor(privateKey: string) {
    if (!/^(0x)?[0-9a-fA-F]{64}$/.test(privateKey)) throw new TypeError('not a private key of 32 bytes in hex');
    this.#wallet = new Wallet(privateKey.startsWith('0x') ? privateKey : `0x${privateKey}`);
  }

  /** Checksummed. */
  get address(): string {
    return this.#wallet.address;
  }

  async sign(transaction: UnsignedTransaction): Promise<SignedTransaction> {
    const raw = await this.#wallet.signTransaction({ type: 2, value: 0n, ...transaction });
    return { raw, transactionHash: keccak256(raw) };
  }
}

/** The chain id that signed bytes are bound to. */
export function chainIdOf(raw: string): number {
  return Number(Transaction.from(raw).chainId);
}
