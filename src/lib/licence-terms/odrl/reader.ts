import { type Fault, pointTo } from '../faults.js';
import type { TermsRule } from '../terms.js';
import { expandIri, expandVocab, PREFIXES } from './vocabulary.js';

/** Why a policy is refused. Nothing is passed over: a constraint that is not understood, and dropped, would widen the licence. */
export type OdrlRule = TermsRule | 'unknown-context' | 'unknown-profile' | 'unknown-type' | 'unknown-member' | 'missing-member' | 'unknown-action' | 'unknown-left-operand' | 'unknown-operator' | 'unknown-right-operand' | 'unknown-unit' | 'not-an-iri' | 'said-twice' | 'parties';
export type OdrlFault = Fault<OdrlRule>;

/** A part of the document and where it stands. */
export interface Node {
  readonly value: unknown;
  readonly pointer: string;
}

/** No list of a policy is longer: the longest names all territories but one. */
const MAX_LIST = 600;

/** Walks a document of strangers and keeps what is wrong with it. Every method answers null after a fault. */
export class OdrlReader {
  readonly faults: OdrlFault[] = [];

  refuse(pointer: string, rule: OdrlRule, detail: string): null {
    this.faults.push({ pointer, rule, detail });
    return null;
  }

  /** An object with these members and no others. */
  readObject<Required extends string, Optional extends string = never>({ value, pointer }: Node, required: readonly Required[], optional: readonly Optional[] = []): (Record<Required, Node> & Partial<Record<Optional, Node>>) | null {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.refuse(pointer, 'malformed', 'an object is expected');
    const known: readonly string[] = [...required, ...optional];
    const unknown = Object.keys(value).find((member) => !known.includes(member));
    if (unknown !== undefined) return this.refuse(pointTo(pointer, unknown), 'unknown-member', 'this member is not understood');
    const missing = required.find((member) => !Object.hasOwn(value, member));
    if (missing !== undefined) return this.refuse(pointTo(pointer, missing), 'missing-member', 'this member is missing');
    const found = Object.entries(value).map(([member, child]) => [member, { value: child, pointer: pointTo(pointer, member) }] as const);
    return Object.fromEntries(found) as Record<Required, Node> & Partial<Record<Optional, Node>>;
  }

  /** In JSON-LD one value and a list of one are the same. An empty list says nothing and is refused. */
  readList({ value, pointer }: Node): Node[] | null {
    if (!Array.isArray(value)) return [{ value, pointer }];
    if (value.length === 0 || value.length > MAX_LIST) return this.refuse(pointer, 'malformed', `a list of 1 to ${MAX_LIST} is expected`);
    return value.map((child: unknown, i) => ({ value: child, pointer: pointTo(pointer, i) }));
  }

  readString({ value, pointer }: Node): string | null {
    return typeof value === 'string' && value.length <= 2000 ? value : this.refuse(pointer, 'malformed', 'a string is expected');
  }

  /** A term where the context says `@vocab`: `use`, `odrl:use`, the whole IRI, or `{"@id": …}` of the latter two. */
  readTerm(node: Node, rule: OdrlRule): string | null {
    if (typeof node.value === 'object') return this.readReference(node, rule);
    const text = this.readString(node);
    return text === null ? null : (expandVocab(text) ?? this.refuse(node.pointer, rule, 'this term is not understood'));
  }

  /** `{"@id": …}` */
  readReference(node: Node, rule: OdrlRule): string | null {
    const object = this.readObject(node, ['@id']);
    const text = object && this.readString(object['@id']);
    return text === null ? null : (expandIri(text) ?? this.refuse(node.pointer, rule, 'no IRI'));
  }

  /** `{"@value": …, "@type": …}` */
  readLiteral(node: Node, type: `xsd:${string}`): string | null {
    const object = this.readObject(node, ['@value', '@type']);
    const text = object && this.readString(object['@value']);
    const said = object && this.readString(object['@type']);
    if (text === null || said === null) return null;
    return expandIri(said) === PREFIXES.xsd + type.slice(4) ? text : this.refuse(node.pointer, 'unknown-right-operand', `an ${type} is expected`);
  }
}
