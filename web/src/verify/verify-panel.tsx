import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { UnreadableFile } from '../hashing/hash-file.ts';
import { ProblemNotice } from '../app/problem-notice.tsx';
import { DropZone } from './drop-zone.tsx';
import { HashingProgress } from './hashing-progress.tsx';
import { UnusableEvidence } from './read-evidence.ts';
import { ReportView } from './report-view.tsx';
import type { Trust } from './trust.ts';
import type { useVerification } from './use-verification.ts';

interface Props {
  readonly verification: ReturnType<typeof useVerification>;
  readonly trust: Trust | null;
  /** What is offered for files without a bundle; nothing where there is no service to ask. */
  readonly forFiles?: ReactNode;
  /** What is offered beside a report. */
  readonly beside?: ReactNode;
}

/** Drop, progress, report: the same in the service's page and in verify.html. */
export function VerifyPanel({ verification: { state, addFiles, cancel, clear }, trust, forFiles, beside }: Props) {
  const { t } = useTranslation('verify');
  const [examiner, setExaminer] = useState('');
  const busy = state.step === 'hashing' || state.step === 'checking';
  return (
    <>
      <DropZone onFiles={(files) => void addFiles(files)} disabled={busy || trust === null} />
      <div aria-live="polite">
        {state.step === 'hashing' && <HashingProgress progress={state.progress} onCancel={cancel} />}
        {state.step === 'checking' && <output className="loading">{t('checking')}</output>}
        {state.step === 'failed' && <Failure error={state.error} />}
      </div>
      {state.step === 'digested' && (
        <section className="sheet" aria-labelledby="digested">
          <h2 id="digested">{t('digested.title')}</h2>
          <ul className="files">{state.files.map((file) => (
            <li key={file.sha256}><p>{file.name}</p><p className="digest">SHA-256 <code>{file.sha256}</code></p></li>
          ))}</ul>
          {forFiles ?? <p>{t('digested.needsBundle')}</p>}
        </section>
      )}
      {state.step === 'done' && (
        <section className="sheet">
          <ReportView outcome={state.outcome} examiner={examiner} />
          <div className="print-acts">
            <p className="field">
              <label htmlFor="examiner">{t('print.examiner')}</label>
              <input id="examiner" value={examiner} autoComplete="name" onChange={(event) => setExaminer(event.target.value)} />
            </p>
            <p className="acts"><button type="button" className="primary" onClick={() => window.print()}>{t('print.act')}</button></p>
            {beside}
          </div>
        </section>
      )}
      {state.step !== 'idle' && !busy && <p className="acts"><button type="button" className="plain" onClick={clear}>{t('again')}</button></p>}
    </>
  );
}

function Failure({ error }: { readonly error: unknown }) {
  const { t } = useTranslation('verify');
  if (error instanceof UnusableEvidence) return <p className="problem" role="alert">{t(`unusable.${error.reason}`, { name: error.fileName })} {error.code !== '' && <code>{error.code}</code>}</p>;
  if (error instanceof UnreadableFile) return <p className="problem" role="alert">{t('unreadable', { name: error.fileName })} <code>{error.reason}</code></p>;
  return <ProblemNotice error={error} />;
}
