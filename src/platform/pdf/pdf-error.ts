export type PdfErrorCode = 'busy' | 'failed' | 'stopped' | 'timeout';

/** Why there is no PDF. `busy` and `stopped` pass; so may `timeout`. */
export class PdfError extends Error {
  override readonly name = 'PdfError';

  constructor(readonly code: PdfErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
