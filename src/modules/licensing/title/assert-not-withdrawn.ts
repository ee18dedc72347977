import type { Tx } from '../../../platform/database/index.js';
import { isWithdrawn, workWithdrawn } from '../../works/index.js';

/** Asked within the transaction, after what the act locks. @throws DomainError `WORKS.WITHDRAWN`. */
export async function assertNotWithdrawn(tx: Tx, workId: string): Promise<void> {
  if (await isWithdrawn(tx, workId)) throw workWithdrawn();
}
