import type { EconomicRight } from '../rights/codes/rights.js';
import { type Condition, DERIVING_RIGHTS } from './conditions.js';

export interface PublicLicence {
  /** Of the deed; the text of the licence is behind it. */
  readonly uri: string;
  readonly conditions: readonly Condition[];
  readonly rights: readonly EconomicRight[];
}

/**
 * §2(a)(1): to reproduce and Share the material, «by any means or process» (§1 Share). A collection is no adaptation (§1), so that ND allows it. «Other
 * economic rights» are not named by the law and stay with the owner (Copyright Law of the PRC Art. 29).
 */
const SHARING_RIGHTS: readonly EconomicRight[] = ['reproduction', 'distribution', 'rental', 'exhibition', 'performance', 'projection', 'broadcasting', 'network-dissemination', 'compilation'];

const licence = (name: string, conditions: readonly Condition[]): PublicLicence => ({
  uri: `https://creativecommons.org/licenses/${name}/4.0/`,
  conditions,
  rights: conditions.includes('no-derivatives') ? SHARING_RIGHTS : [...SHARING_RIGHTS, ...DERIVING_RIGHTS],
});

/** The Creative Commons licences 4.0 International: irrevocable, worldwide, for as long as the right lasts (§2(a)(1), §6(a)), for any use and medium (§2(a)(4)), under no law that they name. */
export const CC_LICENCES = {
  'cc-by-4.0': licence('by', ['attribution']),
  'cc-by-sa-4.0': licence('by-sa', ['attribution', 'share-alike']),
  'cc-by-nc-4.0': licence('by-nc', ['attribution', 'non-commercial']),
  'cc-by-nd-4.0': licence('by-nd', ['attribution', 'no-derivatives']),
  'cc-by-nc-sa-4.0': licence('by-nc-sa', ['attribution', 'non-commercial', 'share-alike']),
  'cc-by-nc-nd-4.0': licence('by-nc-nd', ['attribution', 'non-commercial', 'no-derivatives']),
} as const satisfies Record<string, PublicLicence>;

export type CcLicence = keyof typeof CC_LICENCES;
