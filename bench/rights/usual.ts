import 'reflect-metadata';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Body, type CanActivate, ConflictException, Controller, type ExecutionContext, ForbiddenException, Get, Headers, Injectable, Module, NotFoundException, Param, Post, Query, ServiceUnavailableException, StandardSchemaValidationPipe, UnauthorizedException, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { InjectDataSource, InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { Column, DataSource, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, type Repository, type SelectQueryBuilder } from 'typeorm';
import { LANGUAGE_CODES, RIGHT_CODES, SET_DIMENSIONS, TERRITORY_CODES, toBox, USE_CODES } from '../../src/lib/rights/index.js';
import { formatWorkNumber, parseWorkNumber } from '../../src/lib/statement/index.js';
import { toBoxParameters } from '../../src/modules/licensing/box-columns.js';
import { type Question, questionSchema } from '../../src/modules/licensing/check/question.js';
import { type Grant, grantSchema } from '../../src/modules/licensing/licences/grant-schema.js';
import { sqlState } from '../../src/platform/database/index.js';

/**
 * The same grants and checks written the usual way: NestJS on Express, a guard that looks the key up, and a SERIALIZABLE transaction that looks for what overlaps and then inserts, tried again
 * when PostgreSQL aborts it. No constraint, no statement that is signed or logged, no proof.
 */
@Entity('usual_key')
class UsualKey {
  @PrimaryColumn('bytea') hash: Buffer;
  @Column('uuid') accountId: string;
}

@Entity('usual_title')
class UsualTitle {
  @PrimaryColumn('bigint') workId: string;
  @Column('uuid') accountId: string;
}

@Entity('licence_usual')
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
  @Column('uuid', { nullable: true }) licenseeId: string | null;
  @Column('text', { array: true }) conditions: string[];
  @Column('timestamptz') grantedAt: Date;
  @Column('timestamptz', { nullable: true }) acceptedAt: Date | null;
  @Column('timestamptz', { nullable: true }) voidedAt: Date | null;
}

@Entity('usual_grant_idempotency')
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

const ATTEMPTS = 20;
/** Transactions that PostgreSQL gave up, and grants that had to be given up after {@link ATTEMPTS} of them. */
let [aborts, givenUp] = [0, 0];

