import { DomainError } from '../../lib/errors/index.js';
import type { PreviewRefusal } from '../../platform/previews/index.js';

/** The same answer for a number that was never given and for a confidential work of someone else. */
export function workNotFound(): DomainError {
  return new DomainError('WORKS.NOT_FOUND', 'There is no such work. Check the number: it looks like ZB-7K3M-9Q4D-W2XC-V.');
}

export function workWithdrawn(): DomainError {
  return new DomainError('WORKS.WITHDRAWN', 'The work was withdrawn; nothing more can be said of it.');
}

export function notOwner(): DomainError {
  return new DomainError('WORKS.NOT_OWNER', 'Only the account that deposited the work may do this.');
}

export function rightsHeldByOthers(): DomainError {
  return new DomainError('WORKS.RIGHTS_HELD_BY_OTHERS', 'Rights in the work were assigned, and others hold of them: it is not yours alone to withdraw, nor to change what the rights follow from.', { members: { rules: ['Copyright Law Art. 27'] } });
}

export function alreadyClaimed(claims: readonly { work: string; claimedAt: string }[]): DomainError {
  return new DomainError('WORKS.ALREADY_CLAIMED', 'Other accounts were first to claim every file of this deposit. If the work is yours all the same, send "claim": "rival": both claims are then kept, in the order of their times.', { members: { claims } });
}

export function uploadExpired(): DomainError {
  return new DomainError('WORKS.UPLOAD_EXPIRED', 'The uploaded file is no longer kept; send it again.');
}

export function storageFull(cause?: unknown): DomainError {
  return new DomainError('STORAGE.FULL', 'There is no room for uploads at the moment. Nothing was kept; try again later, or deposit digests only.', { retryAfterSeconds: 300, cause });
}

export function tooManyFiles(most: number): DomainError {
  return new DomainError('WORKS.TOO_MANY_FILES', `A deposit may have ${most} files.`);
}

export function searchTooLong(cause?: unknown): DomainError {
  return new DomainError('HTTP.UNAVAILABLE', 'The search took too long. Say more closely what you look for: more words, an account, a shorter time.', { retryAfterSeconds: 10, cause });
}

const NO_PREVIEW: Readonly<Record<PreviewRefusal, string>> = {
  format: 'Previews are made of JPEG, PNG, WebP and AVIF pictures only.',
  damaged: 'The picture is damaged: it does not decode to its end.',
  'too-large': 'The picture has more than 50 megapixels; of such no preview is made.',
  'too-costly': 'The picture takes too much time or memory to decode.',
};

export function noPreview(reason: PreviewRefusal): DomainError {
  return new DomainError('WORKS.NO_PREVIEW', NO_PREVIEW[reason], { members: { reason } });
}

export function previewsBusy(cause: unknown): DomainError {
  return new DomainError('HTTP.UNAVAILABLE', 'Too many previews are being made; ask again in a moment.', { retryAfterSeconds: 2, cause });
}
