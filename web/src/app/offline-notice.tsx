import { useTranslation } from 'react-i18next';
import { useOnline } from './use-online.ts';

export function OfflineNotice() {
  const { t } = useTranslation();
  const online = useOnline();
  return <output className="offline">{online ? null : <p>{t('offline')}</p>}</output>;
}
