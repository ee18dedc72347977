import { Interface } from 'ethers';
import { LogReader } from '../../../src/modules/log/index.js';
import { encodeAnchorCall } from '../../../src/platform/chain/index.js';
import { checkpointAnchorAbi } from '../../../src/platform/chain/abi/checkpoint-anchor.js';
import { callChain, eventually, type FaultRig } from './fault-rig.js';

const contract = new Interface(checkpointAnchorAbi);

/** Does to the chain of a rig what a chain, or who shares its keys, may do. Needs a Hardhat node of its own. */
export class TroubledChain {
  constructor(private readonly rig: FaultRig) {}

  /** Undoes all blocks since `act` began, and builds longer ones without them. What was done by `act` is on no chain any more. */
  async reorganise(act: () => Promise<void>): Promise<void> {
    const snapshot = await this.call<string>('evm_snapshot');
    const height = Number(await this.call<string>('eth_blockNumber'));
    await act();
    const undone = Number(await this.call<string>('eth_blockNumber')) - height;
    await this.call('evm_revert', snapshot);
    await this.call('hardhat_mine', `0x${(undone + 1).toString(16)}`);
  }

  /**
   * The service's transaction is stored and sent but never mined; meanwhile somebody else anchors a newer checkpoint of the same log. The service must
   * use up the nonce otherwise, call its own anchor superseded, and adopt the other one.
   * @param act makes the log grow; called twice.
   */
  async overtake(act: () => Promise<void>): Promise<void> {
    await this.call('evm_setAutomine', false);
    await act();
    const transaction = await this.sent();
    await act();
    await eventually('all is published', async () => {
      const [row]: { done: boolean }[] = await this.rig.database.query('SELECT tree_size = published_size AND NOT EXISTS (SELECT 1 FROM statement_pending) AS done FROM log_head');
      return row?.done === true;
    });
    // In the block that hands over the role the service's own transaction has no place.
    await this.call('hardhat_dropTransaction', transaction);
    const [owner = '', other = ''] = await this.call<string[]>('eth_accounts');
    await this.call('evm_setAutomine', true);
    await this.send(owner, contract.encodeFunctionData('setAnchorer', [other]));
    await this.anchorAs(other);
    await this.send(owner, contract.encodeFunctionData('setAnchorer', [this.rig.anchorer]));
  }

  /** Of the anchor that is in flight. */
  private async sent(): Promise<string> {
    let hash = '';
    await eventually('an anchor is in flight', async () => {
      const [row]: { hash: string }[] = await this.rig.database.query(`
        SELECT encode(t.transaction_hash, 'hex') AS hash FROM anchor a JOIN anchor_transaction t ON t.anchor_id = a.id WHERE a.status = 'broadcast' ORDER BY a.id DESC LIMIT 1`);
      hash = row ? `0x${row.hash}` : '';
      return row !== undefined;
    });
    return hash;
  }

  /** Anchors the newest published checkpoint in somebody else's name. */
  private async anchorAs(sender: string): Promise<void> {
    const reader = new LogReader(this.rig.database);
    const published = await reader.published();
    if (!published) throw new Error('nothing is published');
    const head = await this.call<string>('eth_call', { to: this.address, data: contract.encodeFunctionData('head') }, 'latest');
    const [oldSize] = contract.decodeFunctionResult('head', head) as unknown as [bigint];
    const proof = oldSize === 0n ? [] : await reader.consistencyProof(Number(oldSize), published.treeSize);
    await this.send(sender, encodeAnchorCall(published.treeSize, published.rootHash, proof));
  }

  private async send(from: string, data: string): Promise<void> {
    const hash = await this.call<string>('eth_sendTransaction', { from, to: this.address, data });
    await eventually(`${hash} is mined`, async () => (await this.call<{ status: string } | null>('eth_getTransactionReceipt', hash))?.status === '0x1');
  }

  private get address(): string {
    return this.rig.environment['ANCHOR_CONTRACT'] ?? '';
  }

  private call<T>(method: string, ...params: unknown[]): Promise<T> {
    return callChain(this.rig.surroundings.chainUrl, method, params);
  }
}
