import { createTransport, type Transporter } from 'nodemailer';
import type { Mail, MailPort } from './mail-port.js';

const TIMEOUT_MS = 15_000;

/** Why a mail did not leave. Servers repeat the recipient's address in what they say, and whatever is thrown reaches the log and the queue: the codes say enough. */
class MailRefused extends Error {
  override readonly name = 'MailRefused';
  /** @param code of nodemailer or the system, such as `EENVELOPE`. @param responseCode what the server answered (RFC 5321, section 4.2), when it did. */
  constructor(readonly code: string | undefined, readonly responseCode: number | undefined) {
    super(`the mail was not sent: ${[code, responseCode].filter((part) => part !== undefined).join(' ') || 'no reason given'}`);
  }
}

/** Sends through `SMTP_URL`, e.g. `smtps://user:password@mail.example.org`. */
export class SmtpMail implements MailPort {
  private readonly transport: Transporter;

  constructor(
    smtpUrl: string,
    private readonly from: string,
  ) {
    this.transport = createTransport({ url: smtpUrl, connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS });
  }

  /** @throws MailRefused. */
  async send({ to, subject, text }: Mail): Promise<void> {
    // The parts are given apart, so that no address can smuggle in another one.
    const message = { from: this.from, to: { name: '', address: to }, subject, text, disableFileAccess: true, disableUrlAccess: true };
    await this.transport.sendMail(message).catch((error: { code?: unknown; responseCode?: unknown }) => {
      throw new MailRefused(typeof error.code === 'string' ? error.code : undefined, typeof error.responseCode === 'number' ? error.responseCode : undefined);
    });
  }
}
