/** Why there is none and will be none soon, whoever asks. `format`: of such files none is made; `damaged`: it does not decode; `too-large`: more pixels than are decoded; `too-costly`: it took too much time or memory, or its decoder broke. */
export const PREVIEW_REFUSALS = ['format', 'damaged', 'too-large', 'too-costly'] as const;

export type PreviewRefusal = (typeof PREVIEW_REFUSALS)[number];

/** `absent`: there is no such file. `busy`, `stopped` and `interrupted` (something else ended the process) pass. `failed` is a fault of ours. */
export type PreviewErrorCode = PreviewRefusal | 'absent' | 'busy' | 'failed' | 'interrupted' | 'stopped';

/** Why there is no preview. */
export class PreviewError extends Error {
  override readonly name = 'PreviewError';

  constructor(readonly code: PreviewErrorCode, message: string = code, options?: ErrorOptions) {
    super(message, options);
  }
}

export function isRefusal(code: string): code is PreviewRefusal {
  return (PREVIEW_REFUSALS as readonly string[]).includes(code);
}
