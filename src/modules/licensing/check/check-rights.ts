import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { bytesToBase64, bytesToHex } from '../../../lib/bytes/index.js';
import { LANGUAGE_CODES, type Point, RIGHT_CODES, ruleOf, TERRITORY_CODES, USE_CODES } from '../../../lib/rights/index.js';
import { formatWorkNumber, parseWorkNumber } from '../../../lib/statement/index.js';
import { toHash } from '../../../lib/merkle/index.js';
import { encodeVerdict, formatVerdictNote, VERDICT_FORMAT, type VerdictReason } from '../../../lib/verdict/index.js';
import { Coalescer } from '../../../platform/coalesce/index.js';
import { LogKeys, ProveStatements, type ProvenStatement, type PublishedCheckpoint } from '../../log/index.js';
import { workNotFound } from '../../works/index.js';
import { accountPrivate } from '../licensing.errors.js';
import { type Inquiry, NO_WORK } from './facts.js';
import type { Question } from './question.js';
import { type Decided, decideWithOriginals } from './read-facts.js';

interface Asked {
  readonly question: Question;
  readonly callerId: string | null;
}

/** A signed verdict as JSON text: its statements go from the log to the wire as they are. */
type Answer = string | Error;

/** Unlike a registration, nothing waits for a long batch to be whole. */
const MOST_AT_ONCE = 64;

/**
 * May somebody do this with a work, there and then, as far as is recorded here, and why: signed, with the statements that it rests on and their proofs, so
 * that who relied on it can show so. Questions that arrive together are answered together.
 */
@Injectable()
export class CheckRights {
  private readonly coalescer = new Coalescer<Asked, Answer>((asked) => this.answer(asked), { maxItems: MOST_AT_ONCE, maxBatches: 2, isItemFault: () => false });

  constructor(@InjectDataSource() private readonly dataSource: DataSource, private readonly prove: ProveStatements, private readonly keys: LogKeys) {}

  /**
   * @param callerId as whom the work is looked at; and whose right is asked for, when nobody else's is.
   * @throws DomainError `WORKS.NOT_FOUND`, `LICENSING.ACCOUNT_PRIVATE`.
   */
  async execute(question: Question, callerId: string | null): Promise<string> {
    const answer = await this.coalescer.submit({ question, callerId });
    if (answer instanceof Error) throw answer;
    return answer;
  }

  /** Many at once; a question that cannot be answered has its error in its place. */
  async many(questions: readonly Question[], callerId: string | null): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let at = 0; at < questions.length; at += MOST_AT_ONCE) {
      answers.push(...(await this.answer(questions.slice(at, at + MOST_AT_ONCE).map((question) => ({ question, callerId })))));
    }
    return answers;
  }

  private async answer(asked: readonly Asked[]): Promise<Answer[]> {
    const now = new Date();
    const inquiries = asked.map((one) => ({ inquiry: toInquiry(one, now), point: toPoint(one.question, now) }));
    const found = await decideWithOriginals(this.dataSource, inquiries);
    const refs = found.flatMap((one) => one?.parts.flatMap(({ decision }) => decision.reasons.map(({ ref }) => ref)) ?? []);
    const { statements, checkpoint } = await this.prove.execute(refs);
    let place = 0;
    return found.map((one, i) => {
      const own = statements.slice(place, (place += one?.parts.reduce((sum, { decision }) => sum + decision.reasons.length, 0) ?? 0));
      const { question } = asked[i] as Asked;
      if (one === null || !one.mayKnow) return workNotFound();
      if (!one.mayAsk) return accountPrivate();
      return this.sign(one, own, checkpoint, question, now);
    });
  }

  private sign(found: Decided, statements: readonly (ProvenStatement | null)[], checkpoint: PublishedCheckpoint | null, question: Question, now: Date): string {
    const { inquiry, decision, parts } = found;
    const issuedAt = now.toISOString();
    const texts: string[] = [];
    let place = 0;
    const reasons = parts.flatMap(({ work, decision: { reasons: of } }) => of.flatMap((reason): Omit<VerdictReason, 'statement'>[] => {
      const statement = statements[place++];
      if (!statement) return [];
      texts.push(statement.text);
      const { leafIndex, path } = statement;
      return [{
        rule: reason.rule, ...ruleOf(reason), work, subject: reason.ref.subject,
        inclusion: leafIndex === null || path === null ? null : { leafIndex, path: path.map(bytesToBase64) },
        receipt: path === null ? statement.receipt : null,
      }];
    }));
    const text = encodeVerdict({
      format: VERDICT_FORMAT,
      question: {
        work: formatWorkNumber(BigInt(inquiry.workId)), account: accountOf(inquiry), right: question.right, territory: question.territory, use: question.use, language: question.language,
        at: inquiry.at.toISOString(), knownAt: inquiry.knownAt.toISOString(),
      },
      verdict: decision.verdict,
      conditions: [...decision.conditions],
      reasons,
      asOf: checkpoint === null ? null : { treeSize: checkpoint.treeSize, rootHash: bytesToHex(checkpoint.rootHash), checkpoint: checkpoint.note },
      issuedAt,
    }, texts);
    const note = this.keys.signNote(formatVerdictNote({ origin: this.keys.origin, digest: toHash(hash('sha256', text, 'buffer')), issuedAt }));
    return `${text.slice(0, -1)},"note":${JSON.stringify(note)}}`;
  }
}

/** As statements name actors. */
function accountOf({ accountId, licenceId }: Inquiry): string | null {
  if (licenceId !== null) return `licensee:${formatWorkNumber(BigInt(licenceId), 'LC')}`;
  return accountId === null ? null : `acct:${accountId}`;
}

function toInquiry({ question, callerId }: Asked, now: Date): Inquiry {
  const licence = question.licensee === undefined ? null : parseWorkNumber(question.licensee, 'LC');
  const knownAt = question.knownAt === undefined ? now : new Date(Math.min(Date.parse(question.knownAt), now.getTime()));
  return {
    workId: (parseWorkNumber(question.work)?.id ?? NO_WORK).toString(), accountId: licence === null ? (question.licensee ?? callerId) : null, licenceId: licence?.id.toString() ?? null,
    rights: RIGHT_CODES.get(question.right) ?? -1, territories: TERRITORY_CODES.get(question.territory) ?? -1, uses: USE_CODES.get(question.use) ?? -1, languages: LANGUAGE_CODES.get(question.language) ?? -1, callerId, isOfPast: question.knownAt !== undefined,
    at: question.at === undefined ? now : new Date(question.at), knownAt,
  };
}

function toPoint({ right, territory, use, at }: Question, now: Date): Point {
  return { right, territory, use, at: at === undefined ? now.getTime() : Date.parse(at) };
}
