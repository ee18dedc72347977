import { useTranslation } from 'react-i18next';

/** An instant in the reader's language and China's time, which certificates and courts use; the exact one stands in `datetime`. */
export function Moment({ at }: { readonly at: string }) {
  const { t, i18n } = useTranslation();
  const text = new Intl.DateTimeFormat(i18n.language === 'en' ? 'en-GB' : 'zh-CN', { dateStyle: 'long', timeStyle: 'medium', timeZone: 'Asia/Shanghai' }).format(new Date(at));
  return <time dateTime={at}>{t('chinaTime', { time: text })}</time>;
}
