import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import multer, { MulterError } from 'multer';
import { MultipartRefusal, toRefusal } from './multipart-refusal.js';

export interface MultipartLimits {
  /** Names of the parts that may be files. */
  readonly fileParts: readonly string[];
  readonly fileBytes: number;
  readonly files: number;
  /** Parts that are no files. */
  readonly fields: number;
  readonly fieldBytes: number;
}

/** A file while it arrives. */
export interface ArrivingFile {
  readonly part: string;
  /** As the sender wrote it: a path, an attack, anything but empty. */
  readonly name: string;
  readonly mediaType: string;
  readonly stream: Readable;
  /** How many files began before this one. */
  readonly index: number;
  /** The fields that came before it. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A sender that is silent for so long is gone. */
const IDLE_MS = 120_000;
const FEED_BUFFER = 256 * 1024;
const MOST_NAME_BYTES = 100;
const MOST_HEADERS = 20;

/** What multer reads from: the body, without the socket, so that giving up on the body does not mean to wait for its end. */
type Feed = PassThrough & { headers?: IncomingMessage['headers']; body?: Record<string, unknown> };

/**
 * Streams a `multipart/form-data` body (RFC 7578): each file to `receive` while it arrives, the fields to memory. A refusal is thrown at once, however
 * much of the body is still to come. When this returns or throws, no `receive` is running any more.
 * @param receive must read its stream to the end or throw; what it has stored when something else fails is for the caller to remove.
 * @returns what `receive` made of the files in the order in which they were sent.
 * @throws MultipartRefusal, or what `receive` threw.
 */
export async function receiveMultipart<T>(
  request: IncomingMessage, limits: MultipartLimits, receive: (file: ArrivingFile) => Promise<T>,
): Promise<{ fields: Readonly<Record<string, unknown>>; files: T[] }> {
  // Whoever left before this was asked for closes nothing any more: waiting for it would be waiting for ever.
  if (request.destroyed) throw new MultipartRefusal('interrupted', null);
  const feed: Feed = new PassThrough({ highWaterMark: FEED_BUFFER });
  feed.headers = request.headers;
  const received: Promise<T>[] = [];
  const streams = new Set<Readable>();
  const interrupt = (): void => {
    if (request.readableEnded) return;
    const error = new MultipartRefusal('interrupted', null);
    feed.destroy(error);
    for (const stream of streams) stream.destroy(error);
  };
  const storage: multer.StorageEngine = {
    _handleFile: (_request, { fieldname: part, originalname: name, mimetype: mediaType, stream }, done) => {
      streams.add(stream);
      const file = receive({ part, name, mediaType, stream, index: received.length, fields: feed.body ?? {} }).then((value) => {
        // busboy ends an over-long file as if it were whole, and says so only here.
        if ((stream as { truncated?: boolean }).truncated) throw new MulterError('LIMIT_FILE_SIZE', part);
        return value;
      });
      received.push(file);
      file.then(() => done(null), done).finally(() => streams.delete(stream));
    },
    _removeFile: (_request, _file, done) => done(null),
  };
  request.once('close', interrupt);
  // A connection carries many uploads: the listener goes with this one.
  const isIdle = (): void => void request.destroy();
  request.socket.setTimeout(IDLE_MS).on('timeout', isIdle);
  try {
    await new Promise<void>((resolve, reject) => {
      createParser(storage, limits, reject)(feed as never, {} as never, (error: unknown) => (error ? reject(error) : resolve()));
      request.pipe(feed);
    });
    return { fields: feed.body ?? {}, files: await Promise.all(received) };
  } catch (error) {
    for (const stream of streams) stream.destroy(error instanceof Error ? error : new Error('refused'));
    throw toRefusal(error);
  } finally {
    request.off('close', interrupt);
    request.unpipe(feed);
    request.socket.setTimeout(0).off('timeout', isIdle);
    feed.on('error', () => undefined).destroy();
    await Promise.allSettled(received);
  }
}

function createParser(storage: multer.StorageEngine, { fileParts, fileBytes, files, fields, fieldBytes }: MultipartLimits, refuse: (error: unknown) => void) {
  const options: multer.Options & { streamHandler: (feed: Feed, parser: NodeJS.WritableStream) => void } = {
    storage,
    limits: { fileSize: fileBytes, files, fields, fieldSize: fieldBytes, fieldNameSize: MOST_NAME_BYTES, headerPairs: MOST_HEADERS },
    fileFilter: (_request, { fieldname }, accept) => (fileParts.includes(fieldname) ? accept(null, true) : accept(new MulterError('LIMIT_UNEXPECTED_FILE', fieldname))),
    // Otherwise Chinese file names are read as Latin-1.
    defParamCharset: 'utf8',
    // Paths are seen and refused, not cut.
    preservePath: true,
    streamHandler: (feed, parser) => {
      // multer passes over a file without a name as if it had not been sent.
      parser.prependListener('file', (part: string, stream: Readable, { filename }: { filename?: string }) => {
        if (!filename) stream.once('data', () => refuse(new MultipartRefusal('nameless-file', part)));
      });
      // Giving up, multer unpipes and then waits for the end of the body, gigabytes away.
      parser.once('unpipe', () => setImmediate(() => feed.destroy()));
      feed.pipe(parser);
    },
  };
  return multer(options).any();
}
