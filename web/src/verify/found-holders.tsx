import { useQuery } from '@tanstack/react-query';
import type { FileDigest } from '../../../src/lib/proof/index.js';
import { useTranslation } from 'react-i18next';
import { Loading } from '../app/loading.tsx';
import { ProblemNotice } from '../app/problem-notice.tsx';
import { useOnline } from '../app/use-online.ts';
import { holdersOf } from './holders-of.ts';

/** For files without a bundle: in which works they are registered, and the way to each one's proof. */
export function FoundHolders({ files, onVerify }: { readonly files: readonly FileDigest[]; readonly onVerify: (number: string) => void }) {
  const { t } = useTranslation('verify');
  const online = useOnline();
  const found = useQuery({ queryKey: ['holders', files.map(({ sha256 }) => sha256)], queryFn: () => holdersOf(files), enabled: online });
  if (!online) return <p>{t('digested.offline')}</p>;
  if (found.isPending) return <Loading />;
  if (found.isError) return <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />;
  return found.data.map(({ file, match }) => (
    <div key={file.sha256} className="found">
      {match.works.length === 0 ? <p>{t('digested.unknown', { name: file.name })}</p> : (
        <>
          <p>{t('digested.known', { name: file.name, count: match.works.length })}</p>
          <ul>{match.works.map((holder) => (
            <li key={holder.number}>
              <span>{holder.title ?? t('digested.untitled')} <code>{holder.number}</code></span>
              <button type="button" className="primary" onClick={() => onVerify(holder.number)}>{t('digested.verify')}</button>
            </li>
          ))}</ul>
          {match.more && <p className="quiet">{t('digested.more')}</p>}
        </>
      )}
    </div>
  ));
}
