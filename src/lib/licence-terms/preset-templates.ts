import type { Exclusivity } from '../rights/availability.js';
import type { EconomicRight } from '../rights/codes/rights.js';
import type { Use } from '../rights/codes/uses.js';
import { type Condition, DERIVING_RIGHTS } from './conditions.js';
import { CC_LICENCES, type PublicLicence } from './creative-commons.js';
import type { LicencePreset } from './preset-list.js';

/** What of the options only some presets take. */
export const PRESET_CHOICES = ['to', 'territories', 'languages', 'price', 'revenueShareBps'] as const;
export type PresetChoice = (typeof PRESET_CHOICES)[number];

export interface PresetTemplate {
  readonly exclusivity: Exclusivity;
  readonly rights: readonly EconomicRight[];
  readonly uses: readonly Use[] | readonly ['*'];
  readonly toAnyone: boolean;
  readonly conditions: readonly Condition[];
  readonly governingLaw: string | null;
  readonly licenceUri: string | null;
  /** Choices without which there are no terms. */
  readonly needs: readonly PresetChoice[];
  /** Choices that may be made or left. */
  readonly takes: readonly PresetChoice[];
}

const PUBLIC_RIGHTS = ['reproduction', 'distribution', 'exhibition', 'performance', 'projection', 'broadcasting', 'network-dissemination'] as const satisfies readonly EconomicRight[];

/** Named one by one and without a star: a use that nobody knows yet is not granted (Copyright Law of the PRC Art. 29). Training of AI and digital collectibles are agreed on their own. */
const COMMERCIAL_USES = [
  'print', 'e-book', 'audiobook', 'periodical', 'film', 'television', 'streaming', 'radio-podcast', 'sound-recording', 'games', 'software', 'merchandise', 'packaging', 'advertising', 'social-media',
  'website', 'exhibition', 'live-performance', 'public-space', 'education', 'news', 'internal',
] as const satisfies readonly Use[];

const byContract = { exclusivity: 'non-exclusive', toAnyone: false, conditions: [], governingLaw: 'CN', licenceUri: null, needs: [] } as const satisfies Partial<PresetTemplate>;

function toTemplate({ uri, conditions, rights }: PublicLicence): PresetTemplate {
  return { exclusivity: 'non-exclusive', rights, uses: ['*'], toAnyone: true, conditions, governingLaw: null, licenceUri: uri, needs: [], takes: [] };
}

export const PRESET_TEMPLATES: Record<LicencePreset, PresetTemplate> = {
  personal: { ...byContract, rights: ['reproduction'], uses: ['personal'], conditions: ['non-commercial'], takes: ['to', 'territories', 'languages', 'price'] },
  commercial: { ...byContract, rights: PUBLIC_RIGHTS, uses: COMMERCIAL_USES, conditions: ['attribution'], takes: ['to', 'territories', 'languages', 'price', 'revenueShareBps'] },
  'exclusive-by-territory': {
    ...byContract, exclusivity: 'exclusive', rights: PUBLIC_RIGHTS, uses: COMMERCIAL_USES, conditions: ['attribution'], needs: ['territories'], takes: ['to', 'languages', 'price', 'revenueShareBps'],
  },
  'cc-by-4.0': toTemplate(CC_LICENCES['cc-by-4.0']),
  'cc-by-sa-4.0': toTemplate(CC_LICENCES['cc-by-sa-4.0']),
  'cc-by-nc-4.0': toTemplate(CC_LICENCES['cc-by-nc-4.0']),
  'cc-by-nd-4.0': toTemplate(CC_LICENCES['cc-by-nd-4.0']),
  'cc-by-nc-sa-4.0': toTemplate(CC_LICENCES['cc-by-nc-sa-4.0']),
  'cc-by-nc-nd-4.0': toTemplate(CC_LICENCES['cc-by-nc-nd-4.0']),
  'ai-training-allowed': { ...byContract, rights: ['reproduction'], uses: ['ai-training'], toAnyone: true, takes: ['to', 'territories', 'languages'] },
  'ai-training-paid': { ...byContract, rights: ['reproduction'], uses: ['ai-training'], needs: ['price'], takes: ['to', 'territories', 'languages', 'revenueShareBps'] },
  'remix-revenue-share': {
    ...byContract, rights: [...PUBLIC_RIGHTS, ...DERIVING_RIGHTS], uses: COMMERCIAL_USES, conditions: ['attribution', 'same-revenue-share'], needs: ['revenueShareBps'], takes: ['to', 'territories', 'languages', 'price'],
  },
};
