import { Module, type OnModuleInit } from '@nestjs/common';
import { JobRegistry } from '../../platform/jobs/index.js';
import { AppendStatement } from './append-statement.js';
import { CheckHead } from './check-head.js';
import { LogController } from './log.controller.js';
import { LogEvents } from './log-events.js';
import { LogGate } from './log-gate.js';
import { LogKeys } from './log-keys.js';
import { LogReader } from './log-reader.js';
import { LogTelemetry } from './log-telemetry.js';
import { ProveStatements } from './prove-statements.js';
import { PublishTree } from './publish-tree.js';
import { ReadTile } from './read-tile.js';
import { SequenceBatch } from './sequence-batch.js';
import { Sequencer } from './sequencer.js';
import { TileStore } from './tile-store.js';

@Module({
  controllers: [LogController],
  providers: [AppendStatement, CheckHead, LogEvents, LogGate, LogKeys, LogReader, LogTelemetry, ProveStatements, PublishTree, ReadTile, SequenceBatch, Sequencer, TileStore],
  exports: [AppendStatement, CheckHead, LogEvents, LogGate, LogKeys, LogReader, ProveStatements],
})
export class LogModule implements OnModuleInit {
  constructor(private readonly jobs: JobRegistry, private readonly tiles: TileStore) {}

  onModuleInit(): void {
    this.jobs.schedule('log.remove-leftovers', '47 * * * *', () => this.tiles.removeLeftovers());
  }
}
