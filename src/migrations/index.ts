import { Log1700000000001 } from './0001-log.js';
import { Works1700000000002 } from './0002-works.js';
import { Identity1700000000003 } from './0003-identity.js';
import { Anchoring1700000000004 } from './0004-anchoring.js';
import { Jobs1700000000005 } from './0005-jobs.js';
import { Rights1700000000006 } from './0006-rights.js';
import { Notices1700000000007 } from './0007-notices.js';
import { GrantLicences1700000000008 } from './0008-grant-licences.js';
import { ActorKeys1700000000009 } from './0009-actor-keys.js';
import { Accounting1700000000010 } from './0010-accounting.js';
import { Search1700000000012 } from './0012-search.js';
import { Bank1700000000013 } from './0013-bank.js';
import { Trading1700000000011 } from './0011-trading.js';
import { Negotiations1700000000014 } from './0014-negotiations.js';
import { Delivery1700000000015 } from './0015-delivery.js';
import { ListingSearch1700000000017 } from './0017-listing-search.js';
import { ChainPayments1700000000016 } from './0016-chain-payments.js';
import { NoticeMails1700000000018 } from './0018-notice-mails.js';
import type { MigrationInterface } from 'typeorm';
import { runMigrationsOf } from '../platform/database/index.js';

/** Every migration in the order of its number. A migration that has been released is never edited. */
export const migrations: (new () => MigrationInterface)[] = [
  Log1700000000001,
  Works1700000000002,
  Identity1700000000003,
  Anchoring1700000000004,
  Jobs1700000000005,
  Rights1700000000006,
  Notices1700000000007,
  GrantLicences1700000000008,
  ActorKeys1700000000009,
  Accounting1700000000010,
  Trading1700000000011,
  Search1700000000012,
  Bank1700000000013,
  Negotiations1700000000014,
  Delivery1700000000015,
  ListingSearch1700000000017,
  ChainPayments1700000000016,
  NoticeMails1700000000018,
];

/** Brings the database of `ownerUrl` (`DATABASE_MIGRATION_URL`) up to date. @returns the names of the migrations that ran. */
export function runMigrations(ownerUrl: string): Promise<string[]> {
  return runMigrationsOf(ownerUrl, migrations);
}
