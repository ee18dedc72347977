import type { SetDimension } from '../../rights/box.js';
import type { EconomicRight } from '../../rights/codes/rights.js';
import type { Condition } from '../conditions.js';

/** Terms of our own, for what the ODRL core and common vocabularies cannot say. It is the profile's IRI too (ODRL Information Model 2.2, «ODRL Profiles»). */
export const ZHENGBEN_ODRL = 'https://zhengben.example/ns/odrl#';

export const ODRL_CONTEXT = 'http://www.w3.org/ns/odrl.jsonld';
/** The only context that is written and read: another one could give any of the words below another meaning. */
export const CONTEXT = [ODRL_CONTEXT, { zb: ZHENGBEN_ODRL }] as const;

/** Prefixes of {@link CONTEXT}: those of ODRL's and ours. */
export const PREFIXES = {
  odrl: 'http://www.w3.org/ns/odrl/2/',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  owl: 'http://www.w3.org/2002/07/owl#',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  dct: 'http://purl.org/dc/terms/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  vcard: 'http://www.w3.org/2006/vcard/ns#',
  foaf: 'http://xmlns.com/foaf/0.1/',
  schema: 'http://schema.org/',
  cc: 'http://creativecommons.org/ns#',
  zb: ZHENGBEN_ODRL,
} as const;

/** The nearest action of the ODRL vocabulary: what a right is `includedIn`. A policy names the right, never the nearest action, which is wider. */
export const NEAREST_ACTION: Record<EconomicRight, string> = {
  reproduction: 'reproduce',
  distribution: 'distribute',
  rental: 'distribute',
  exhibition: 'display',
  performance: 'present',
  projection: 'present',
  broadcasting: 'stream',
  'network-dissemination': 'distribute',
  filming: 'derive',
  adaptation: 'derive',
  translation: 'translate',
  compilation: 'aggregate',
  'other-economic': 'use',
};

/** The left operands of the sets of a scope; rights are actions, and `zb:right` constrains only the action «all rights but». */
export const LEFT_OPERANDS = { rights: 'zb:right', territories: 'spatial', uses: 'purpose', languages: 'language' } as const satisfies Record<SetDimension, string>;

/** How the names of a set are written as right operands. Languages are BCP 47 literals, as the ODRL vocabulary asks. */
export const OPERAND_PREFIX = { rights: 'zb:right-', territories: 'https://www.iso.org/obp/ui/#iso:code:3166:', uses: 'zb:use-' } as const;

/** ISO 4217 codes as the Publications Office of the EU names them. */
export const CURRENCY_PREFIX = 'http://publications.europa.eu/resource/authority/currency/';

/** Each condition is a duty or a prohibition. Those of `cc:` are terms of Creative Commons (CC REL), which ODRL 2.2 takes over in place of its own, older ones. */
export const CONDITION_DUTIES: Partial<Record<Condition, string>> = { attribution: 'attribute', 'share-alike': 'cc:ShareAlike', 'same-revenue-share': 'zb:pass-on-revenue-share' };
export const CONDITION_PROHIBITIONS: Partial<Record<Condition, string>> = { 'non-commercial': 'cc:CommercialUse', 'no-derivatives': 'cc:DerivativeWorks' };

/** How the ODRL Vocabulary 2.2 misspells commercial use. It is read, and never written. */
export const MISSPELT_ACTIONS: Readonly<Record<string, string>> = { [`${PREFIXES.cc}CommericalUse`]: `${PREFIXES.cc}CommercialUse` };

export const ALL_RIGHTS = 'zb:all-rights';
export const ANYONE = 'zb:anyone';

/**
 * An IRI that may stand in a policy for a work, a party or the policy. The schemes are listed: any other could be a prefix or a term of the context
 * (`schema:`, `use:`), which a reader of JSON-LD would expand into another IRI.
 */
export function isThingIri(text: string): boolean {
  return text.length <= 2000 && /^(?:https?|urn|did|acct|tag):[^\s<>"{}|\\^`]+$/.test(text);
}

/** A compact or whole IRI → the whole one; null for a bare word, which is no IRI. */
export function expandIri(text: string): string | null {
  const colon = text.indexOf(':');
  if (colon < 1) return null;
  const prefix = text.slice(0, colon);
  return Object.hasOwn(PREFIXES, prefix) && !text.startsWith('//', colon + 1) ? PREFIXES[prefix as keyof typeof PREFIXES] + text.slice(colon + 1) : text;
}

/** As {@link expandIri}, where the context says `@vocab`: a bare word is one of ODRL's. */
export function expandVocab(text: string): string | null {
  return /^[a-z]+$/i.test(text) ? PREFIXES.odrl + text : expandIri(text);
}
