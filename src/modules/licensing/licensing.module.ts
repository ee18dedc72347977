import { Module } from '@nestjs/common';
import { LogModule } from '../log/index.js';
import { WorksModule } from '../works/index.js';
import { CheckRights } from './check-rights.js';
import { FindLicence } from './find-licence.js';
import { GrantLicence } from './grant-licence.js';
import { LicensingController } from './licensing.controller.js';
import { ProveLicence } from './prove-licence.js';
import { ReadAvailability } from './read-availability.js';
import { ReadLicence } from './read-licence.js';
import { ReadTitle } from './read-title.js';

@Module({
  imports: [LogModule, WorksModule],
  controllers: [LicensingController],
  providers: [CheckRights, FindLicence, GrantLicence, ProveLicence, ReadAvailability, ReadLicence, ReadTitle],
})
export class LicensingModule {}
