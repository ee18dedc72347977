import { Interface } from 'ethers';
import { rightsSettlementAbi, rightsSettlementBytecode } from './abi/rights-settlement.js';
import { testTokenAbi, testTokenBytecode } from './abi/test-token.js';
import { type Deployer, type Deployment, deployContract, type DeployRequest } from './deploy-checkpoint-anchor.js';

type Where = Deployer & Pick<DeployRequest, 'rpcUrl' | 'timeoutMs'>;

/**
 * Deploys a `RightsSettlement` and waits until it is mined. The three are three different addresses.
 * @throws ChainError CHAIN.UNAVAILABLE when it is not mined in time, CHAIN.REFUSED (with the contract's revert data) when it cannot be.
 */
export function deployRightsSettlement(request: Where & { readonly owner: string; readonly orderSigner: string; readonly settler: string }): Promise<Deployment> {
  const args = [request.owner, request.orderSigner, request.settler];
  return deployContract(request, rightsSettlementBytecode + new Interface(rightsSettlementAbi).encodeDeploy(args).slice(2));
}

/** A token of no value, which anybody mints: for development chains. @throws ChainError as {@link deployRightsSettlement}. */
export function deployTestToken(request: Where & { readonly name: string; readonly symbol: string; readonly decimals: number }): Promise<Deployment> {
  return deployContract(request, testTokenBytecode + new Interface(testTokenAbi).encodeDeploy([request.name, request.symbol, request.decimals]).slice(2));
}
