import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/index.js';
import { OperatorsModule } from '../operators/index.js';
import { BalancesController } from './balances.controller.js';
import { ConfirmMovement } from './bank/confirm-movement.js';
import { EndMovement } from './bank/end-movement.js';
import { ListMovements } from './bank/list-movements.js';
import { PayoutsController } from './bank/payouts.controller.js';
import { RequestMovement } from './bank/request-movement.js';
import { TopUpsController } from './bank/top-ups.controller.js';
import { DecideCorrection } from './corrections/decide-correction.js';
import { ProposeCorrection } from './corrections/propose-correction.js';
import { LedgerController } from './ledger.controller.js';
import { ListTransfers } from './list-transfers.js';
import { ReadBalances } from './read-balances.js';
import { ReadTrialBalance } from './read-trial-balance.js';
import { RollUpCredits } from './roll-up-credits.js';
import { WriteStatement } from './write-statement.js';

@Module({
  imports: [IdentityModule, OperatorsModule],
  controllers: [BalancesController, TopUpsController, PayoutsController, LedgerController],
  providers: [ReadBalances, ListTransfers, WriteStatement, RequestMovement, ConfirmMovement, EndMovement, ListMovements, ProposeCorrection, DecideCorrection, ReadTrialBalance, RollUpCredits],
})
export class AccountingModule {}
