import type { components } from './schema.ts';

export type ServiceCode = components['schemas']['Problem']['code'];
/** Codes of the service, and those of the page when it got no answer that it understands. */
export type ProblemCode = ServiceCode | 'PAGE.UNREACHABLE' | 'PAGE.UNEXPECTED';

/** What went wrong, by code: shown in the reader's language, with what to do (app/problem-notice.tsx). */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(readonly code: ProblemCode, readonly status: number | null, readonly requestId: string | null, readonly faults: readonly { pointer: string; detail: string }[], readonly detail = '', readonly retryAfterSeconds: number | null = null) {
    super(`${code} ${detail}`);
  }

  static async of(response: Response): Promise<Problem> {
    const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
    const body = (await response.json().catch(() => null)) as Partial<components['schemas']['Problem']> | null;
    return new Problem(body?.code ?? 'PAGE.UNEXPECTED', response.status, body?.requestId ?? response.headers.get('x-request-id'), body?.errors ?? [], body?.detail ?? '', Number.isFinite(retryAfter) ? retryAfter : null);
  }

  static unreachable(cause: unknown): Problem {
    const problem = new Problem('PAGE.UNREACHABLE', null, null, []);
    problem.cause = cause;
    return problem;
  }
}

/** Whether the same call may succeed by itself a moment later. */
export function isRetryable(error: unknown): boolean {
  return error instanceof Problem && (error.status === null || error.status === 503);
}
