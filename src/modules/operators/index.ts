/**
 * Operators: who confirms money and decides disputes for the house. Owns the table operator. Invariants: operators are appointed and dismissed by the command line, as the owner of the schema, never
 * over HTTP; who is dismissed is refused at the next request; what operators do takes a session, which no API key stands in for.
 */
export { appointOperator, dismissOperator, listOperators, type Operator } from './appoint-operator.js';
export { FindOperators } from './find-operators.js';
export { OperatorGuard, OperatorsOnly } from './operator.guard.js';
export { OperatorsModule } from './operators.module.js';
