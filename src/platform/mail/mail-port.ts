/** A mail in plain text. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Hands mails on. Called from jobs only, never inside a transaction: a failure means that the job tries again. */
export interface MailPort {
  send(mail: Mail): Promise<void>;
}

/** Nest injection token of the {@link MailPort}. */
export const MAIL = Symbol('Mail');
