import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { canonicalize } from '../../lib/canonical-json/index.js';
import type { Tx } from '../../platform/database/index.js';
import { faultPoint } from '../../platform/fault-points/index.js';
import { findStoredResponse, runIdempotently } from '../../platform/http/index.js';

export interface ActRequest {
  readonly accountId: string;
  readonly idempotencyKey: string | null;
  /** What is done, e.g. `grant`, and to what: a work or licence number. */
  readonly act: string;
  readonly subject: string;
  readonly payload: unknown;
}

/** Runs an act about rights in one transaction, once for each idempotency key. */
@Injectable()
export class PerformAct {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** What it was answered before, when its key was used: asked first by verbs that look at how things stand before they begin. */
  async replay<T>(request: ActRequest): Promise<T | null> {
    const { accountId, idempotencyKey: key } = request;
    return (await findStoredResponse<T>(this.dataSource, { accountId, key, payloadHash: computePayloadHash(request) }))?.body ?? null;
  }

  async execute<T>({ accountId, idempotencyKey, act, subject, payload }: ActRequest, perform: (tx: Tx) => Promise<T>): Promise<T> {
    const payloadHash = computePayloadHash({ act, subject, payload });
    const { body } = await runIdempotently(this.dataSource, { accountId, key: idempotencyKey, payloadHash }, async (tx) => ({ status: 201, body: await perform(tx) }));
    faultPoint('licensing.answer');
    return body;
  }
}

/** The same for the same act with the same payload, however it was spelled. */
export function computePayloadHash({ act, subject, payload }: Pick<ActRequest, 'act' | 'subject' | 'payload'>): Buffer {
  return hash('sha256', canonicalize({ act, subject, payload: JSON.parse(JSON.stringify(payload ?? null)) as never }), 'buffer');
}
