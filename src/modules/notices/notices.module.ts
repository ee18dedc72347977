import { Module } from '@nestjs/common';
import { ListNotices } from './list-notices.js';
import { MailNotices } from './mail-notices.js';
import { NoticesController } from './notices.controller.js';

@Module({ controllers: [NoticesController], providers: [ListNotices, MailNotices] })
export class NoticesModule {}
