/**
 * bench:gas — what registrations cost on chain: one anchor of our log against the Ethereum Attestation Service, on one Hardhat node.
 *
 * Ours is the anchor that covers N new registrations of a log that has BENCH_LEAVES (a million by default) already, its consistency proof verified by the contract.
 * The peer writes each of the N digests: `timestamp` and `attest` (digest and title) in a transaction each, `multiTimestamp` in as few as its blocks hold.
 */
import { createRequire } from 'node:module';
import { createHash, randomBytes } from 'node:crypto';
import { Interface, type InterfaceAbi } from 'ethers';
import hre from 'hardhat';
import { appendLeaves, assembleProof, decomposeTree, type Hash, hashLeaf, type NodeId, planConsistencyProof } from '../src/lib/merkle/index.js';
import { checkpointAnchorAbi, checkpointAnchorBytecode } from '../src/platform/chain/abi/checkpoint-anchor.js';
import { report } from './support/report.js';

const LEAVES = Number(process.env['BENCH_LEAVES'] ?? 1_000_000);
const COUNTS = [1, 100, 1_000, 10_000] as const;
const JUDGED = 1_000;
const TARGET = 500;
/** Digests in one `multiTimestamp`: some 12 million gas, well inside a block of 30 million. */
const MULTI = 500;
const CHUNK = 10_000;
const ZERO_HASH = `0x${'0'.repeat(64)}`;
const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;

interface Artifact { readonly abi: InterfaceAbi; readonly bytecode: string }
interface Receipt { readonly status: string; readonly gasUsed: string; readonly contractAddress: string; readonly logs: readonly { readonly topics: readonly string[] }[] }

const artifactOf = (name: string): Artifact =>
  createRequire(import.meta.url)(`@ethereum-attestation-service/eas-contracts/artifacts/contracts/${name}.sol/${name}.json`) as Artifact;

function request<T>(method: string, ...params: unknown[]): Promise<T> {
  return hre.network.provider.request({ method, params }) as Promise<T>;
}

async function send(from: string, data: string, to?: string): Promise<Receipt> {
  const hash = await request<string>('eth_sendTransaction', { from, data, ...(to === undefined ? {} : { to }) });
  const receipt = await request<Receipt>('eth_getTransactionReceipt', hash);
  if (receipt.status !== '0x1') throw new Error(`transaction ${hash} reverted`);
  return receipt;
}

class Deployed {
  private constructor(private readonly abi: Interface, private readonly from: string, readonly address: string) {}

  static async create(artifact: Artifact, from: string, ...args: unknown[]): Promise<Deployed> {
    const abi = new Interface(artifact.abi);
    const { contractAddress } = await send(from, artifact.bytecode + abi.encodeDeploy(args).slice(2));
    return new Deployed(abi, from, contractAddress);
  }

  receipt(method: string, ...args: unknown[]): Promise<Receipt> {
    return send(this.from, this.abi.encodeFunctionData(method, args), this.address);
  }

  async gasOf(method: string, ...args: unknown[]): Promise<number> {
    return Number((await this.receipt(method, ...args)).gasUsed);
  }
}

/** A log as the service keeps it between two anchors: its size, its right edge, and its root. */
interface Log { readonly size: number; readonly frontier: readonly Hash[]; readonly root: Hash }

function growLog(leaves: number): Log {
  let log: Log = appendLeaves(0, [], [], () => undefined);
  while (log.size < leaves) {
    const count = Math.min(CHUNK, leaves - log.size);
    log = appendLeaves(log.size, log.frontier, randomLeaves(count), () => undefined);
  }
  return log;
}

function randomLeaves(count: number): Hash[] {
  return Array.from({ length: count }, () => hashLeaf(randomBytes(64)));
}

