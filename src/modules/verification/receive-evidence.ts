import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { decodeUtf8 } from '../../lib/bytes/index.js';
import { DomainError, VerificationError } from '../../lib/errors/index.js';
import type { FileDigest } from '../../lib/proof/index.js';
import { parseJson } from '../../lib/canonical-json/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { MOST_PROOF_BYTES } from '../../platform/http/index.js';
import { type ArrivingFile, MultipartRefusal, receiveMultipart } from '../../platform/multipart/index.js';
import { type Evidence, nothingToVerify } from './evidence.js';

const MOST_NAME_CHARACTERS = 255;

/** Receives multipart evidence: parts `files`, and at most one part `bundle`, as a file or as a field. Files are hashed while they arrive; nothing is written anywhere. */
@Injectable()
export class ReceiveEvidence {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** @throws DomainError `VERIFICATION.…`. */
  async execute(request: IncomingMessage): Promise<Evidence> {
    const { fileBytes, files: mostFiles } = this.config.limits;
    const limits = { fileParts: ['files', 'bundle'], fileBytes, files: mostFiles + 1, fields: 1, fieldBytes: MOST_PROOF_BYTES };
    try {
      const { fields, files } = await receiveMultipart(request, limits, receiverOfOne());
      const bundles = [...files.filter((file) => typeof file === 'string'), ...Object.values(pickBundle(fields))];
      const contents = files.filter((file) => typeof file !== 'string');
      if (bundles.length > 1) throw severalBundles();
      if (contents.length > mostFiles) throw tooManyFiles(this.config);
      if (bundles.length + contents.length === 0) throw nothingToVerify();
      return { contents, bundle: bundles[0] === undefined ? undefined : parseBundleText(bundles[0]) };
    } catch (error) {
      throw error instanceof MultipartRefusal ? toDomainError(error, this.config) : error;
    }
  }
}

/** Files are hashed and forgotten, but a bundle is kept in memory: a second one is refused when it begins, or one request could hold as many as it may send files. */
function receiverOfOne(): (file: ArrivingFile) => Promise<FileDigest | string> {
  let hasBundle = false;
  return async ({ part, name, stream, fields }) => {
    if (part !== 'bundle') return digestOf(stream, name);
    if (hasBundle || Object.hasOwn(fields, 'bundle')) throw severalBundles();
    hasBundle = true;
    return readText(stream);
  };
}

async function digestOf(stream: Readable, name: string): Promise<FileDigest> {
  const [sha256, sm3] = [createHash('sha256'), createHash('sm3')];
  let byteLength = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    byteLength += chunk.length;
    sha256.update(chunk);
    sm3.update(chunk);
  }
  return { name: name.slice(0, MOST_NAME_CHARACTERS), byteLength, sha256: sha256.digest('hex'), sm3: sm3.digest('hex') };
}

async function readText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let byteLength = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    byteLength += chunk.length;
    if (byteLength > MOST_PROOF_BYTES) throw bundleTooLarge();
    chunks.push(chunk);
  }
  try {
    return decodeUtf8(Buffer.concat(chunks));
  } catch (cause) {
    throw new DomainError('VERIFICATION.BUNDLE_INVALID', 'The part «bundle» is not UTF-8 text.', { errors: [{ pointer: '/bundle', detail: 'is not UTF-8' }], cause });
  }
}

function pickBundle({ bundle, ...others }: Readonly<Record<string, unknown>>): string[] {
  if (Object.keys(others).length > 0) throw new DomainError('VERIFICATION.FORM_INVALID', 'Name the parts «files» and «bundle»; there is no other.');
  if (bundle === undefined) return [];
  if (typeof bundle !== 'string') throw severalBundles();
  return [bundle];
}

function parseBundleText(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    const detail = cause instanceof VerificationError ? cause.message : 'is not JSON';
    throw new DomainError('VERIFICATION.BUNDLE_INVALID', 'The part «bundle» is not JSON.', { errors: [{ pointer: '/bundle', detail }], cause });
  }
}

function toDomainError({ problem, part, cause }: MultipartRefusal, config: Config): DomainError {
  switch (problem) {
    case 'file-too-large':
      return new DomainError('VERIFICATION.FILE_TOO_LARGE', `A file may have ${config.limits.fileBytes} bytes. Send its digest instead: {"sha256": "…"}.`);
    case 'too-many-files':
      return tooManyFiles(config);
    case 'field-too-large':
      return bundleTooLarge();
    case 'unexpected-file':
      return new DomainError('VERIFICATION.FORM_INVALID', `There is no file part named «${part ?? ''}»; name the parts «files» and «bundle».`, { cause });
    case 'interrupted':
      return new DomainError('VERIFICATION.UPLOAD_INTERRUPTED', 'The upload ended before it was whole; send it again.', { cause });
    case 'nameless-file':
    case 'malformed':
      return new DomainError('VERIFICATION.FORM_INVALID', 'The multipart body is not as it should be: parts «files», each with a filename, and at most one part «bundle».', { cause });
  }
}

function severalBundles(): DomainError {
  return new DomainError('VERIFICATION.FORM_INVALID', 'Send one bundle at a time.');
}

function tooManyFiles(config: Config): DomainError {
  return new DomainError('VERIFICATION.TOO_MANY_FILES', `At most ${config.limits.files} files at a time.`);
}

export function bundleTooLarge(): DomainError {
  return new DomainError('VERIFICATION.BUNDLE_TOO_LARGE', 'The bundle is larger than this service checks for everyone. Check it with the command line: zhengben verify BUNDLE.');
}
