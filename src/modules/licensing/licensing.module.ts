import { Module } from '@nestjs/common';
import { LogModule } from '../log/index.js';
import { WorksModule } from '../works/index.js';
import { CheckRights } from './check-rights.js';
import { GrantLicence } from './grant-licence.js';
import { LicensingController } from './licensing.controller.js';
import { ReadAvailability } from './read-availability.js';
import { ReadTitle } from './read-title.js';

@Module({
  imports: [LogModule, WorksModule],
  controllers: [LicensingController],
  providers: [CheckRights, GrantLicence, ReadAvailability, ReadTitle],
})
export class LicensingModule {}
