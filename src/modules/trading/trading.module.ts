import { Module, type OnModuleInit } from '@nestjs/common';
import { JobRegistry } from '../../platform/jobs/index.js';
import { DrawPdf } from '../../platform/pdf/index.js';
import { AccountingModule } from '../accounting/index.js';
import { ActorKeysModule } from '../actor-keys/index.js';
import { IdentityModule } from '../identity/index.js';
import { LicensingModule } from '../licensing/index.js';
import { LogModule } from '../log/index.js';
import { OperatorsModule } from '../operators/index.js';
import { WorksModule } from '../works/index.js';
import { AssertEntitled } from './delivery/assert-entitled.js';
import { DeliveriesController } from './delivery/deliveries.controller.js';
import { ListDeliveries } from './delivery/list-deliveries.js';
import { ListFiles } from './delivery/list-files.js';
import { MakeLink } from './delivery/make-link.js';
import { StartDelivery } from './delivery/start-delivery.js';
import { CHAIN_PROVIDERS } from './chain/chain-providers.js';
import { ChangeListing } from './listings/change-listing.js';
import { FindListing } from './listings/find-listing.js';
import { ListingsController } from './listings/listings.controller.js';
import { PublishListing } from './listings/publish-listing.js';
import { ReadListing } from './listings/read-listing.js';
import { SearchListings } from './listings/search-listings.js';
import { AcceptOffer } from './negotiations/accept-offer.js';
import { CheckNegotiable } from './negotiations/check-negotiable.js';
import { EndDueNegotiations } from './negotiations/end-due-negotiations.js';
import { FindNegotiation } from './negotiations/find-negotiation.js';
import { LeaveNegotiation } from './negotiations/leave-negotiation.js';
import { MakeOffer } from './negotiations/make-offer.js';
import { NegotiationsController } from './negotiations/negotiations.controller.js';
import { OpenNegotiation } from './negotiations/open-negotiation.js';
import { ReadNegotiation } from './negotiations/read-negotiation.js';
import { ReadThread } from './negotiations/read-thread.js';
import { ReceiveDocument } from './negotiations/receive-document.js';
import { SendMessage } from './negotiations/send-message.js';
import { SettleAgreed } from './negotiations/settle-agreed.js';
import { DisputesController } from './orders/disputes.controller.js';
import { FindOrder } from './orders/find-order.js';
import { FundAssignment } from './orders/fund-assignment.js';
import { ListDisputes } from './orders/list-disputes.js';
import { OrdersController } from './orders/orders.controller.js';
import { PlaceOrder } from './orders/place-order.js';
import { ProtectOrder } from './orders/protect-order.js';
import { ProveOrder } from './orders/prove-order.js';
import { QuoteListing } from './orders/quote-listing.js';
import { ReadOrder } from './orders/read-order.js';
import { ReadPayees } from './orders/read-payees.js';
import { SettleAssignment } from './orders/settle-assignment.js';
import { SettleOrders } from './orders/settle-orders.js';
import { ReadReceipt } from './receipts/read-receipt.js';
import { ReceiptsController } from './receipts/receipts.controller.js';
import { ReadSeller } from './sellers/read-seller.js';
import { SellersController } from './sellers/sellers.controller.js';

@Module({
  imports: [AccountingModule, ActorKeysModule, IdentityModule, LicensingModule, LogModule, OperatorsModule, WorksModule],
  controllers: [ListingsController, SellersController, OrdersController, DisputesController, NegotiationsController, DeliveriesController, ReceiptsController],
  providers: [
    FindListing, PublishListing, ChangeListing, ReadListing, SearchListings, ReadSeller,
    ReadPayees, QuoteListing, SettleOrders, FundAssignment, SettleAssignment, PlaceOrder, FindOrder, ReadOrder, ProtectOrder, ListDisputes, ProveOrder,
    ...CHAIN_PROVIDERS,
    AssertEntitled, ListFiles, MakeLink, StartDelivery, ListDeliveries, ReadReceipt, DrawPdf,
    FindNegotiation, CheckNegotiable, OpenNegotiation, MakeOffer, SettleAgreed, AcceptOffer, LeaveNegotiation, EndDueNegotiations, ReadNegotiation, ReadThread, ReceiveDocument, SendMessage,
  ],
})
export class TradingModule implements OnModuleInit {
  constructor(private readonly jobs: JobRegistry, private readonly protect: ProtectOrder, private readonly negotiations: EndDueNegotiations) {}

  onModuleInit(): void {
    this.jobs.schedule('trading.settle-due', '* * * * *', () => this.protect.settleDue());
    this.jobs.schedule('trading.end-negotiations', '* * * * *', () => this.negotiations.execute());
    this.jobs.schedule('trading.end-stale-negotiations', '*/10 * * * *', () => this.negotiations.endStale());
  }
}
