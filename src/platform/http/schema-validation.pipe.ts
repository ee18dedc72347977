import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import { DomainError, type ErrorCode, type FieldFault } from '../../lib/errors/index.js';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** A caller learns of this many faults at once; how many there are is up to the sender. */
const MOST_FAULTS = 50;

/** Validates `@Body({schema})`, `@Query({schema})`, `@Param({schema})` by their zod schema and hands on what the schema made of them. */
@Injectable()
export class SchemaValidationPipe extends StandardSchemaValidationPipe {
  override async transform<T = unknown>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const { schema, type } = metadata;
    if (!schema || type === 'custom') return value;
    const result = await schema['~standard'].validate(value);
    if (!result.issues) return result.value as T;
    throw type === 'body'
      ? invalid('HTTP.INVALID_BODY', 'The body does not have the form that is asked for', result.issues)
      : invalid('HTTP.INVALID_PARAMETER', 'A parameter does not have the form that is asked for', result.issues, metadata.data);
  }
}

/** Faults of a schema as JSON pointers (RFC 6901). */
export function toFieldFaults(issues: readonly Issue[], prefix?: string): FieldFault[] {
  return issues.slice(0, MOST_FAULTS).map(({ path = [], message }) => {
    const keys = path.map((segment) => String(typeof segment === 'object' ? segment.key : segment));
    const pointer = (prefix === undefined ? keys : [prefix, ...keys]).map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    return { pointer, detail: message };
  });
}

function invalid(code: ErrorCode, what: string, issues: readonly Issue[], prefix?: string): DomainError {
  const errors = toFieldFaults(issues, prefix);
  const first = errors[0];
  return new DomainError(code, first ? `${what}: ${first.pointer || 'it'}: ${first.detail}` : what, { errors });
}
