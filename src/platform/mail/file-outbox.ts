import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { uuidv7 } from '../random/index.js';
import type { Mail, MailPort } from './mail-port.js';

/** For development: each mail becomes a file `<directory>/<time-ordered id>.eml` that mail programs open. */
export class FileOutbox implements MailPort {
  private readonly transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });

  constructor(
    private readonly directory: string,
    private readonly from: string,
  ) {}

  async send({ to, subject, text }: Mail): Promise<void> {
    const { message } = await this.transport.sendMail({ from: this.from, to: { name: '', address: to }, subject, text, textEncoding: 'base64' });
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const path = join(this.directory, `${uuidv7()}.eml`);
    await writeFile(`${path}.part`, message, { mode: 0o600 });
    await rename(`${path}.part`, path);
  }
}
