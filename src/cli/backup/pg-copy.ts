import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { Client, Connection, Submittable } from 'pg';

/** `COPY … TO STDOUT` as a stream, at the pace of its reader. Ends after the server said that it is done; then `rows()` is their number. */
export function copyOut(client: Client, sql: string): { readonly stream: Readable; rows(): number } {
  const query = client.query(new CopyOut(sql));
  return { stream: query.stream, rows: () => query.rows };
}

/** `COPY … FROM STDIN`, at the pace of the server. @returns the number of rows. */
export function copyIn(client: Client, sql: string, source: AsyncIterable<Uint8Array>): Promise<number> {
  return client.query(new CopyIn(sql, source)).done;
}

/** What a connection of node-postgres has, and its types leave out. */
interface CopyConnection extends Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** What pg calls on a query of ours; see `Client` in node-postgres. */
interface CopyQuery extends Submittable {
  handleCommandComplete(message: { text: string }): void;
  handleReadyForQuery(): void;
  handleError(error: Error): void;
}

class CopyOut implements CopyQuery {
  rows = 0;
  private connection: Connection | null = null;
  readonly stream = new Readable({ highWaterMark: 1024 * 1024, read: () => this.connection?.stream.resume(), destroy: (error, done) => {
    // Whoever stops reading must not leave the connection stopped.
    this.connection?.stream.resume();
    done(error);
  } });

  constructor(private readonly sql: string) {}

  submit(connection: Connection): void {
    this.connection = connection;
    connection.query(this.sql);
  }

  handleCopyData(message: { chunk: Buffer }, connection: Connection): void {
    // The chunk lies in the parser's own buffer, which the next packet overwrites.
    if (!this.stream.destroyed && !this.stream.push(Buffer.from(message.chunk))) connection.stream.pause();
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.rows = rowsOf(text);
  }

  /** Only now, when the connection is free again, is the reader told that it is over. */
  handleReadyForQuery(): void {
    this.connection = null;
    this.stream.push(null);
  }

  handleError(error: Error): void {
    this.connection = null;
    this.stream.destroy(error);
  }
}

class CopyIn implements CopyQuery {
  readonly done: Promise<number>;
  private settle: { resolve: (rows: number) => void; reject: (error: Error) => void } = { resolve: () => undefined, reject: () => undefined };
  private rows = 0;
  private failed = false;

  constructor(private readonly sql: string, private readonly source: AsyncIterable<Uint8Array>) {
    this.done = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
  }

  submit(connection: Connection): void {
    connection.query(this.sql);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    this.send(connection).catch((error: unknown) => connection.sendCopyFail(error instanceof Error ? error.message : 'the source failed'));
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.rows = rowsOf(text);
  }

  handleReadyForQuery(): void {
    this.settle.resolve(this.rows);
  }

  handleError(error: Error): void {
    this.failed = true;
    this.settle.reject(error);
  }

  private async send(connection: CopyConnection): Promise<void> {
    for await (const chunk of this.source) {
      if (this.failed) return;
      connection.sendCopyFromChunk(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
      if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain');
    }
    if (!this.failed) connection.endCopyFrom();
  }
}

function rowsOf(commandTag: string): number {
  return Number(/^COPY (\d+)$/.exec(commandTag)?.[1] ?? 0);
}
