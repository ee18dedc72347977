import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { Problem } from '../api/problem.ts';

/** What went wrong and what to do. The service's own sentence, which is English, stands below for whoever helps. */
export function ProblemNotice({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { t } = useTranslation();
  const problem = error instanceof Problem ? error : new Problem('PAGE.UNEXPECTED', null, null, [], error instanceof Error ? error.message : String(error));
  const key = `problems.${problem.code}`;
  const known = i18next.exists(key) ? key : `problems.${problem.status ?? 'other'}`;
  const text = i18next.exists(known) ? i18next.t(known as 'problems.other') : t('problems.other');
  return (
    <div className="problem" role="alert">
      <p>{text}</p>
      {problem.retryAfterSeconds !== null && <p>{t('retryAfter', { count: problem.retryAfterSeconds })}</p>}
      {onRetry && <p><button type="button" className="plain" onClick={onRetry}>{t('retry')}</button></p>}
      <details>
        <summary>{t('technical')}</summary>
        <p lang="en"><code>{problem.code}</code> {problem.detail}</p>
        {problem.requestId && <p><code>{problem.requestId}</code></p>}
      </details>
    </div>
  );
}
