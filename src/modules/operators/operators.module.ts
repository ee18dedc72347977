import { Module } from '@nestjs/common';
import { FindOperators } from './find-operators.js';
import { OperatorGuard } from './operator.guard.js';

@Module({ providers: [FindOperators, OperatorGuard], exports: [FindOperators, OperatorGuard] })
export class OperatorsModule {}
