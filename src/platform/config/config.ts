import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { parseSignerKey } from '../../lib/note/index.js';

/** Nest injection token of the frozen {@link Config}. */
export const CONFIG = Symbol('Config');

const positive = (fallback: number) => z.coerce.number().int().positive().default(fallback);
const list = z.string().transform((text) => text.split(',').map((part) => part.trim()).filter((part) => part !== ''));
/** As proxy-addr takes it. Neither `true` nor a number of hops: with one hop too many the address is what the client itself wrote into X-Forwarded-For. */
const proxy = z.string().refine(isProxy, 'must be addresses or networks, not a switch or a number of hops');
const evmAddress = z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address, 0x and 40 hex digits').transform((text) => text.toLowerCase());
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL');

/** Every environment variable that the service reads; the README lists the same ones. */
const environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: z.url().optional(),
  TRUST_PROXY: list.pipe(z.array(proxy)).default([]),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: postgresUrl,
  DATABASE_POOL_SIZE: positive(10),
  EVM_RPC_URL: list.pipe(z.array(z.url()).min(1)),
  PUBLIC_RPC_URL: z.url().optional(),
  EVM_CHAIN_ID: z.coerce.number().int().positive().default(31_337),
  ANCHOR_CONTRACT: z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'must be a contract address, 0x and 40 hex digits'),
  ANCHOR_KEY_FILE: z.string(),
  ANCHOR_INTERVAL: z.coerce.number().positive().default(10),
  ANCHOR_CONFIRMATIONS: z.coerce.number().int().min(0).default(12),
  LOG_ORIGIN: z.string().regex(/^[^\s+]+$/, 'must not hold spaces or «+»'),
  LOG_KEY_FILE: z.string(),
  LOG_PREVIOUS_KEY_FILE: z.string().optional(),
  MERGE_DELAY: positive(86_400),
  SEQUENCE_INTERVAL_MS: positive(200),
  MAX_FILE_BYTES: positive(8 * 1024 ** 3),
  MAX_FILES: positive(50),
  MAX_FORM_BYTES: positive(32 * 1024),
  SMTP_URL: z.string().regex(/^smtps?:\/\//, 'must be an smtp:// or smtps:// URL').optional(),
  MAIL_FROM: z.string().default('Zhengben <no-reply@localhost>'),
  RATE_LIMIT_PER_MINUTE: positive(6_000),
  FOUR_EYES_FROM: list.pipe(z.array(z.string().regex(/^[A-Z]{3}=\d{1,18}$/, 'must be such as CNY=5000000, in minor units'))).default(['CNY=5000000', 'USD=700000', 'HKD=5500000', 'EUR=650000']),
  REGIME: z.enum(['international', 'cn']).default('international'),
  TRADE_FEE_BPS: z.coerce.number().int().min(0).max(5_000).default(500),
  TRADE_TAX_BPS: z.coerce.number().int().min(0).max(5_000).default(0),
  BUYER_PROTECTION: z.coerce.number().int().min(0).default(7 * 86_400),
  SETTLEMENT_CONTRACT: evmAddress.optional(),
  SETTLEMENT_KEY_FILE: z.string().optional(),
  ORDER_SIGNER_KEY_FILE: z.string().optional(),
  SETTLEMENT_FEE_ADDRESS: evmAddress.optional(),
  SETTLEMENT_TOKENS: list.pipe(z.array(evmAddress)).default([]),
  SETTLEMENT_CONFIRMATIONS: z.coerce.number().int().min(0).default(12),
  SETTLEMENT_INTERVAL: z.coerce.number().positive().default(5),
  SETTLEMENT_TERM: positive(86_400),
  ORDER_EXPIRY: positive(3_600),
  DELIVERY_LINK: z.coerce.number().int().min(1).max(86_400).default(900),
});

type Environment = z.infer<typeof environment>;

