/** Functions of ours that write; a test compares the list with the database's. */
const WRITING_FUNCTIONS = ['deposit_works', 'grant_licences', 'insert_grants', 'insert_licences', 'post_transfers', 'roll_up_credits', 'take_listings', 'insert_orders', 'settle_orders', 'give_back_listing', 'fix_term'];

const WRITE = new RegExp(
  String.raw`\b(?:INSERT\s+INTO|UPDATE\s+(?:ONLY\s+)?[\w."]+\s+(?:(?:AS\s+)?\w+\s+)?SET|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE\s|COPY\s+\S+\s+FROM|graphile_worker\.add_jobs?\s*\(|(?:${WRITING_FUNCTIONS.join('|')})\s*\()`, 'i');

/** Whether an SQL statement of the service changes stored data. Comments and literals are taken for SQL: it may say yes too often, never no. */
export function isWrite(sql: string): boolean {
  return WRITE.test(sql);
}
