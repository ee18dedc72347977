import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LanguageSwitch } from '../app/language-switch.tsx';
import { NOBODY, type Trust } from '../verify/trust.ts';
import { TrustPanel } from '../verify/trust-panel.tsx';
import { useVerification } from '../verify/use-verification.ts';
import { VerifyPanel } from '../verify/verify-panel.tsx';

/** The verifier without a service: who verifies says whom to trust. */
export function Verifier() {
  const { t } = useTranslation('verify');
  const [trust, setTrust] = useState<Trust>(NOBODY);
  const verification = useVerification(trust);
  return (
    <>
      <header className="bar"><div className="bar-inner"><span className="brand-name">{t('standalone.title')}</span><span className="end"><LanguageSwitch /></span></div></header>
      <main className="verify">
        <h1>{t('title')}</h1>
        <p className="lead">{t('standalone.lead')}</p>
        <TrustPanel trust={trust} service={null} onChange={setTrust} />
        <VerifyPanel verification={verification} trust={trust} />
      </main>
    </>
  );
}
