import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../../lib/errors/index.js';
import { FindOperators } from './find-operators.js';

/** Comes after the access guard, which has recognised the caller. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(private readonly operators: FindOperators) {}

  /** @throws DomainError `OPERATORS.NOT_OPERATOR`. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
    if (caller && (await this.operators.isOperator(caller.accountId))) return true;
    throw new DomainError('OPERATORS.NOT_OPERATOR', 'Only operators may do this; they are appointed by «zhengben operator appoint».');
  }
}

/** This route, or every route of this controller, is for operators. Name no scopes beside it: then it takes a session, and an API key that was stolen from an operator confirms nothing. */
export const OperatorsOnly = (): MethodDecorator & ClassDecorator => applyDecorators(UseGuards(OperatorGuard));