export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** Base of every absolute link, without a trailing slash. */
  readonly publicUrl: string;
  /** Addresses and networks whose `X-Forwarded-For` is believed; empty: nobody's. */
  readonly trustProxy: readonly string[];
  readonly logLevel: Environment['LOG_LEVEL'];
  readonly dataDir: string;
  readonly database: { readonly url: string; readonly poolSize: number };
  readonly chain: {
    readonly rpcUrls: readonly string[];
    /** What browsers may ask the same chain at; null: they are told of none. The other URLs may hold a provider's key. */
    readonly publicRpcUrl: string | null;
    readonly chainId: number;
    readonly contract: string;
    readonly keyFile: string;
    readonly intervalSeconds: number;
    readonly confirmations: number;
  };
  readonly log: {
    readonly origin: string;
    /** The signer key, `PRIVATE+KEY+…`; never logged. */
    readonly signerKey: string;
    /** During a rotation both keys sign for 30 days. */
    readonly previousSignerKey: string | null;
    readonly mergeDelaySeconds: number;
    readonly sequenceIntervalMs: number;
  };
  readonly limits: { readonly fileBytes: number; readonly files: number; readonly formBytes: number; readonly requestsPerMinute: number };
  readonly trading: {
    /** `cn`: nothing is paid in crypto-assets (notice of 24 September 2021). */
    readonly regime: Environment['REGIME'];
    /** Of each price, and what is withheld of the rest. */
    readonly feeBps: number;
    readonly taxBps: number;
    /** How long the buyer of a slice may object before the money goes. */
    readonly protectionSeconds: number;
    /** How long a link to an original works. */
    readonly deliveryLinkSeconds: number;
  };
  /** Payment on chain, on the chain that anchors go to; null: not offered. */
  readonly settlement: {
    /** The `RightsSettlement`; addresses in lower case. */
    readonly contract: string;
    /** The settler's, who releases and refunds, and the order signer's, who sends nothing. */
    readonly keyFile: string;
    readonly signerKeyFile: string;
    /** Who has the fees; null: the settler. */
    readonly feeAddress: string | null;
    /** ERC-20 contracts that orders are signed in. */
    readonly tokens: readonly string[];
    /** An event with more confirmations than these is believed; its own block is the first. */
    readonly confirmations: number;
    readonly intervalSeconds: number;
    /** How long a buyer has to pay. */
    readonly expirySeconds: number;
    /** From then, and the time to object of a slice, to the contract's deadline, from which on the buyer takes back what was not released. Nothing is settled in its second half. */
    readonly termSeconds: number;
  } | null;
  readonly accounting: {
    /** Amounts of minor units, by currency, from which two operators confirm what came to the bank or leaves it; of other currencies every amount. */
    readonly fourEyesFrom: Readonly<Record<string, bigint>>;
  };
  readonly mail: { readonly smtpUrl: string | null; readonly from: string };
}

/** What is missing or wrong, one line each; `message` is the readable list. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not complete:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

const hints: Partial<Record<keyof Environment, string>> = {
  TRUST_PROXY: 'the addresses of your proxies, separated by commas, e.g. 10.0.0.5,192.168.1.0/24,loopback; leave it out when there is none',
  DATABASE_URL: 'the PostgreSQL to use as the role zhengben_service, postgres://zhengben_service:…@host/zhengben',
  EVM_RPC_URL: 'JSON-RPC URL(s) of the chain that anchors are written to, separated by commas',
  EVM_CHAIN_ID: 'the chain id that those URLs must answer with',
  ANCHOR_CONTRACT: 'the address of the deployed CheckpointAnchor',
  ANCHOR_KEY_FILE: 'a file with the private key of the anchorer, 0x and 64 hex digits',
  SETTLEMENT_KEY_FILE: 'a file with the private key of the settler, 0x and 64 hex digits',
  ORDER_SIGNER_KEY_FILE: 'a file with the private key that orders are signed with, another one than the settler’s',
  LOG_ORIGIN: 'the name of the log, e.g. log.example.org; it can never change',
  LOG_KEY_FILE: 'a file with the signing key of the log, made by «zhengben log keygen ORIGIN»',
  SMTP_URL: 'the server that mails are sent by, smtp://… or smtps://…',
  PUBLIC_URL: 'the address that users reach the service at, https://…',
};

/** `MAX_TERM` of `RightsSettlement`, but for the clock of a chain that is behind ours. */
const LONGEST_TERM = 90 * 86_400 - 3_600;

/** The service never falls back to generated keys or the development chain in production. */
const mustBeSetInProduction = ['EVM_CHAIN_ID', 'PUBLIC_URL', 'DATA_DIR', 'SMTP_URL'] as const;

