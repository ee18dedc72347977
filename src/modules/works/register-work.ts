import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { declaredWorkSchema, type WorkForm } from '../../lib/api-schema/index.js';
import { DomainError } from '../../lib/errors/index.js';
import { BlobStore, isOutOfSpace } from '../../platform/blobs/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { toFieldFaults } from '../../platform/http/index.js';
import { DepositWork, type DepositedWork } from './deposit-work.js';
import { ReceiveUpload, type UploadedFile } from './receive-upload.js';
import type { WorkContent } from './work-content.js';
import { storageFull, tooManyFiles } from './works.errors.js';

interface Registrant {
  readonly accountId: string;
  readonly idempotencyKey: string | null;
}

/** From a request to a deposit: the two ways in, with the files or with their digests only. */
@Injectable()
export class RegisterWork {
  /** Uploads under way by account and key: the second one is refused before its gigabytes arrive. */
  private readonly inFlight = new Set<string>();

  constructor(
    private readonly deposit: DepositWork, private readonly upload: ReceiveUpload, private readonly blobs: BlobStore, @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Digests only: the files never leave their owner. @throws DomainError `WORKS.FORM_INVALID`, `WORKS.TOO_MANY_FILES`, and as {@link DepositWork}. */
  declared(body: unknown, registrant: Registrant): Promise<DepositedWork> {
    const parsed = declaredWorkSchema.safeParse(body);
    if (!parsed.success) throw new DomainError('WORKS.FORM_INVALID', 'The form is not complete.', { errors: toFieldFaults(parsed.error.issues) });
    const { contents, ...form } = parsed.data;
    if (contents.length > this.config.limits.files) throw tooManyFiles(this.config.limits.files);
    return this.once(registrant, () =>
      this.deposit.execute({ ...registrant, form, contents: withRoles(form, contents.map((content) => ({ ...content, deposit: 'declared' }))) }));
  }

  /** Multipart with the files. @throws DomainError as {@link ReceiveUpload} and {@link DepositWork}. */
  uploaded(request: IncomingMessage, registrant: Registrant): Promise<DepositedWork> {
    return this.once(registrant, async () => {
      const { form, files } = await this.upload.execute(request);
      let contents: WorkContent[];
      try {
        contents = withRoles(form, files.map(toContent));
        await this.blobs.adopt(files);
      } catch (error) {
        throw isOutOfSpace(error) ? storageFull(error) : error;
      } finally {
        await this.upload.discard(files);
      }
      return this.deposit.execute({ ...registrant, form, contents });
    });
  }

  private async once<T>({ accountId, idempotencyKey }: Registrant, act: () => Promise<T>): Promise<T> {
    if (idempotencyKey === null) return act();
    const name = `${accountId} ${idempotencyKey}`;
    if (this.inFlight.has(name)) throw new DomainError('HTTP.IDEMPOTENCY_IN_FLIGHT', 'The first request with this Idempotency-Key is still running.', { retryAfterSeconds: 1 });
    this.inFlight.add(name);
    try {
      return await act();
    } finally {
      this.inFlight.delete(name);
    }
  }
}

function toContent(file: UploadedFile): WorkContent {
  return { name: file.name, mediaType: file.mediaType, byteLength: file.byteLength, sha256: file.sha256, sm3: file.sm3, deposit: 'held' };
}

/** Files that the form names as evidence are not the work itself. @throws DomainError `WORKS.FORM_INVALID` when it names a file that is not there. */
function withRoles(form: WorkForm, contents: readonly WorkContent[]): WorkContent[] {
  const roles = new Map<string, 'acquisition-evidence' | 'creation-evidence'>();
  const names = new Set(contents.map((content) => content.name));
  for (const [member, role] of [['acquisitionEvidence', 'acquisition-evidence'], ['creationEvidence', 'creation-evidence']] as const) {
    for (const [i, name] of (form[member] ?? []).entries()) {
      if (!names.has(name)) throw new DomainError('WORKS.FORM_INVALID', 'The form names a file that is not part of the deposit.', { errors: [{ pointer: `/${member}/${i}`, detail: 'no file has this name' }] });
      roles.set(name, role);
    }
  }
  if (contents.every((content) => roles.has(content.name))) throw new DomainError('WORKS.NO_FILES', 'Every file is named as evidence; none is the work.', { errors: [{ pointer: '/contents', detail: 'holds only evidence' }] });
  return contents.map((content) => ({ ...content, role: roles.get(content.name) }));
}
