import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { formatContract, parseTypedTrust, type Trust, type TrustFault, type TypedTrust } from './trust.ts';

interface Props {
  readonly trust: Trust | null;
  /** Null: there is no service to believe, as in a file from a disk. */
  readonly service: Trust | null;
  readonly onChange: (trust: Trust) => void;
}

/** Whom the reader believes. A bundle never vouches for itself, and this service only for its own log. */
export function TrustPanel({ trust, service, onChange }: Props) {
  const { t } = useTranslation('verify');
  const [typed, setTyped] = useState<TypedTrust>({ logKeys: trust?.logKeys.join('\n') ?? '', contract: formatContract(trust?.contract ?? null), rpcUrl: trust?.rpcUrl ?? '' });
  const [fault, setFault] = useState<TrustFault | null>(null);
  const id = useId();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const parsed = parseTypedTrust(typed);
    setFault(typeof parsed === 'string' ? parsed : null);
    if (typeof parsed !== 'string') onChange(parsed);
  };
  const field = (name: keyof TypedTrust, rows: number) => (
    <p className="field">
      <label htmlFor={`${id}${name}`}>{t(`trust.${name}.label`)}</label>
      {rows > 1
        ? <textarea id={`${id}${name}`} rows={rows} spellCheck={false} value={typed[name]} aria-invalid={fault === name} aria-describedby={`${id}${name}-help`} onChange={(event) => setTyped({ ...typed, [name]: event.target.value })} />
        : <input id={`${id}${name}`} spellCheck={false} value={typed[name]} aria-invalid={fault === name} aria-describedby={`${id}${name}-help`} onChange={(event) => setTyped({ ...typed, [name]: event.target.value })} />}
      <span id={`${id}${name}-help`} className={fault === name ? 'fault' : 'help'} role={fault === name ? 'alert' : undefined}>{t(fault === name ? `trust.${name}.fault` : `trust.${name}.help`)}</span>
    </p>
  );
  return (
    <details className="trust" open={service === null}>
      <summary>{trust?.source === 'service' ? t('trust.service') : t('trust.own')}</summary>
      <p>{t('trust.why')}</p>
      <form onSubmit={submit} noValidate>
        {field('logKeys', 2)}
        {field('contract', 1)}
        {field('rpcUrl', 1)}
        <p className="acts">
          <button type="submit" className="plain">{t('trust.apply')}</button>
          {service !== null && trust?.source === 'own' && <button type="button" className="plain" onClick={() => onChange(service)}>{t('trust.back')}</button>}
        </p>
      </form>
    </details>
  );
}
