import type { Tx } from '../../platform/database/index.js';

/** Whether the work was withdrawn by now. @param workId decimal. */
export async function isWithdrawn(tx: Tx, workId: string): Promise<boolean> {
  const [work]: { withdrawn_at: Date | null }[] = await tx.query('SELECT withdrawn_at FROM work WHERE work_id = $1', [workId]);
  return (work?.withdrawn_at ?? null) !== null;
}
