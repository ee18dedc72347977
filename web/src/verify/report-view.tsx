import { useTranslation } from 'react-i18next';
import { Moment } from '../app/moment.tsx';
import { titleOf } from './title-of.ts';
import { formatContract } from './trust.ts';
import type { Outcome } from './use-verification.ts';

/** What was checked and what came of it, in words for people who are no engineers; the verifier's own words stand beside. Also what is printed. */
export function ReportView({ outcome, examiner }: { readonly outcome: Outcome; readonly examiner: string }) {
  const { t } = useTranslation('verify');
  const { report, files, trust, verifiedAt, bundleName } = outcome;
  const { existedBefore, claimedIssuedAt, developmentChain } = report.times;
  const isTimed = existedBefore !== null && !developmentChain;
  const title = titleOf(outcome);
  return (
    <article className="report" aria-labelledby="report-title" data-verdict={report.verdict} data-subject={report.subject}>
      <h2 id="report-title" className="report-title">{t('report.title')}</h2>
      <output className={`verdict ${report.verdict}`}>
        <b className="verdict-word">{t(`verdict.${report.verdict}.word`)}</b>
        <span>{t(`verdict.${report.verdict}.meaning`)}</span>
      </output>
      {developmentChain && <p className="warn">{t('report.developmentChain')}</p>}
      <dl className="facts">
        <dt>{t('report.subject')}</dt><dd><code>{report.subject}</code></dd>
        {title !== null && <><dt>{t('report.workTitle')}</dt><dd>{title}</dd></>}
        <dt>{t('report.existedBefore')}</dt><dd>{isTimed ? <Moment at={existedBefore} /> : t('report.notProved')}</dd>
        <dt>{t('report.claimedIssuedAt')}</dt><dd>{claimedIssuedAt === null ? t('report.none') : <Moment at={claimedIssuedAt} />}</dd>
        {report.asOf !== null && <><dt>{t('report.asOf')}</dt><dd>{t('report.treeSize', { size: report.asOf.treeSize, origin: report.asOf.origin })}</dd></>}
      </dl>
      <h3>{t('report.checks')}</h3>
      <ul className="checks">
        {report.checks.map(({ check, result, detail }) => (
          <li key={check} className={result} data-check={check} data-result={result}>
            <span className="mark" aria-hidden="true">{{ pass: '✓', fail: '✕', skipped: '–' }[result]}</span>
            <div>
              <p className="check-name">{t(`checks.${check}.name`)}<span className="check-result">{t(`results.${result}`)}</span></p>
              <p>{t(`checks.${check}.${result}`)}</p>
              <p className="detail" lang="en">{detail}</p>
            </div>
          </li>
        ))}
      </ul>
      {files.length > 0 && (
        <>
          <h3>{t('report.files')}</h3>
          <ul className="files">{files.map((file) => (
            <li key={file.sha256}>
              <p>{file.name} <span className="quiet">{t('report.bytes', { count: file.byteLength })}</span></p>
              <p className="digest">SHA-256 <code>{file.sha256}</code></p>
              {file.sm3 !== undefined && <p className="digest">SM3 <code>{file.sm3}</code></p>}
            </li>
          ))}</ul>
        </>
      )}
      <h3>{t('report.limitsTitle')}</h3>
      <ul className="limits">
        <li>{t(isTimed ? 'report.limits.claim' : 'report.limits.claimUntimed')}</li>
        <li>{t('report.limits.later')}</li>
        <li>{t(trust.source === 'service' ? 'report.limits.service' : 'report.limits.own')}</li>
      </ul>
      <dl className="facts small">
        {examiner !== '' && <><dt>{t('report.examiner')}</dt><dd>{examiner}</dd></>}
        <dt>{t('report.verifiedAt')}</dt><dd><Moment at={verifiedAt.toISOString()} /></dd>
        <dt>{t('report.version')}</dt><dd>Zhengben {VERSION}</dd>
        <dt>{t('report.bundle')}</dt><dd>{bundleName}</dd>
        <dt>{t('trust.logKeys.label')}</dt><dd>{trust.logKeys.length === 0 ? t('report.none') : trust.logKeys.map((key) => <code key={key}>{key}</code>)}</dd>
        <dt>{t('trust.contract.label')}</dt><dd>{trust.contract === null ? t('report.none') : <code>{formatContract(trust.contract)}</code>}</dd>
      </dl>
    </article>
  );
}
