import { useTranslation } from 'react-i18next';
import { chooseLanguage } from './language.ts';

/** One click to the other language; its name stands in that language, for those who read no other. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const other = i18n.language === 'zh' ? 'en' : 'zh';
  return <button type="button" className="language" lang={other === 'zh' ? 'zh-CN' : 'en'} onClick={() => void chooseLanguage(other)}>{t('otherLanguage')}</button>;
}
