import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AUTHENTICATOR } from '../../platform/http/index.js';
import { MailModule } from '../../platform/mail/index.js';
import { AccountEntity } from './account.entity.js';
import { AccountsController } from './accounts.controller.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ChangeAccount } from './change-account.js';
import { CleanIdentity } from './clean-identity.js';
import { CreateAccount } from './create-account.js';
import { CreateApiKey } from './create-api-key.js';
import { CredentialAuthenticator } from './credential-authenticator.js';
import { CredentialsCache } from './credentials-cache.js';
import { FindAccounts } from './find-accounts.js';
import { ListApiKeys } from './list-api-keys.js';
import { ReadAccount } from './read-account.js';
import { RecoveryController } from './recovery.controller.js';
import { RequestMail } from './request-mail.js';
import { ResetPassword } from './reset-password.js';
import { RevokeApiKey } from './revoke-api-key.js';
import { SendIdentityMails } from './send-identity-mails.js';
import { SessionsController } from './sessions.controller.js';
import { SignIn } from './sign-in.js';
import { SignOut } from './sign-out.js';
import { VerifyEmail } from './verify-email.js';

@Module({
  imports: [TypeOrmModule.forFeature([AccountEntity, ApiKeyEntity]), MailModule],
  controllers: [AccountsController, SessionsController, ApiKeysController, RecoveryController],
  providers: [
    CredentialsCache, { provide: AUTHENTICATOR, useClass: CredentialAuthenticator },
    CreateAccount, ReadAccount, ChangeAccount, SignIn, SignOut, CreateApiKey, ListApiKeys, RevokeApiKey, RequestMail, ResetPassword, VerifyEmail,
    SendIdentityMails, CleanIdentity, FindAccounts,
  ],
  exports: [AUTHENTICATOR, FindAccounts, ReadAccount],
})
export class IdentityModule {}
