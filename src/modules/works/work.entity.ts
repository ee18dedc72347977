import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A work as it is found and listed. What it says stands in its statements; this is who deposited it and what is searched. */
@Entity('work')
export class WorkEntity {
  /** Decimal text of the 60 bits of the work number. */
  @PrimaryColumn({ name: 'work_id', type: 'bigint' })
  workId: string;

  @Column({ name: 'account_id', type: 'uuid' })
  accountId: string;

  @Column('text')
  category: string;

  @Column('text')
  visibility: 'public' | 'confidential';

  @Column({ type: 'text', nullable: true })
  title: string | null;

  @Column({ name: 'deposited_at', type: 'timestamptz' })
  depositedAt: Date;

  @Column({ name: 'withdrawn_at', type: 'timestamptz', nullable: true })
  withdrawnAt: Date | null;
}
