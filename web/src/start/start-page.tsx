import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { Loading } from '../app/loading.tsx';
import { Moment } from '../app/moment.tsx';
import { ProblemNotice } from '../app/problem-notice.tsx';
import { useTitle } from '../app/use-title.ts';
import { DropZone } from '../verify/drop-zone.tsx';
import { useHealth } from './use-health.ts';
import { useWorks } from './use-works.ts';

/** What this is, in one screen: say it, search, verify, see that it is alive. */
export function StartPage() {
  const { t } = useTranslation('start');
  useTitle(t('title'));
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [words, setWords] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setWords(typed.trim());
  };
  return (
    <div className="page start">
      <section className="hero">
        <h1>{t('title')}</h1>
        <p className="lead">{t('lead')}</p>
        <ol className="steps">
          {(['deposit', 'log', 'anchor', 'verify'] as const).map((step) => <li key={step}><b>{t(`steps.${step}.name`)}</b><span>{t(`steps.${step}.text`)}</span></li>)}
        </ol>
      </section>
      <section aria-labelledby="verify-here">
        <h2 id="verify-here">{t('verify')}</h2>
        <DropZone disabled={false} onFiles={(files) => void navigate('/verify', { state: { files } })} />
      </section>
      <section className="works" aria-labelledby="works">
        <h2 id="works">{t(words === '' ? 'newest' : 'found', { words })}</h2>
        <search>
          <form onSubmit={submit} className="search">
          <label htmlFor="q" className="visually-hidden">{t('search.label')}</label>
          <input id="q" type="search" value={typed} placeholder={t('search.placeholder')} maxLength={200} onChange={(event) => setTyped(event.target.value)} />
          <button type="submit" className="primary">{t('search.act')}</button>
          </form>
        </search>
        <Works words={words} />
      </section>
      <Health />
    </div>
  );
}

function Works({ words }: { readonly words: string }) {
  const { t } = useTranslation('start');
  const works = useWorks(words);
  if (works.isPending) return <Loading />;
  if (works.isError) return <ProblemNotice error={works.error} onRetry={() => void works.refetch()} />;
  if (works.data.items.length === 0) return <p>{t(words === '' ? 'none' : 'noneFound')}</p>;
  return (
    <ul className="rows">
      {works.data.items.map((work) => (
        <li key={work.number}>
          <Link to={`/verify/${work.number}`}>{work.title ?? t('untitled')}</Link>
          <span className="quiet">{t(`categories.${work.category as 'literary'}`)}</span>
          <code>{work.number}</code>
          <Moment at={work.depositedAt} />
        </li>
      ))}
    </ul>
  );
}

/** Whether log and chain are alive, for everyone to see. */
function Health() {
  const { t } = useTranslation('start');
  const health = useHealth();
  if (!health.data) return null;
  const { lag, latest, chainId } = health.data;
  return (
    <section className="health" aria-labelledby="health">
      <h2 id="health">{t('health.title')}</h2>
      <dl className="facts">
        <dt>{t('health.size')}</dt><dd>{t('health.statements', { count: lag.publishedSize })}</dd>
        <dt>{t('health.anchored')}</dt><dd>{latest ? <Moment at={latest.blockTime} /> : t('health.never')}</dd>
        <dt>{t('health.behind')}</dt><dd>{lag.leaves === 0 ? t('health.upToDate') : t('health.statements', { count: lag.leaves })}</dd>
        <dt>{t('health.chain')}</dt><dd>{chainId === 31337 ? t('health.development') : chainId}</dd>
      </dl>
    </section>
  );
}
