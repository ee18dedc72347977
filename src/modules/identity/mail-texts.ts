import type { Locale } from './account.entity.js';

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

/** The token stands behind «#»: browsers do not send it to servers, logs or other sites. */
interface Links {
  readonly verify: (token: string) => string;
  readonly reset: (token: string) => string;
  readonly signIn: string;
}

export function mailLinks(publicUrl: string): Links {
  return {
    verify: (token) => `${publicUrl}/verify-email#token=${token}`,
    reset: (token) => `${publicUrl}/reset-password#token=${token}`,
    signIn: `${publicUrl}/sign-in`,
  };
}

type Texts = Record<Locale, (name: string, link: string) => MailText>;

export const verificationText: Texts = {
  zh: (name, link) => ({
    subject: '正本：请验证您的邮箱',
    text: `${name}，您好：\n\n请打开以下链接验证您的邮箱（48 小时内有效）：\n\n${link}\n\n如果您没有注册正本账户，请忽略本邮件。\n`,
  }),
  en: (name, link) => ({
    subject: 'Zhengben: verify your e-mail address',
    text: `Hello ${name},\n\nopen this link to verify your e-mail address (it works for 48 hours):\n\n${link}\n\nIf you did not sign up, ignore this mail.\n`,
  }),
};

export const alreadyRegisteredText: Texts = {
  zh: (name, link) => ({
    subject: '正本：您的邮箱已有账户',
    text: `${name}，您好：\n\n有人用此邮箱注册正本账户，但该邮箱已注册。如果是您本人，请直接登录；忘记密码可在登录页重置：\n\n${link}\n\n如果不是您本人，请忽略本邮件，您的账户未受影响。\n`,
  }),
  en: (name, link) => ({
    subject: 'Zhengben: you already have an account',
    text: `Hello ${name},\n\nsomeone signed up with this address, which already has an account. If it was you, sign in; a forgotten password is reset there:\n\n${link}\n\nIf it was not you, ignore this mail: your account is as it was.\n`,
  }),
};

export const passwordResetText: Texts = {
  zh: (name, link) => ({
    subject: '正本：重置密码',
    text: `${name}，您好：\n\n请打开以下链接设置新密码（1 小时内有效，只能使用一次）：\n\n${link}\n\n如果您没有要求重置密码，请忽略本邮件，密码不会改变。\n`,
  }),
  en: (name, link) => ({
    subject: 'Zhengben: set a new password',
    text: `Hello ${name},\n\nopen this link to set a new password (it works once, for an hour):\n\n${link}\n\nIf you did not ask for it, ignore this mail: your password stays as it is.\n`,
  }),
};
