/** The way out for mails: SMTP, or a directory of .eml files in development. */
export { MAIL, type Mail, type MailPort } from './mail-port.js';
export { createMailPort, MailModule } from './mail.module.js';
