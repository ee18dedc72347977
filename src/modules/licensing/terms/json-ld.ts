export const JSON_LD = 'application/ld+json';

/** Whether a request asks for linked data rather than plain JSON. */
export function wantsJsonLd(accept: string | undefined): boolean {
  return accept?.split(',').some((range) => range.split(';')[0]?.trim().toLowerCase() === JSON_LD) ?? false;
}
