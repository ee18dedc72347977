import { Body, Controller, HttpCode, Inject, Ip, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Caller, Public } from '../../platform/http/index.js';
import { sendPasswordReset, sendVerification } from './identity.jobs.js';
import { resetPasswordBody, resetRequestBody, verifyEmailBody } from './identity.schemas.js';
import { ReadAccount } from './read-account.js';
import { RequestMail } from './request-mail.js';
import { ResetPassword } from './reset-password.js';
import { VerifyEmail } from './verify-email.js';

/** What goes by mailed one-time links. */
@ApiTags('identity')
@Controller()
export class RecoveryController {
  constructor(
    @Inject(RequestMail) private readonly requestMail: RequestMail,
    @Inject(ResetPassword) private readonly resetPassword: ResetPassword,
    @Inject(VerifyEmail) private readonly verifyEmail: VerifyEmail,
    @Inject(ReadAccount) private readonly readAccount: ReadAccount,
  ) {}

  @Post('password-resets')
  @Public()
  @HttpCode(202)
  @ApiOperation({ summary: 'Ask for a mail that sets a new password', description: 'Answers alike whether the address has an account.' })
  async requestReset(@Body({ schema: resetRequestBody }) body: z.infer<typeof resetRequestBody>, @Ip() ip: string): Promise<{ status: 'accepted' }> {
    await this.requestMail.execute(sendPasswordReset, body.email, ip);
    return { status: 'accepted' };
  }

  @Post('password-resets/completion')
  @Public()
  @HttpCode(204)
  @ApiOperation({ summary: 'Set a new password by the mailed token', description: 'Ends every session of the account; API keys stay.' })
  completeReset(@Body({ schema: resetPasswordBody }) { token, password }: z.infer<typeof resetPasswordBody>, @Ip() ip: string): Promise<void> {
    return this.resetPassword.execute(token, password, ip);
  }

  @Post('email-verifications')
  @HttpCode(202)
  @ApiOperation({ summary: 'Ask for another mail that verifies my address' })
  async requestVerification(@Caller() caller: Caller, @Ip() ip: string): Promise<{ status: 'accepted' }> {
    const { email } = await this.readAccount.execute(caller.accountId);
    await this.requestMail.execute(sendVerification, email, ip);
    return { status: 'accepted' };
  }

  @Post('email-verifications/completion')
  @Public()
  @HttpCode(204)
  @ApiOperation({ summary: 'Verify an address by the mailed token' })
  completeVerification(@Body({ schema: verifyEmailBody }) { token }: z.infer<typeof verifyEmailBody>): Promise<void> {
    return this.verifyEmail.execute(token);
  }
}
