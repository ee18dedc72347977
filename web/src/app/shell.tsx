import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, Outlet, ScrollRestoration } from 'react-router';
import { LanguageSwitch } from './language-switch.tsx';
import { OfflineNotice } from './offline-notice.tsx';
import { Loading } from './loading.tsx';

/** What stands around every page. */
export function Shell() {
  const { t } = useTranslation();
  return (
    <>
      <a className="skip" href="#content">{t('skip')}</a>
      <header className="bar">
        <div className="bar-inner">
          <NavLink to="/" className="brand" end>
            <img src="/seal.svg" alt="" width="36" height="36" />
            <span className="brand-name">{t('name')}</span>
            <span className="brand-note">{t('tagline')}</span>
          </NavLink>
          <nav aria-label={t('nav.label')}>
            <NavLink to="/verify">{t('nav.verify')}</NavLink>
          </nav>
          <LanguageSwitch />
        </div>
      </header>
      <OfflineNotice />
      <main id="content" tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
      <footer className="foot">
        <div className="foot-inner">
          <p>{t('foot.limits')}</p>
          <p>
            <a href="/log/checkpoint">{t('foot.checkpoint')}</a>
            <a href="/log/vkey">{t('foot.key')}</a>
            <a href="/api/docs">{t('foot.api')}</a>
          </p>
        </div>
      </footer>
      <ScrollRestoration />
    </>
  );
}
