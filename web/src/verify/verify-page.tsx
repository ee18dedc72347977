import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate, useParams } from 'react-router';
import { Loading } from '../app/loading.tsx';
import { ProblemNotice } from '../app/problem-notice.tsx';
import { useTitle } from '../app/use-title.ts';
import { fetchBundle } from './fetch-bundle.ts';
import { FoundHolders } from './found-holders.tsx';
import { readServiceTrust, type Trust } from './trust.ts';
import { TrustPanel } from './trust-panel.tsx';
import { useVerification } from './use-verification.ts';
import { VerifyPanel } from './verify-panel.tsx';

/** Verification in this browser: of what is dropped, or of a work by its number (`/verify/ZB-…`, a link that can be shared). */
export function VerifyPage() {
  const { t } = useTranslation('verify');
  useTitle(t('title'));
  const { number = null } = useParams();
  const navigate = useNavigate();
  const { state: passed } = useLocation() as { state: { files?: readonly File[] } | null };
  const service = useQuery({ queryKey: ['trust'], queryFn: readServiceTrust, staleTime: Infinity, networkMode: 'always' });
  const bundle = useQuery({ queryKey: ['bundle', number], queryFn: () => fetchBundle(number ?? ''), enabled: number !== null, staleTime: Infinity });
  const [own, setOwn] = useState<Trust | null>(null);
  const trust = own ?? service.data ?? null;
  const verification = useVerification(trust);
  const { state, addBundle, addFiles, clear } = verification;
  const isReady = trust !== null;

  useEffect(() => {
    if (isReady && bundle.data !== undefined) void addBundle(`${bundle.data.subject}.zbproof.json`, bundle.data);
  }, [isReady, bundle.data, addBundle]);
  // Dropped on another page.
  useEffect(() => {
    if (!isReady || !passed?.files) return;
    void addFiles(passed.files);
    void navigate('.', { replace: true, state: null });
  }, [isReady, passed, addFiles, navigate]);

  const again = (): void => {
    clear();
    if (number !== null) void navigate('/verify');
  };
  return (
    <div className="page verify">
      <h1>{t('title')}</h1>
      <p className="lead">{t('lead')}</p>
      {(service.isPending || bundle.isLoading) && <Loading />}
      {service.isError && own === null && <><ProblemNotice error={service.error} onRetry={() => void service.refetch()} /><p>{t('trust.orOwn')}</p></>}
      {bundle.isError && <ProblemNotice error={bundle.error} onRetry={() => void bundle.refetch()} />}
      <VerifyPanel
        verification={{ ...verification, clear: again }}
        trust={trust}
        beside={number !== null && <p className="acts" aria-label={t('keep.label')}><a href={`/api/v1/works/${number}/certificate.pdf`} download>{t('keep.certificate')}</a><a href={`/api/v1/works/${number}/proof`} download>{t('keep.proof')}</a></p>}
        forFiles={state.step === 'digested' ? <FoundHolders files={state.files} onVerify={(found) => void navigate(`/verify/${found}`)} /> : undefined}
      />
      {!service.isPending && <TrustPanel key={trust?.source} trust={trust} service={service.data ?? null} onChange={(chosen) => setOwn(chosen.source === 'service' ? null : chosen)} />}
      <aside className="how">
        <h2>{t('how.title')}</h2>
        <ul>
          <li>{t('how.here')}</li>
          <li>{t('how.offline')}</li>
          <li>{t('how.file')} <a href="/verify.html" download>{t('how.download')}</a></li>
        </ul>
      </aside>
    </div>
  );
}
