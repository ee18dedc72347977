import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HashProgress } from './verify-evidence.ts';

/** How far, how fast, and a way out: a film takes minutes. */
export function HashingProgress({ progress, onCancel }: { readonly progress: HashProgress; readonly onCancel: () => void }) {
  const { t, i18n } = useTranslation('verify');
  const startedAt = useRef(0);
  const [speed, setSpeed] = useState(0);
  useEffect(() => {
    startedAt.current ||= performance.now();
    const seconds = (performance.now() - startedAt.current) / 1000;
    if (seconds > 0.3) setSpeed(progress.bytes / seconds);
  }, [progress.bytes]);
  const percent = progress.total === 0 ? 100 : Math.floor((100 * progress.bytes) / progress.total);
  const megabytes = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 0 });
  return (
    <div className="hashing">
      <p>{t('hashing.file', { name: progress.fileName })}</p>
      <progress max={100} value={percent} aria-label={t('hashing.label')} />
      <p className="quiet">{t('hashing.rate', { percent, done: megabytes.format(progress.bytes / 1e6), total: megabytes.format(progress.total / 1e6), speed: megabytes.format(speed / 1e6) })}</p>
      <button type="button" className="plain" onClick={onCancel}>{t('hashing.cancel')}</button>
    </div>
  );
}
