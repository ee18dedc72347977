import { Injectable } from '@nestjs/common';
import { DomainError } from '../../lib/errors/index.js';
import { parseDisclosure, parseWorkNumber } from '../../lib/statement/index.js';
import { LogReader } from '../log/index.js';
import { ComposeBundle } from './compose-bundle.js';
import { isPublicPointer } from './compose-deposit.js';
import { FindWork } from './find-work.js';
import { statementOf } from './project-work.js';
import { workNotFound } from './works.errors.js';

export interface ProofRequest {
  readonly accountId: string | null;
  /** `anchored`: as far as the last anchored checkpoint covers; `newest`: the whole logged chain. */
  readonly at: 'anchored' | 'newest';
  /** Pointers of sealed members to open beyond the public ones; the owner's right only. */
  readonly disclose: readonly string[];
}

/** The proof bundle of a work. Two queries: the chain, and the nodes of all inclusion proofs; now and then a third, for the checkpoint. */
@Injectable()
export class ProveWork {
  constructor(private readonly reader: LogReader, private readonly compose: ComposeBundle, private readonly findWork: FindWork) {}

  /** @throws DomainError `WORKS.NOT_FOUND`, `LOG.NOT_YET_LOGGED` (Retry-After), `WORKS.NOT_OWNER`, `WORKS.DISCLOSURE_NOT_FOUND`. */
  async execute(typed: string, request: ProofRequest): Promise<Record<string, unknown>> {
    const number = parseWorkNumber(typed)?.number;
    const chain = number === undefined ? [] : await this.reader.chain(number);
    const first = chain[0];
    if (!first || number === undefined) throw workNotFound();
    const deposit = statementOf(first);
    const isOwner = request.accountId !== null && deposit.actor === `acct:${request.accountId}`;
    if (deposit.body['visibility'] === 'confidential' && !isOwner) await this.findWork.execute(number, request.accountId);
    if (request.disclose.length > 0 && !isOwner) throw new DomainError('WORKS.NOT_OWNER', 'Only the account that deposited the work opens what is sealed.');
    // Who holds rights in a confidential work is shown of it what everybody is of a public one.
    const isPublic = deposit.body['visibility'] === 'public' || !isOwner;
    const opened = new Set<string>();
    const bundle = await this.compose.execute(number, [{ subject: number, entries: chain, complete: true, opens: (disclosure) => opens(disclosure, isPublic, request.disclose, opened) }], request.at);
    assertKnown(request.disclose, opened);
    return bundle;
  }
}

/** Whoever opens what lies in a sealed subtree opens the subtree first: it has no place otherwise. */
function opens(disclosure: string, isPublic: boolean, disclose: readonly string[], opened: Set<string>): boolean {
  const { pointer } = parseDisclosure(disclosure);
  const isOpen = (isPublic && isPublicPointer(pointer)) || disclose.some((wanted) => wanted === '/' || wanted === pointer || wanted.startsWith(`${pointer}/`));
  if (isOpen) opened.add(pointer);
  return isOpen;
}

function assertKnown(disclose: readonly string[], opened: ReadonlySet<string>): void {
  const unknown = disclose.filter((pointer) => pointer !== '/' && !opened.has(pointer));
  if (unknown.length > 0) throw new DomainError('WORKS.DISCLOSURE_NOT_FOUND', `Nothing sealed stands at ${unknown.join(', ')}; it may have been erased.`);
}
