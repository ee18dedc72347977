import { useTranslation } from 'react-i18next';

export function Loading() {
  const { t } = useTranslation();
  return <output className="loading">{t('loading')}</output>;
}
