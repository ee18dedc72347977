import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem, type ServiceCode } from '../api/problem.ts';

/** What went wrong and what to do. The service's own sentence, which is English, stands below for whoever helps. */
export function ProblemNotice({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { t } = useTranslation();
  const problem = error instanceof Problem ? error : new Problem('PAGE.UNEXPECTED', null, null, [], error instanceof Error ? error.message : String(error));
  const { code, detail, requestId, retryAfterSeconds } = problem;
  const unreadable = t('problem.unexpected');
  return (
    <div className="problem" role="alert">
      {/* Those words are loaded when they are needed: without a network they may not be there, and then the page's own are. */}
      <p>{code === 'PAGE.UNREACHABLE' ? t('problem.unreachable') : code === 'PAGE.UNEXPECTED' ? unreadable : <Suspense fallback={unreadable}><ServiceWords code={code} /></Suspense>}</p>
      {retryAfterSeconds !== null && <p>{t('retryAfter', { count: retryAfterSeconds })}</p>}
      {onRetry && <p><button type="button" className="plain" onClick={onRetry}>{t('retry')}</button></p>}
      <details>
        <summary>{t('technical')}</summary>
        <p lang="en"><code>{code}</code> {detail}</p>
        {requestId && <p><code>{requestId}</code></p>}
      </details>
    </div>
  );
}

function ServiceWords({ code }: { readonly code: ServiceCode }) {
  const { t } = useTranslation('problems');
  return t(code);
}
