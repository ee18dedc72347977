/** SQL: a column of time as text for a cursor, to the microsecond, as `rowTime` of the API's schemas reads it. A JavaScript date has milliseconds, and of two rows of one the second would be lost between pages. */
export function toRowTime(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
