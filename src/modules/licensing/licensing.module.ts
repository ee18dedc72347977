import { Module } from '@nestjs/common';
import { DrawPdf } from '../../platform/pdf/index.js';
import { ActorKeysModule } from '../actor-keys/index.js';
import { IdentityModule } from '../identity/index.js';
import { LogModule } from '../log/index.js';
import { WorksModule } from '../works/index.js';
import { CheckController } from './check/check.controller.js';
import { CheckRights } from './check/check-rights.js';
import { ReadAvailability } from './check/read-availability.js';
import { AcceptLicence } from './licences/accept-licence.js';
import { ActOnLicence } from './licences/act-on-licence.js';
import { ClaimBreach } from './licences/claim-breach.js';
import { ComposeGrant } from './licences/compose-grant.js';
import { EndLicence } from './licences/end-licence.js';
import { FindLicence } from './licences/find-licence.js';
import { GrantLicence } from './licences/grant-licence.js';
import { LicencesController } from './licences/licences.controller.js';
import { ListLicences } from './licences/list-licences.js';
import { ObjectToLicence } from './licences/object-to-licence.js';
import { PresentDisclosure } from './licences/present-disclosure.js';
import { ProveLicence } from './licences/prove-licence.js';
import { ReadContract } from './licences/read-contract.js';
import { ReadLicence } from './licences/read-licence.js';
import { RenewLicence } from './licences/renew-licence.js';
import { RescindLicence } from './licences/rescind-licence.js';
import { SignLicence } from './licences/sign-licence.js';
import { TerminateLicence } from './licences/terminate-licence.js';
import { PerformAct } from './perform-act.js';
import { ExportOdrl } from './terms/export-odrl.js';
import { FindTerms } from './terms/find-terms.js';
import { ImportOdrl } from './terms/import-odrl.js';
import { OfferTerms } from './terms/offer-terms.js';
import { TakeTerms } from './terms/take-terms.js';
import { TermsController } from './terms/terms.controller.js';
import { AskForConsent } from './title/ask-for-consent.js';
import { AssignTitle } from './title/assign-title.js';
import { FixTerm } from './title/fix-term.js';
import { GiveConsent } from './title/give-consent.js';
import { GuardWorks } from './title/guard-works.js';
import { ReadHoldings } from './title/read-holdings.js';
import { ReadTitle } from './title/read-title.js';
import { ReturnSlice } from './title/return-slice.js';
import { TitleController } from './title/title.controller.js';

@Module({
  imports: [ActorKeysModule, IdentityModule, LogModule, WorksModule],
  controllers: [TitleController, LicencesController, TermsController, CheckController],
  providers: [
    PerformAct, ReadTitle, ReadHoldings, AskForConsent, AssignTitle, ReturnSlice, GiveConsent, FixTerm, GuardWorks,
    FindLicence, ComposeGrant, GrantLicence, ActOnLicence, AcceptLicence, SignLicence, EndLicence, RescindLicence, TerminateLicence, ClaimBreach, ObjectToLicence, RenewLicence, PresentDisclosure, ListLicences, ReadLicence, ProveLicence, ReadContract, DrawPdf,
    FindTerms, OfferTerms, TakeTerms, ExportOdrl, ImportOdrl, ReadAvailability, CheckRights,
  ],
  exports: [RescindLicence, AskForConsent, AssignTitle, ReturnSlice, ComposeGrant, FindLicence, GrantLicence, ReadTitle],
})
export class LicensingModule {}
