import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Tx } from '../../platform/database/index.js';
import { faultPoint } from '../../platform/fault-points/index.js';
import { computePayloadHash, findStoredResponse, type KeyedAct, runIdempotently } from '../../platform/http/index.js';

export interface ActRequest extends KeyedAct {
  readonly accountId: string;
  readonly idempotencyKey: string | null;
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
