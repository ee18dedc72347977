import { Interface } from 'ethers';
import { checkpointAnchorAbi } from '../../../../src/platform/chain/abi/checkpoint-anchor.js';
import { OWNER } from './rig.js';
import { rpc } from './rpc-proxy.js';

const contractInterface = new Interface(checkpointAnchorAbi);

/** By the contract's owner, whose account the node signs for. Its tip is high: it comes first in its block. */
export function setAnchorer(url: string, contract: string, anchorer: string): Promise<string> {
  return rpc<string>(url, 'eth_sendTransaction', {
    from: OWNER, to: contract, data: contractInterface.encodeFunctionData('setAnchorer', [anchorer]),
    gas: '0x186a0', maxFeePerGas: '0x2540be4000', maxPriorityFeePerGas: '0x174876e800',
  });
}
