import { Body, Controller, Get, Headers, Inject, Ip, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Caller, Public, Scopes } from '../../platform/http/index.js';
import type { Locale } from './account.entity.js';
import { ChangeAccount } from './change-account.js';
import { CreateAccount } from './create-account.js';
import { accountAnswer, type AccountAnswer, changeAccountBody, type ChangeAccountBody, createAccountAnswer, createAccountBody, type CreateAccountBody } from './identity.schemas.js';
import { ReadAccount } from './read-account.js';

@ApiTags('identity')
@Controller('accounts')
export class AccountsController {
  constructor(
    @Inject(CreateAccount) private readonly createAccount: CreateAccount,
    @Inject(ReadAccount) private readonly readAccount: ReadAccount,
    @Inject(ChangeAccount) private readonly changeAccount: ChangeAccount,
  ) {}

  @Post()
  @Public()
  @ApiOperation({ summary: 'Open an account', description: 'Answers alike when the address already has one; its holder is then told by mail.' })
  @ApiResponse({ status: 201, standardSchema: createAccountAnswer })
  async create(
    @Body({ schema: createAccountBody }) body: CreateAccountBody,
    @Headers('accept-language') languages: string | undefined,
    @Ip() ip: string,
  ): Promise<{ email: string; displayName: string; emailVerified: false }> {
    await this.createAccount.execute({ ...body, locale: body.locale ?? preferredLocale(languages) }, ip);
    return { email: body.email, displayName: body.displayName, emailVerified: false };
  }

  @Get('current')
  @Scopes('account:read')
  @ApiOperation({ summary: 'Who am I' })
  @ApiResponse({ status: 200, standardSchema: accountAnswer })
  current(@Caller() caller: Caller): Promise<AccountAnswer> {
    return this.readAccount.execute(caller.accountId);
  }

  /** For people only: a program that could turn the mails off could hide what it does. */
  @Patch('current')
  @ApiOperation({ summary: 'The language of my mails, and whether notices are mailed' })
  @ApiResponse({ status: 200, standardSchema: accountAnswer })
  async change(@Caller() caller: Caller, @Body({ schema: changeAccountBody }) change: ChangeAccountBody): Promise<AccountAnswer> {
    await this.changeAccount.execute(caller.accountId, change);
    return this.readAccount.execute(caller.accountId);
  }
}

/** The first of our languages in the order that browsers write them. */
function preferredLocale(languages: string | undefined): Locale {
  for (const tag of (languages ?? '').toLowerCase().split(',')) {
    if (tag.trim().startsWith('en')) return 'en';
    if (tag.trim().startsWith('zh')) return 'zh';
  }
  return 'zh';
}
