import { useTranslation } from 'react-i18next';

/** A page that failed in itself; nothing that was typed elsewhere is lost by loading it again. */
export function RouteError() {
  const { t } = useTranslation();
  return (
    <main className="sheet narrow" role="alert">
      <h1>{t('broken.title')}</h1>
      <p>{t('broken.text')}</p>
      <p><button type="button" className="plain" onClick={() => location.reload()}>{t('broken.reload')}</button></p>
    </main>
  );
}
