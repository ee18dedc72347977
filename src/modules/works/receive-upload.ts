import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { declaredContentSchema, fileName, type WorkForm, workFormSchema } from '../../lib/api-schema/index.js';
import { parseJson } from '../../lib/canonical-json/index.js';
import { DomainError } from '../../lib/errors/index.js';
import { BlobStore, isOutOfSpace, type StagedBlob } from '../../platform/blobs/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { toFieldFaults } from '../../platform/http/index.js';
import { type ArrivingFile, MultipartRefusal, receiveMultipart } from '../../platform/multipart/index.js';
import { UploadReserve } from './upload-reserve.js';
import { storageFull, tooManyFiles } from './works.errors.js';

export interface UploadedFile extends StagedBlob {
  readonly name: string;
  readonly mediaType: string;
}

export interface Upload {
  readonly form: WorkForm;
  readonly files: readonly UploadedFile[];
}

const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,62}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,62}$/;
const declaredContents = declaredContentSchema.partial().array();

interface Part {
  form: WorkForm;
  declared: readonly { name?: string | undefined; byteLength?: number | undefined; sha256?: string | undefined; sm3?: string | undefined }[] | null;
}

/** Receives a multipart deposit: part `work` (JSON), parts `files`, streamed to staging files while there is room. Whatever goes wrong, nothing is left behind. */
@Injectable()
export class ReceiveUpload {
  constructor(private readonly blobs: BlobStore, private readonly reserve: UploadReserve, @Inject(CONFIG) private readonly config: Config) {}

  /** @throws DomainError `WORKS.…` with a JSON pointer where a field is at fault; `STORAGE.FULL`. */
  async execute(request: IncomingMessage): Promise<Upload> {
    const staged: UploadedFile[] = [];
    const { fileBytes, files: mostFiles, formBytes } = this.config.limits;
    const limits = { fileParts: ['files'], fileBytes, files: mostFiles, fields: 1, fieldBytes: formBytes };
    if (!(await this.reserve.hasRoom())) throw storageFull();
    try {
      const { fields, files } = await receiveMultipart(request, limits, (file) => this.receiveFile(file, staged));
      const part = parsePart(fields['work']);
      if (files.length === 0) throw new DomainError('WORKS.NO_FILES', 'Send at least one file as a part named «files», or deposit digests only as JSON.', { errors: [{ pointer: '/files', detail: 'is missing' }] });
      if (files.every((file) => file.byteLength === 0)) throw new DomainError('WORKS.FILE_EMPTY', 'Every file is empty; there is nothing to deposit.');
      assertAsDeclared(part, files);
      return { form: part.form, files };
    } catch (error) {
      await this.discard(staged);
      throw toDomainError(error, this.config);
    }
  }

  /** For whoever received an upload and could not use it. */
  async discard(files: readonly StagedBlob[]): Promise<void> {
    await Promise.all(files.map((file) => this.blobs.discard(file)));
  }

  private async receiveFile({ name: sent, mediaType, stream, index, fields }: ArrivingFile, staged: UploadedFile[]): Promise<UploadedFile> {
    // A form that came first and is wrong is refused before gigabytes follow.
    if (fields['work'] !== undefined) parsePart(fields['work']);
    const name = fileName().safeParse(sent);
    if (!name.success) throw new DomainError('WORKS.FILE_NAME_INVALID', 'A file name is at most 255 characters without path or control characters.', { errors: [{ pointer: `/files/${index}/name`, detail: name.error.issues[0]?.message ?? 'is not a file name' }] });
    const blob = await this.reserve.watch(() => this.blobs.stage(stream), () => stream.destroy(storageFull()));
    const file = { ...blob, name: name.data, mediaType: MEDIA_TYPE.test(mediaType.toLowerCase()) ? mediaType.toLowerCase() : 'application/octet-stream' };
    staged.push(file);
    return file;
  }
}

function parsePart(sent: unknown): Part {
  if (typeof sent !== 'string') throw new DomainError('WORKS.FORM_MISSING', 'Send the form as JSON in a part named «work», before the files.', { errors: [{ pointer: '/work', detail: 'is missing' }] });
  let json: unknown;
  try {
    json = parseJson(sent);
  } catch (cause) {
    throw new DomainError('WORKS.FORM_INVALID', 'The part «work» is not JSON.', { errors: [{ pointer: '/work', detail: cause instanceof Error ? cause.message : 'is not JSON' }], cause });
  }
  const { contents, ...form } = (json ?? {}) as Record<string, unknown>;
  const parsed = workFormSchema.safeParse(form);
  if (!parsed.success) throw new DomainError('WORKS.FORM_INVALID', 'The form is not complete.', { errors: toFieldFaults(parsed.error.issues) });
  if (contents === undefined) return { form: parsed.data, declared: null };
  const declared = declaredContents.safeParse(contents);
  if (!declared.success) throw new DomainError('WORKS.FORM_INVALID', 'The form is not complete.', { errors: toFieldFaults(declared.error.issues, 'contents') });
  return { form: parsed.data, declared: declared.data };
}

/** What a client says of its files beside sending them must be so: a bad line or a bad disk shows itself here. */
function assertAsDeclared({ declared }: Part, files: readonly UploadedFile[]): void {
  if (declared === null) return;
  const errors = declared.length === files.length ? [] : [{ pointer: '/contents', detail: `names ${declared.length} files, ${files.length} arrived` }];
  for (const [i, said] of declared.entries()) {
    const file = files[i];
    if (!file) break;
    for (const member of ['byteLength', 'sha256', 'sm3'] as const) {
      if (said[member] !== undefined && said[member] !== file[member]) errors.push({ pointer: `/contents/${i}/${member}`, detail: `says ${said[member]}, what arrived has ${file[member]}` });
    }
  }
  if (errors.length > 0) throw new DomainError('WORKS.FILE_MISDECLARED', 'What arrived is not what was declared; send it again.', { errors });
}

function toDomainError(error: unknown, config: Config): unknown {
  if (error instanceof DomainError) return error;
  if (isOutOfSpace(error)) return storageFull(error);
  if (!(error instanceof MultipartRefusal)) return error;
  const { problem, part, cause } = error;
  switch (problem) {
    case 'file-too-large':
      return new DomainError('WORKS.FILE_TOO_LARGE', `A file may have ${config.limits.fileBytes} bytes. Deposit its digest instead.`);
    case 'too-many-files':
      return tooManyFiles(config.limits.files);
    case 'unexpected-file':
      return new DomainError('WORKS.FORM_INVALID', `There is no file part named «${part ?? ''}»; name every file part «files».`);
    case 'nameless-file':
      return new DomainError('WORKS.FILE_NAME_INVALID', 'A file came without a name; give each part «files» a filename.');
    case 'field-too-large':
      return new DomainError('WORKS.FORM_TOO_LARGE', `The form may have ${config.limits.formBytes} bytes.`);
    case 'interrupted':
      return new DomainError('WORKS.UPLOAD_INTERRUPTED', 'The upload ended before it was whole. Nothing was kept; send it again.', { cause });
    case 'malformed':
      return new DomainError('WORKS.FORM_INVALID', 'The multipart body is not as it should be: one part «work», then parts «files».', { cause });
  }
}
