import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Texts sent to the holder come in this language. */
export type Locale = 'zh' | 'en';

@Entity('account')
export class AccountEntity {
  @PrimaryColumn('uuid', { name: 'account_id' })
  accountId: string;

  /** Lower case; unique. */
  @Column('text')
  email: string;

  @Column('text', { name: 'display_name' })
  displayName: string;

  /** PHC string of argon2id. */
  @Column('text', { name: 'password_hash', select: false })
  passwordHash: string;

  @Column('text')
  locale: Locale;

  /** Whether notices are mailed as well; links that its holder asks for always are. */
  @Column('boolean', { name: 'notice_mails' })
  noticeMails: boolean;

  @Column('timestamptz', { name: 'email_verified_at', nullable: true })
  emailVerifiedAt: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