/** Appends registrations and proves that the new tree extends the old one, from the old right edge and the new nodes. */
function extendLog(old: Log, count: number): { log: Log; proof: Hash[] } {
  const key = ({ level, index }: NodeId): string => `${level}/${index}`;
  const leaves = randomLeaves(count);
  const nodes = new Map<string, Hash>(leaves.map((hash, i) => [key({ level: 0, index: old.size + i }), hash]));
  decomposeTree(old.size).forEach((id, i) => nodes.set(key(id), old.frontier[i] as Hash));
  const log = appendLeaves(old.size, old.frontier, leaves, (level, index, hash) => nodes.set(key({ level, index }), hash));
  const proof = assembleProof(planConsistencyProof(old.size, log.size), (id) => {
    const hash = nodes.get(key(id));
    if (hash === undefined) throw new Error(`no node ${key(id)}`);
    return hash;
  });
  return { log, proof };
}

async function measureAnchor(from: string, owner: string, old: Log, count: number): Promise<number> {
  const artifact = { abi: checkpointAnchorAbi as unknown as InterfaceAbi, bytecode: checkpointAnchorBytecode };
  const contract = await Deployed.create(artifact, from, 'bench.example/log', createHash('sha256').update('log key').digest(), owner, from, ZERO_ADDRESS);
  await contract.receipt('anchor', old.size, old.root, []);
  const { log, proof } = extendLog(old, count);
  return contract.gasOf('anchor', log.size, log.root, proof);
}

async function sum(count: number, measure: () => Promise<number>): Promise<number> {
  let gas = 0;
  for (let i = 0; i < count; i++) gas += await measure();
  return gas;
}

async function main(): Promise<void> {
  const [from = '', owner = ''] = await request<string[]>('eth_accounts');
  const registry = await Deployed.create(artifactOf('SchemaRegistry'), from);
  const eas = await Deployed.create(artifactOf('EAS'), from, registry.address);
  const schema = (await registry.receipt('register', 'bytes32 contentHash,string title', ZERO_ADDRESS, false)).logs[0]?.topics[1];
  if (schema === undefined) throw new Error('the schema registry said nothing');
  const abiCoder = new Interface(['function data(bytes32 contentHash, string title)']);

  const timestamp = () => eas.gasOf('timestamp', randomBytes(32));
  const attest = (i: number) => {
    const data = `0x${abiCoder.encodeFunctionData('data', [randomBytes(32), `珠江夜航 ${i}`]).slice(10)}`;
    return eas.gasOf('attest', [schema, [ZERO_ADDRESS, 0, false, ZERO_HASH, data, 0]]);
  };
  const multiTimestamp = async (count: number) => {
    let gas = 0;
    for (let done = 0; done < count; done += MULTI) {
      gas += await eas.gasOf('multiTimestamp', Array.from({ length: Math.min(MULTI, count - done) }, () => randomBytes(32)));
    }
    return gas;
  };

  console.log(`growing a log of ${LEAVES} leaves …`);
  const log = growLog(LEAVES);
  const rows: { registrations: number; anchor: number; timestamp: number; multiTimestamp: number; attest: number }[] = [];
  for (const count of COUNTS) {
    let next = 0;
    rows.push({
      registrations: count,
      anchor: await measureAnchor(from, owner, log, count),
      timestamp: await sum(count, timestamp),
      multiTimestamp: await multiTimestamp(count),
      attest: await sum(count, () => attest(next++)),
    });
    console.log(`${count} registrations measured`);
  }

  const times = (gas: number, ours: number) => `${gas.toLocaleString('en')} (${(gas / ours).toFixed(1)} ×)`;
  const judged = rows.find((row) => row.registrations === JUDGED);
  if (judged === undefined) throw new Error(`${JUDGED} registrations were not measured`);
  report(rows.map((row) => ({
    registrations: row.registrations, 'ours, gas': row.anchor.toLocaleString('en'), 'EAS timestamp': times(row.timestamp, row.anchor),
    'EAS multiTimestamp': times(row.multiTimestamp, row.anchor), 'EAS attest': times(row.attest, row.anchor),
  })), {
    bench: 'gas', ours: judged.anchor, peer: judged.timestamp, unit: 'gas', ratio: judged.timestamp / judged.anchor, target: TARGET, runs: 1,
  }, { registrations: JUDGED, leaves: LEAVES });
}

await main();
