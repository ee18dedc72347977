import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

/** What the tab, the history and the reader's screen reader call the page. */
export function useTitle(title: string): void {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('name')}`;
  }, [title, t]);
}
