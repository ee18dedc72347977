import 'reflect-metadata';
import { createHash, randomBytes } from 'node:crypto';
import { Body, type CanActivate, ConflictException, Controller, type ExecutionContext, Headers, Injectable, Module, NotFoundException, Post, StandardSchemaValidationPipe, UnauthorizedException, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { InjectDataSource, InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { Column, type DataSource, Entity, type EntityManager, Index, PrimaryColumn, PrimaryGeneratedColumn, type Repository } from 'typeorm';
import { formatWorkNumber } from '../../src/lib/statement/index.js';
import { type NewOrder, orderSchema } from '../../src/modules/trading/orders/place-order.js';

/**
 * The same trade written the usual way: NestJS on Express, a guard that looks the key up, and a transaction that locks the buyer's and the seller's balance, looks for a licence that bars this one, inserts licence, order
 * and postings, and updates both balances. No constraint, no statement that is signed or logged, no fee, no notice.
 */
@Entity('usual_trade_key')
class UsualKey {
  @PrimaryColumn('bytea') hash: Buffer;
  @Column('uuid') accountId: string;
}

@Entity('usual_balance')
class UsualBalance {
  @PrimaryColumn('uuid') accountId: string;
  @PrimaryColumn('text') currency: string;
  @Column('bigint') amount: string;
}

@Entity('usual_listing')
class UsualListing {
  @PrimaryColumn('text') number: string;
  @Column('bigint') workId: string;
  @Column('uuid') sellerId: string;
  @Column('int4multirange') rights: string;
  @Column('int4multirange') territories: string;
  @Column('int4multirange') uses: string;
  @Column('int4multirange') languages: string;
  @Column('tstzrange') term: string;
  @Column('text') currency: string;
  @Column('bigint') amount: string;
  @Column('timestamptz', { nullable: true }) closedAt: Date | null;
}

@Entity('usual_trade_licence')
@Index(['workId', 'exclusivity'])
@Index(['workId', 'licenseeId'])
class UsualLicence {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('bigint') @Index({ unique: true }) licenceId: string;
  @Column('bigint') workId: string;
  @Column('text') exclusivity: string;
  @Column('int4multirange') rights: string;
  @Column('int4multirange') territories: string;
  @Column('int4multirange') uses: string;
  @Column('int4multirange') languages: string;
  @Column('tstzrange') term: string;
  @Column('uuid') grantorId: string;
  @Column('uuid') licenseeId: string;
  @Column('timestamptz') grantedAt: Date;
  @Column('timestamptz', { nullable: true }) voidedAt: Date | null;
}

@Entity('usual_order')
@Index(['buyerId', 'createdAt'])
@Index(['sellerId', 'createdAt'])
class UsualOrder {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('bigint') @Index({ unique: true }) orderId: string;
  @Column('text') listing: string;
  @Column('uuid') buyerId: string;
  @Column('uuid') sellerId: string;
  @Column('text') currency: string;
  @Column('bigint') amount: string;
  @Column('text') state: string;
  @Column('bigint') licenceId: string;
  @Column('timestamptz') createdAt: Date;
}

@Entity('usual_posting')
@Index(['accountId', 'id'])
class UsualPosting {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column('bigint') @Index() orderId: string;
  @Column('uuid') accountId: string;
  @Column('text') currency: string;
  @Column('bigint') amount: string;
}

@Entity('usual_trade_idempotency')
@Index(['accountId', 'key'], { unique: true })
class UsualIdempotency {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('uuid') accountId: string;
  @Column('text') key: string;
  @Column('jsonb') response: object;
}

interface Authenticated {
  headers: Record<string, string | undefined>;
}

@Injectable()
class KeyGuard implements CanActivate {
  constructor(@InjectRepository(UsualKey) private readonly keys: Repository<UsualKey>) {}
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Authenticated>();
    const key = await this.keys.findOneBy({ hash: createHash('sha256').update(request.headers['authorization'] ?? '').digest() });
    if (!key) throw new UnauthorizedException();
    request.headers['x-account'] = key.accountId;
    return true;
  }
}

const drawId = (): bigint => randomBytes(8).readBigUInt64BE() >> 4n;

@Injectable()
class UsualService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  buy(buyerId: string, key: string, { listing: number, max }: NewOrder): Promise<object> {
    return this.dataSource.transaction(async (tx) => {
      const known = await tx.findOneBy(UsualIdempotency, { accountId: buyerId, key });
      if (known) return known.response;
      const listing = await tx.findOneBy(UsualListing, { number });
      if (!listing) throw new NotFoundException();
      const { sellerId, currency, amount, workId, rights, territories, uses, languages, term } = listing;
      if (listing.closedAt !== null || max.currency !== currency || BigInt(max.amountMinor) < BigInt(amount)) throw new ConflictException();
      const buyer = await lock(tx, buyerId, currency);
      await lock(tx, sellerId, currency);
      if (BigInt(buyer.amount) < BigInt(amount)) throw new ConflictException();
      const barring = tx.createQueryBuilder(UsualLicence, 'l')
        .where(`l.workId = :workId AND l.voidedAt IS NULL AND l.exclusivity IN ('exclusive', 'sole')`, { workId })
        .andWhere('l.rights && :rights AND l.territories && :territories AND l.uses && :uses AND l.languages && :languages AND l.term && :term', { rights, territories, uses, languages, term });
      if ((await barring.take(1).getOne()) !== null) throw new ConflictException();
      const now = new Date();
      const [orderId, licenceId] = [drawId(), drawId()];
      await tx.save(UsualLicence, { licenceId: licenceId.toString(), workId, exclusivity: 'non-exclusive', rights, territories, uses, languages, term, grantorId: sellerId, licenseeId: buyerId, grantedAt: now });
      await tx.save(UsualOrder, { orderId: orderId.toString(), listing: number, buyerId, sellerId, currency, amount, state: 'settled', licenceId: licenceId.toString(), createdAt: now });
      await tx.save(UsualPosting, [{ orderId: orderId.toString(), accountId: buyerId, currency, amount: `-${amount}` }, { orderId: orderId.toString(), accountId: sellerId, currency, amount }]);
      await tx.decrement(UsualBalance, { accountId: buyerId, currency }, 'amount', amount);
      await tx.increment(UsualBalance, { accountId: sellerId, currency }, 'amount', amount);
      const response = { number: formatWorkNumber(orderId, 'OR'), state: 'settled', listing: number, work: formatWorkNumber(BigInt(workId)), amountMinor: amount, currency, licence: formatWorkNumber(licenceId, 'LC') };
      await tx.save(UsualIdempotency, { accountId: buyerId, key, response });
      return response;
    });
  }
}

