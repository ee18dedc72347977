import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1A\n', 'latin1');
const TRUE_COLOUR = 2;

/** Red, green and blue, each 0 to 1; what lies outside is cut. */
export type Colour = readonly [red: number, green: number, blue: number];

/** A PNG (W3C, third edition) of 8-bit colours. @param colourAt of the pixel at x, y, each 0 to 1. */
export function encodePng(width: number, height: number, colourAt: (x: number, y: number) => Colour): Buffer {
  const stride = 1 + 3 * width;
  const rows = Buffer.alloc(stride * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const colour = colourAt(column / width, row / height);
      for (let channel = 0; channel < 3; channel++) rows[row * stride + 1 + 3 * column + channel] = Math.round(255 * Math.min(1, Math.max(0, colour[channel] as number)));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, TRUE_COLOUR, 0, 0, 0], 8);
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
