/** Names of the codes of one dimension. A code never changes its meaning, and none is given twice: licences are stored by them. */
export type CodeTable = ReadonlyMap<string, number>;
