/**
 * Notices: what accounts are told about what is theirs, to read when they come. Owns the table notice. Invariant: a notice is written in the
 * transaction of the act that it speaks of, and never changed but for having been read, and looked at for a mail; what should not be missed is mailed as well, some time after the commit.
 */
export { type Notice, type NoticeKind, sendNotices } from './send-notices.js';
export { NoticesModule } from './notices.module.js';
