import type { ContractFacts } from '../../../../src/lib/contract/index.js';

export const GRANTOR = 'acct:01930000-0000-7000-8000-000000000001';
export const LICENSEE = 'acct:01930000-0000-7000-8000-000000000002';
export const CO_OWNER = 'acct:01930000-0000-7000-8000-000000000003';

/** The facts of docs/spec/contract-document.md, with changes. */
export function licenceFacts(change: Partial<ContractFacts> = {}): ContractFacts {
  return {
    kind: 'licence',
    number: 'LC-7K3M-9Q4D-W2XC-V',
    work: { number: 'ZB-5H2N-8R6T-Y4PA-M', title: '鬱金香', category: 'photography' },
    grantor: [{ account: GRANTOR, name: '张三' }],
    licensee: [{ account: LICENSEE, name: '某某文化传媒有限公司' }],
    exclusivity: 'exclusive',
    scope: { rights: ['network-dissemination'], territories: ['CN', 'HK'], uses: ['streaming'], languages: ['*'], term: { from: '2026-12-31T16:00:00.000Z', until: '2029-12-31T16:00:00.000Z' } },
    sublicensing: false,
    subjectTo: [],
    parent: null,
    renews: null,
    declared: null,
    price: { amountMinor: '1200000', currency: 'CNY' },
    payment: '签订之日起十日内一次付清。',
    attribution: null,
    revenueShareBps: null,
    conditions: [],
    breach: { curePeriodDays: 15 },
    governingLaw: 'CN',
    grantedAt: '2026-11-20T12:00:00.000Z',
    consents: [],
    ...change,
  };
}

export function assignmentFacts(change: Partial<ContractFacts> = {}): ContractFacts {
  return licenceFacts({ kind: 'assignment', number: 'ZB-5H2N-8R6T-Y4PA-M/7', exclusivity: null, ...change });
}