@Injectable()
class UsualService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async grant(accountId: string, key: string, number: string, grant: Grant): Promise<object> {
    const workId = parseWorkNumber(number)?.id.toString();
    if (workId === undefined) throw new NotFoundException();
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        return await this.tryToGrant(accountId, key, workId, grant);
      } catch (error) {
        if (!['40001', '40P01'].includes(sqlState(error) ?? '')) throw error;
        aborts++;
        // Those that met wait for different times, or they would meet again.
        await new Promise((done) => setTimeout(done, Math.random() * 2 * attempt));
      }
    }
    givenUp++;
    throw new ServiceUnavailableException();
  }

  private tryToGrant(accountId: string, key: string, workId: string, { licensee, exclusivity, scope, conditions }: Grant): Promise<object> {
    const { box } = toBox(scope);
    if (box === null) throw new ConflictException();
    const [rights = '', territories = '', uses = '', languages = '', term = ''] = toBoxParameters(box);
    return this.dataSource.transaction('SERIALIZABLE', async (tx) => {
      const known = await tx.findOneBy(UsualIdempotency, { accountId, key });
      if (known) return known.response;
      const title = await tx.findOneBy(UsualTitle, { workId });
      if (title?.accountId !== accountId) throw new ForbiddenException();
      const overlapping = tx.createQueryBuilder(UsualLicence, 'l')
        .where('l.workId = :workId AND l.voidedAt IS NULL', { workId })
        .andWhere('l.rights && :rights AND l.territories && :territories AND l.uses && :uses AND l.languages && :languages AND l.term && :term', { rights, territories, uses, languages, term });
      if (exclusivity === 'non-exclusive') overlapping.andWhere(`l.exclusivity IN ('exclusive', 'sole')`);
      if ((await overlapping.take(1).getOne()) !== null) throw new ConflictException();
      const licence = await tx.save(UsualLicence, {
        licenceId: (randomBytes(8).readBigUInt64BE() >> 4n).toString(), workId, exclusivity, rights, territories, uses, languages, term, grantorId: accountId, licenseeId: licensee ?? null, conditions, grantedAt: new Date(),
      });
      const response = { number: formatWorkNumber(BigInt(licence.licenceId), 'LC'), exclusivity, scope };
      await tx.save(UsualIdempotency, { accountId, key, response });
      return response;
    });
  }

  async check(accountId: string, question: Question): Promise<object> {
    const workId = parseWorkNumber(question.work)?.id.toString();
    const title = workId === undefined ? null : await this.dataSource.manager.findOneBy(UsualTitle, { workId });
    if (title === null) throw new NotFoundException();
    const isOwner = title.accountId === (question.licensee ?? accountId);
    const at = this.atPoint(title.workId, question);
    if (isOwner) at.andWhere(`l.exclusivity = 'exclusive'`);
    else {
      const licenceId = parseWorkNumber(question.licensee ?? '', 'LC')?.id.toString();
      if (licenceId === undefined) at.andWhere('l.licenseeId = :licenseeId', { licenseeId: question.licensee ?? accountId });
      else at.andWhere('l.licenceId = :licenceId', { licenceId });
    }
    const licences = await at.take(50).getMany();
    const verdict = isOwner === (licences.length > 0) ? 'forbidden' : 'permitted';
    return { verdict, conditions: licences[0]?.conditions ?? [], reasons: licences.map(({ licenceId, grantedAt }) => ({ licence: formatWorkNumber(BigInt(licenceId), 'LC'), grantedAt })) };
  }

  private atPoint(workId: string, { right, territory, use, language, at }: Question): SelectQueryBuilder<UsualLicence> {
    const codes = [RIGHT_CODES.get(right), TERRITORY_CODES.get(territory), USE_CODES.get(use), LANGUAGE_CODES.get(language)];
    const inside = SET_DIMENSIONS.map((dimension) => `l.${dimension} @> :${dimension}::integer`).join(' AND ');
    return this.dataSource.manager.createQueryBuilder(UsualLicence, 'l')
      .where(`l.workId = :workId AND l.voidedAt IS NULL AND l.acceptedAt IS NOT NULL AND l.term @> :at::timestamptz AND ${inside}`, {
        workId, at: at === undefined ? new Date() : new Date(at), ...Object.fromEntries(SET_DIMENSIONS.map((dimension, i) => [dimension, codes[i]])),
      });
  }
}

@Controller()
@UseGuards(KeyGuard)
class UsualController {
  constructor(private readonly service: UsualService) {}

  @Post('works/:number/licences')
  grant(@Headers('x-account') accountId: string, @Headers('idempotency-key') key: string, @Param('number') number: string, @Body({ schema: grantSchema }) grant: Grant): Promise<object> {
    return this.service.grant(accountId, key, number, grant);
  }

  @Get('rights/check')
  check(@Headers('x-account') accountId: string, @Query({ schema: questionSchema }) question: Question): Promise<object> {
    return this.service.check(accountId, question);
  }
}

const entities = [UsualKey, UsualTitle, UsualLicence, UsualIdempotency];

@Module({
  imports: [TypeOrmModule.forRoot({ type: 'postgres', url: process.env['USUAL_DATABASE_URL'] as string, poolSize: 10, entities, synchronize: true }), TypeOrmModule.forFeature(entities)],
  controllers: [UsualController],
  providers: [UsualService, KeyGuard],
})
class UsualModule {}

const app = await NestFactory.create(UsualModule, new ExpressAdapter(), { logger: ['error'] });
app.useGlobalPipes(new StandardSchemaValidationPipe());
await app.listen(0, '127.0.0.1');
const apiKey = `zb_${randomBytes(32).toString('base64url')}`;
const accountId = process.env['USUAL_ACCOUNT'] ?? randomUUID();
await app.get(DataSource).getRepository(UsualKey).save({ hash: createHash('sha256').update(`Bearer ${apiKey}`).digest(), accountId });
process.on('message', (message) => {
  if (message === 'aborts') process.send?.({ aborts, givenUp });
  if (message === 'stop') void app.close().then(() => process.exit(0));
});
process.send?.({ url: (await app.getUrl()).replace('[::1]', '127.0.0.1'), apiKey });
