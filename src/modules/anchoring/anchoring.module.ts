import { Module } from '@nestjs/common';
import { LogModule } from '../log/index.js';
import { AnchorReader } from './anchor-reader.js';
import { AnchorerProcess } from './anchorer-process.js';
import { AnchoringTelemetry } from './anchoring-telemetry.js';
import { AnchorsController } from './anchors.controller.js';

@Module({
  imports: [LogModule],
  controllers: [AnchorsController],
  providers: [AnchorReader, AnchorerProcess, AnchoringTelemetry],
  exports: [AnchorReader],
})
export class AnchoringModule {}
