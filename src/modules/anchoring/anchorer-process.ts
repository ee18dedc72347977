import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Counter, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { ChainClient, TransactionSigner } from '../../platform/chain/index.js';
import { CONFIG, type Config, ConfigError } from '../../platform/config/index.js';
import { parseVerifierKey } from '../../lib/note/index.js';
import { CheckHead, LogGate, LogKeys, LogReader } from '../log/index.js';
import { AnchorReader } from './anchor-reader.js';
import { Anchorer } from './anchorer.js';
import { anchorerOptions } from './anchorer-options.js';
import { lookAtBoot } from './check-anchored-head.js';
import { findChainProblems } from './find-chain-problems.js';
import type { LogSource } from './log-source.js';

/** At boot the chain gets this long; a chain that is down must not keep registrations waiting. */
const BOOT_TIMEOUT_MS = 2_000;

/** The anchorer of this process, from start to stop. Of several processes one anchors. */
@Injectable()
export class AnchorerProcess implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Anchorer');
  private readonly anchorer: Anchorer;
  private readonly log: LogSource;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @InjectDataSource() dataSource: DataSource,
    private readonly reader: LogReader,
    private readonly keys: LogKeys,
    checkHead: CheckHead,
    gate: LogGate,
    anchors: AnchorReader,
    metrics: Registry,
  ) {
    const failures = new Counter({ name: 'zhengben_rpc_errors_total', help: 'Failed exchanges with chain nodes', labelNames: ['host', 'method'], registers: [metrics] });
    const options = anchorerOptions(config);
    const chain = new ChainClient(config.chain.rpcUrls, config.chain.chainId, {
      // A broadcast must end while the lease that allowed it lasts.
      timeoutMs: Math.min(10_000, options.leaseSeconds * 500),
      onFailure: ({ host, method }) => failures.inc({ host, method }),
    });
    this.log = {
      published: () => reader.published(),
      consistencyProof: (oldSize, newSize) => reader.consistencyProof(oldSize, newSize),
      findContradiction: (treeSize, rootHash) => checkHead.findContradiction(treeSize, rootHash, 'anchored'),
      conclude: (contradiction) => gate.record('anchored', contradiction),
    };
    const signer = readSigner(config.chain.keyFile);
    this.anchorer = new Anchorer({ dataSource, log: this.log, signer, options }, chain, `${hostname()}:${process.pid}:${randomUUID()}`, () => anchors.invalidate());
  }

  /** @throws ConfigError when the chain contradicts the configuration. */
  async onModuleInit(): Promise<void> {
    const { rpcUrls, chainId, contract } = this.config.chain;
    const logKeys = [...this.keys.vkeys, ...(await this.reader.formerKeys())].map((vkey) => parseVerifierKey(vkey).publicKey);
    const problems = await findChainProblems({ rpcUrls, chainId, contract, origin: this.keys.origin, logKeys }, { timeoutMs: BOOT_TIMEOUT_MS, attempts: 1 });
    if (problems.length > 0) throw new ConfigError(problems);
    const chain = new ChainClient(rpcUrls, chainId, { timeoutMs: BOOT_TIMEOUT_MS, attempts: 1 });
    try {
      await lookAtBoot(chain, contract, this.log);
    } catch (error) {
      this.logger.warn(`the log was not compared with the chain at boot: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      chain.close();
    }
  }

  onApplicationBootstrap(): void {
    this.anchorer.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.anchorer.stop();
  }
}

/** @throws ConfigError when the file does not hold a private key */
function readSigner(path: string): TransactionSigner {
  try {
    return new TransactionSigner(readFileSync(path, 'utf8').trim());
  } catch (error) {
    throw new ConfigError([`ANCHOR_KEY_FILE: ${path}: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
