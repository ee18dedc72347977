import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Transform } from 'node:stream';
import type { AddressInfo } from 'node:net';

/** A bare hash-and-write sink: the same two digests, a file a body; no multipart, no sync, no database, no answer worth the name. */
const directory = process.env['SINK_DIR'] as string;
const server = createServer((request, response) => {
  const [sha256, sm3] = [createHash('sha256'), createHash('sm3')];
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sha256.update(chunk);
      sm3.update(chunk);
      done(null, chunk);
    },
  });
  pipeline(request, hashing, createWriteStream(join(directory, randomUUID()))).then(
    () => response.writeHead(201).end(sha256.digest('hex') + sm3.digest('hex')),
    () => response.writeHead(500).end(),
  );
});
server.listen(0, '127.0.0.1', () => process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }));
process.on('message', () => process.exit(0));
