import { createTransport, type Transporter } from 'nodemailer';
import type { Mail, MailPort } from './mail-port.js';

const TIMEOUT_MS = 15_000;

/** Sends through `SMTP_URL`, e.g. `smtps://user:password@mail.example.org`. */
export class SmtpMail implements MailPort {
  private readonly transport: Transporter;

  constructor(
    smtpUrl: string,
    private readonly from: string,
  ) {
    this.transport = createTransport({ url: smtpUrl, connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS });
  }

  async send({ to, subject, text }: Mail): Promise<void> {
    // The parts are given apart, so that no address can smuggle in another one.
    await this.transport.sendMail({ from: this.from, to: { name: '', address: to }, subject, text, disableFileAccess: true, disableUrlAccess: true });
  }
}
