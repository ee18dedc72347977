import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ChangeAccountBody } from './identity.schemas.js';

/** Changes how an account is written to; what is not sent stays. */
@Injectable()
export class ChangeAccount {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async execute(accountId: string, { locale, noticeMails }: ChangeAccountBody): Promise<void> {
    await this.dataSource.query('UPDATE account SET locale = coalesce($2, locale), notice_mails = coalesce($3, notice_mails) WHERE account_id = $1', [accountId, locale ?? null, noticeMails ?? null]);
  }
}
