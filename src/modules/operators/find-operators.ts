import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';

/** For other modules: who is an operator. Asked each time: a dismissal counts at once. */
@Injectable()
export class FindOperators {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async isOperator(accountId: string): Promise<boolean> {
    const [row] = await this.dataSource.query<{ serves: boolean }[]>('SELECT is_operator($1) AS serves', [accountId]);
    return row?.serves === true;
  }

  /** Whom to tell of what waits for an operator. */
  async ids(): Promise<string[]> {
    const rows = await this.dataSource.query<{ account_id: string }[]>('SELECT account_id FROM operator WHERE dismissed_at IS NULL ORDER BY appointed_at, account_id');
    return rows.map((row) => row.account_id);
  }
}
