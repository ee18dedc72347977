import { MulterError } from 'multer';

/** Why a body was refused. Closed: callers map each to an error code of their own. */
export type MultipartProblem =
  | 'file-too-large'
  | 'too-many-files'
  /** A file under a name that no file is expected under. */
  | 'unexpected-file'
  /** A file part without a file name but with content. */
  | 'nameless-file'
  | 'field-too-large'
  /** The sender vanished, or the body ends before it is whole. */
  | 'interrupted'
  /** Whatever else RFC 7578 or the limits do not allow. */
  | 'malformed';

export class MultipartRefusal extends Error {
  override readonly name = 'MultipartRefusal';
  /** @param part name of the part at fault, as it was sent. */
  constructor(readonly problem: MultipartProblem, readonly part: string | null, options?: { cause?: unknown }) {
    super(`${problem}${part === null ? '' : ` (${part})`}`, options);
  }
}

/** By multer's codes; the rest are malformed. */
const PROBLEMS: Readonly<Record<string, MultipartProblem>> = {
  LIMIT_FILE_SIZE: 'file-too-large',
  LIMIT_FILE_COUNT: 'too-many-files',
  LIMIT_UNEXPECTED_FILE: 'unexpected-file',
  LIMIT_FIELD_VALUE: 'field-too-large',
};

/** What busboy, multer and sockets say of a body that ends too early; they give it no code. */
const ENDED_EARLY = /unexpected end|aborted|closed|premature/i;
/** What busboy says of a body that is none. */
const MALFORMED = /malformed|multipart|boundary|content.type/i;

/** The refusal that an error of the parser stands for; the error itself when it is none of the sender's making. */
export function toRefusal(error: unknown): unknown {
  if (error instanceof MulterError) return new MultipartRefusal(PROBLEMS[error.code] ?? 'malformed', error.field ?? null, { cause: error });
  if (!(error instanceof Error) || error instanceof MultipartRefusal) return error;
  if (ENDED_EARLY.test(error.message)) return new MultipartRefusal('interrupted', null, { cause: error });
  return MALFORMED.test(error.message) ? new MultipartRefusal('malformed', null, { cause: error }) : error;
}
