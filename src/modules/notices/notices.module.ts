import { Module } from '@nestjs/common';
import { ListNotices } from './list-notices.js';
import { NoticesController } from './notices.controller.js';

@Module({ controllers: [NoticesController], providers: [ListNotices] })
export class NoticesModule {}