async function lock(tx: EntityManager, accountId: string, currency: string): Promise<UsualBalance> {
  const balance = await tx.findOne(UsualBalance, { where: { accountId, currency }, lock: { mode: 'pessimistic_write' } });
  if (!balance) throw new ConflictException();
  return balance;
}

@Controller()
@UseGuards(KeyGuard)
class UsualController {
  constructor(private readonly service: UsualService) {}

  @Post('orders')
  buy(@Headers('x-account') accountId: string, @Headers('idempotency-key') key: string, @Body({ schema: orderSchema }) order: NewOrder): Promise<object> {
    return this.service.buy(accountId, key, order);
  }
}

const entities = [UsualKey, UsualBalance, UsualListing, UsualLicence, UsualOrder, UsualPosting, UsualIdempotency];

@Module({
  imports: [TypeOrmModule.forRoot({ type: 'postgres', url: process.env['USUAL_DATABASE_URL'] as string, poolSize: 10, entities, synchronize: true }), TypeOrmModule.forFeature(entities)],
  controllers: [UsualController],
  providers: [UsualService, KeyGuard],
})
class UsualModule {}

const app = await NestFactory.create(UsualModule, new ExpressAdapter(), { logger: ['error'] });
app.useGlobalPipes(new StandardSchemaValidationPipe());
await app.listen(0, '127.0.0.1');
process.on('message', (message) => {
  if (message === 'stop') void app.close().then(() => process.exit(0));
});
process.send?.({ url: (await app.getUrl()).replace('[::1]', '127.0.0.1') });
