import 'reflect-metadata';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Body, type CanActivate, ConflictException, Controller, type ExecutionContext, Headers, Injectable, Module, Post, StandardSchemaValidationPipe, UnauthorizedException, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { InjectDataSource, InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { Column, DataSource, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, type Repository } from 'typeorm';
import type { z } from 'zod';
import { declaredWorkSchema } from '../../src/lib/api-schema/index.js';
import { encodeStatement, formatWorkNumber } from '../../src/lib/statement/index.js';
import { composeDeposit } from '../../src/modules/works/compose-deposit.js';

/** The same registration written the usual way: NestJS on Express, a guard that looks the key up, one TypeORM transaction of `save`s. No log, no receipt. */
@Entity('usual_key')
class UsualKey {
  @PrimaryColumn('bytea') hash: Buffer;
  @Column('uuid') accountId: string;
}

@Entity('usual_work')
class UsualWork {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('text') @Index({ unique: true }) number: string;
  @Column('uuid') @Index() accountId: string;
  @Column('text') category: string;
  @Column('text') visibility: string;
  @Column('text') title: string;
  @Column('timestamptz') depositedAt: Date;
}

@Entity('usual_deposit')
class UsualDeposit {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('uuid') @Index() workId: string;
  @Column('text') @Index({ unique: true }) sha256: string;
  @Column('bigint') byteLength: number;
  @Column('text') mediaType: string;
  @Column('jsonb') disclosures: unknown;
}

@Entity('usual_statement')
class UsualStatement {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('text') @Index() subject: string;
  @Column('bytea') bytes: Buffer;
  @Column('bytea') leafHash: Buffer;
}

@Entity('usual_idempotency')
@Index(['accountId', 'key'], { unique: true })
class UsualIdempotency {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('uuid') accountId: string;
  @Column('text') key: string;
  @Column('bytea') payloadHash: Buffer;
  @Column('jsonb') response: unknown;
}

/** One row, nothing else: the floor of what a CRUD service does. */
@Entity('usual_row')
class UsualRow {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('text') sha256: string;
  @Column('text') title: string;
}

interface Authenticated {
  headers: Record<string, string | undefined>;
  accountId?: string;
}

@Injectable()
class KeyGuard implements CanActivate {
  constructor(@InjectRepository(UsualKey) private readonly keys: Repository<UsualKey>) {}
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Authenticated>();
    const key = await this.keys.findOneBy({ hash: createHash('sha256').update(request.headers['authorization'] ?? '').digest() });
    if (!key) throw new UnauthorizedException();
    request.accountId = key.accountId;
    return true;
  }
}

type DeclaredWork = z.output<typeof declaredWorkSchema>;

@Injectable()
class UsualService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async register(accountId: string, key: string, { contents, ...form }: DeclaredWork): Promise<unknown> {
    const number = formatWorkNumber(randomBytes(8).readBigUInt64BE() >> 4n);
    const now = new Date();
    const { body, sealed, disclosures } = composeDeposit(form, contents.map((content) => ({ ...content, deposit: 'declared' as const })));
    const random = randomUUID();
    const { bytes, leafHash } = encodeStatement({
      zhengben: 1, type: 'work.deposited', id: `${random.slice(0, 14)}7${random.slice(15)}`, subject: number, seq: 0, prev: null, issuedAt: now.toISOString(), actor: `acct:${accountId}`, body, sealed: sealed.toSorted(),
    });
    return this.dataSource.transaction(async (tx) => {
      const known = await tx.findOneBy(UsualIdempotency, { accountId, key });
      if (known) return known.response;
      const content = contents[0];
      if (!content || (await tx.existsBy(UsualDeposit, { sha256: content.sha256 }))) throw new ConflictException();
      const work = await tx.save(UsualWork, { number, accountId, category: form.category, visibility: form.visibility, title: form.title, depositedAt: now });
      await tx.save(UsualDeposit, { workId: work.id, sha256: content.sha256, byteLength: content.byteLength, mediaType: content.mediaType, disclosures });
      await tx.save(UsualStatement, { subject: number, bytes: Buffer.from(bytes), leafHash: Buffer.from(leafHash) });
      const response = { number, status: 'accepted', leafHash: Buffer.from(leafHash).toString('hex') };
      await tx.save(UsualIdempotency, { accountId, key, payloadHash: createHash('sha256').update(JSON.stringify({ form, contents })).digest(), response });
      return response;
    });
  }
}

@Controller()
class UsualController {
  constructor(private readonly service: UsualService, @InjectRepository(UsualRow) private readonly rows: Repository<UsualRow>) {}

  @Post('works')
  @UseGuards(KeyGuard)
  register(@Headers('x-account') accountId: string, @Headers('idempotency-key') key: string, @Body({ schema: declaredWorkSchema }) work: DeclaredWork): Promise<unknown> {
    return this.service.register(accountId, key, work);
  }

  @Post('rows')
  row(@Body() { title, contents }: { title: string; contents: { sha256: string }[] }): Promise<UsualRow> {
    return this.rows.save({ title, sha256: contents[0]?.sha256 ?? '' });
  }
}

const entities = [UsualKey, UsualWork, UsualDeposit, UsualStatement, UsualIdempotency, UsualRow];

@Module({
  imports: [TypeOrmModule.forRoot({ type: 'postgres', url: process.env['USUAL_DATABASE_URL'] as string, poolSize: 10, entities, synchronize: true }), TypeOrmModule.forFeature(entities)],
  controllers: [UsualController],
  providers: [UsualService, KeyGuard],
})
class UsualModule {}

const app = await NestFactory.create(UsualModule, new ExpressAdapter(), { logger: ['error'] });
app.useGlobalPipes(new StandardSchemaValidationPipe());
await app.listen(0, '127.0.0.1');
const accountId = randomUUID();
const apiKey = `zb_${randomBytes(32).toString('base64url')}`;
await app.get(DataSource).getRepository(UsualKey).save({ hash: createHash('sha256').update(`Bearer ${apiKey}`).digest(), accountId });
process.on('message', (message) => {
  if (message === 'stop') void app.close().then(() => process.exit(0));
});
process.send?.({ url: (await app.getUrl()).replace('[::1]', '127.0.0.1'), apiKey, accountId });
