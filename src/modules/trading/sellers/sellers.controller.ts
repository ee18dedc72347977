import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { accountId } from '../../../lib/api-schema/index.js';
import { Public } from '../../../platform/http/index.js';
import { ReadSeller, type SellerView } from './read-seller.js';

@ApiTags('trading')
@Controller('sellers')
export class SellersController {
  constructor(private readonly readSeller: ReadSeller) {}

  /** Who sells: their name, since when they are here, and how many works and open listings of theirs everyone sees. */
  @Get(':account')
  @Public()
  read(@Param('account', { schema: accountId }) account: string): Promise<SellerView> {
    return this.readSeller.execute(account);
  }
}
