import { wordsOf } from './mail-words.js';

/** What a mail lists of an account's notices. */
export interface Letter {
  /** The first of them. */
  readonly notices: readonly { readonly kind: string; readonly subject: string }[];
  /** How many there are. */
  readonly total: number;
}

/** Mail is read on its way: it says what happened and the number to look under, neither names nor amounts. */
export function composeMail({ notices, total }: Letter, locale: 'zh' | 'en', publicUrl: string): { readonly subject: string; readonly text: string } {
  const lines = notices.flatMap(({ kind, subject }) => {
    const words = wordsOf(kind);
    return words === null ? [] : [locale === 'zh' ? `· ${subject}：${words.zh}` : `· ${subject}: ${words.en}`];
  });
  const more = total - notices.length;
  const link = `${publicUrl}/notices`;
  if (locale === 'zh') {
    return {
      subject: `正本：${total} 条新通知`,
      text: `您好：\n\n您的账户有新的通知：\n\n${[...lines, ...(more > 0 ? [`· 另有 ${more} 条`] : [])].join('\n')}\n\n详情请登录查看：\n\n${link}\n\n邮件未加密，因此不写姓名和金额。您可以在账户设置中关闭此类邮件。\n`,
    };
  }
  return {
    subject: `Zhengben: ${total === 1 ? '1 new notice' : `${total} new notices`}`,
    text: `Hello,\n\nthere is news in your account:\n\n${[...lines, ...(more > 0 ? [`· and ${more} more`] : [])].join('\n')}\n\nSign in to read it:\n\n${link}\n\nMail is not sealed, so it holds neither names nor amounts. You can turn these mails off in the settings of your account.\n`,
  };
}