/**
 * Reads the configuration from environment variables.
 * @throws ConfigError with every problem at once.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(given);
  const production = given['NODE_ENV'] === 'production';
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const name = String(issue.path[0]) as keyof Environment;
      const hint = hints[name] ? ` (${hints[name]})` : '';
      problems.push(given[name] === undefined ? `set ${name}${hint}` : `${name}: ${issue.message}${hint}`);
    }
  }
  if (production) {
    for (const name of mustBeSetInProduction) {
      if (given[name] === undefined) problems.push(`set ${name}${hints[name as keyof Environment] ? ` (${hints[name as keyof Environment]})` : ''}`);
    }
    if (given['EVM_CHAIN_ID'] === '31337') problems.push('EVM_CHAIN_ID: 31337 is a development chain; it proves no time');
    if (given['LOG_ORIGIN']?.startsWith('localhost')) problems.push(`LOG_ORIGIN: ${given['LOG_ORIGIN']} is the name of a development log (${hints.LOG_ORIGIN})`);
  }
  const assertLogKey = (key: string): void => {
    const { name } = parseSignerKey(key);
    if (given['LOG_ORIGIN'] !== undefined && name !== given['LOG_ORIGIN']) throw new Error(`is the key of the log «${name}», and LOG_ORIGIN is «${given['LOG_ORIGIN']}»`);
  };
  const signerKey = readKey('LOG_KEY_FILE', given['LOG_KEY_FILE'], assertLogKey, problems);
  const previousSignerKey = given['LOG_PREVIOUS_KEY_FILE'] === undefined ? null : readKey('LOG_PREVIOUS_KEY_FILE', given['LOG_PREVIOUS_KEY_FILE'], assertLogKey, problems);
  readKey('ANCHOR_KEY_FILE', given['ANCHOR_KEY_FILE'], assertEvmKey, problems);
  if (given['SETTLEMENT_CONTRACT'] !== undefined) {
    const names = ['SETTLEMENT_KEY_FILE', 'ORDER_SIGNER_KEY_FILE'] as const;
    for (const name of names) if (given[name] === undefined) problems.push(`set ${name} (${hints[name]})`);
    const [settler, signer] = names.map((name) => readKey(name, given[name], assertEvmKey, problems));
    if (settler !== '' && settler === signer) problems.push(`ORDER_SIGNER_KEY_FILE: is the settler’s key (${hints.ORDER_SIGNER_KEY_FILE})`);
    if (parsed.success && parsed.data.ORDER_EXPIRY + parsed.data.BUYER_PROTECTION + parsed.data.SETTLEMENT_TERM > LONGEST_TERM) problems.push('ORDER_EXPIRY, BUYER_PROTECTION and SETTLEMENT_TERM: together they are above 90 days, which the contract refuses');
  }
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);

  const value = parsed.data;
  return Object.freeze<Config>({
    production,
    host: value.HOST,
    port: value.PORT,
    publicUrl: (value.PUBLIC_URL ?? `http://localhost:${value.PORT}`).replace(/\/+$/, ''),
    trustProxy: value.TRUST_PROXY,
    logLevel: value.LOG_LEVEL,
    dataDir: resolve(value.DATA_DIR),
    database: { url: value.DATABASE_URL, poolSize: value.DATABASE_POOL_SIZE },
    chain: {
      rpcUrls: value.EVM_RPC_URL,
      publicRpcUrl: value.PUBLIC_RPC_URL ?? null,
      chainId: value.EVM_CHAIN_ID,
      contract: value.ANCHOR_CONTRACT,
      keyFile: resolve(value.ANCHOR_KEY_FILE),
      intervalSeconds: value.ANCHOR_INTERVAL,
      confirmations: value.ANCHOR_CONFIRMATIONS,
    },
    log: {
      origin: value.LOG_ORIGIN,
      signerKey,
      previousSignerKey,
      mergeDelaySeconds: value.MERGE_DELAY,
      sequenceIntervalMs: value.SEQUENCE_INTERVAL_MS,
    },
    limits: { fileBytes: value.MAX_FILE_BYTES, files: value.MAX_FILES, formBytes: value.MAX_FORM_BYTES, requestsPerMinute: value.RATE_LIMIT_PER_MINUTE },
    trading: { regime: value.REGIME, feeBps: value.TRADE_FEE_BPS, taxBps: value.TRADE_TAX_BPS, protectionSeconds: value.BUYER_PROTECTION, deliveryLinkSeconds: value.DELIVERY_LINK },
    settlement: value.SETTLEMENT_CONTRACT === undefined ? null : {
      contract: value.SETTLEMENT_CONTRACT, keyFile: resolve(value.SETTLEMENT_KEY_FILE ?? ''), signerKeyFile: resolve(value.ORDER_SIGNER_KEY_FILE ?? ''), feeAddress: value.SETTLEMENT_FEE_ADDRESS ?? null, tokens: value.SETTLEMENT_TOKENS,
      confirmations: value.SETTLEMENT_CONFIRMATIONS, intervalSeconds: value.SETTLEMENT_INTERVAL, expirySeconds: value.ORDER_EXPIRY, termSeconds: value.SETTLEMENT_TERM,
    },
    accounting: { fourEyesFrom: Object.fromEntries(value.FOUR_EYES_FROM.map((text) => text.split('=') as [string, string]).map(([currency, amount]) => [currency, BigInt(amount)])) },
    mail: { smtpUrl: value.SMTP_URL ?? null, from: value.MAIL_FROM },
  });
}

/** The key itself never stands in a message. */
function readKey(name: string, path: string | undefined, assertKey: (key: string) => void, problems: string[]): string {
  if (path === undefined) return '';
  let key: string;
  try {
    key = readFileSync(path, 'utf8').trim();
  } catch (error) {
    problems.push(`${name}: cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? 'unreadable'})`);
    return '';
  }
  try {
    assertKey(key);
  } catch (error) {
    problems.push(`${name}: ${path} ${error instanceof Error && error.message.startsWith('is ') ? error.message : 'holds no such key'} (${hints[name as keyof Environment] ?? 'the key before the last rotation'})`);
  }
  return key;
}

function isProxy(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [, address = '', prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && (prefix === undefined || (Number(prefix) >= 1 && Number(prefix) <= (version === 4 ? 32 : 128)));
}

function assertEvmKey(key: string): void {
  if (!/^0x[0-9a-fA-F]{64}$/.test(key)) throw new Error('is not a private key');
}
