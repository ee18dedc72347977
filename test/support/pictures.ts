import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

// Pictures that a test deposits, harmless and not.

type Format = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff';

/** Noise, of which no two pictures of different seeds are alike. */
export async function pictureOf(format: Format, width = 640, height = 480, seed = 1): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0, state = seed; i < pixels.length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    pixels[i] = 96 + (state >>> 26);
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } }).toFormat(format, format === 'avif' ? { effort: 0 } : {}).toBuffer();
}

/** A JPEG as a camera makes it: lies on its side, says where and by whom it was taken, and has a profile of its own. */
export async function snapshotWithPlace(): Promise<Buffer> {
  const upright = sharp(await pictureOf('jpeg', 600, 400)).withIccProfile('p3');
  const exif = { IFD0: { Artist: 'Secret Artist' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '22/1 32/1 4399/100', GPSLongitudeRef: 'E', GPSLongitude: '114/1 3/1 2799/100' } };
  return upright.withMetadata({ orientation: 6 }).withExifMerge(exif).withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><secret/></x:xmpmeta>').jpeg().toBuffer();
}

/** Seven passes of Adam7 (PNG, section 8.2): where each begins and how far its pixels are apart. */
const ADAM7 = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]] as const;

/** A decompression bomb: a black PNG of RGBA, interlaced, so that its decoder must hold all of it. The file has a thousandth of the size. */
export function pngBomb(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 1], 8);
  const byteLength = ADAM7.reduce((sum, [x, y, across, down]) => sum + Math.ceil((height - y) / down) * (1 + 4 * Math.ceil((width - x) / across)), 0);
  return pngOf([['IHDR', header], ['IDAT', deflateSync(Buffer.alloc(byteLength))], ['IEND', Buffer.alloc(0)]]);
}

/** A PNG whose header promises so much, and that holds nothing. */
export function pngOfGreatPromise(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return pngOf([['IHDR', header], ['IDAT', deflateSync(Buffer.alloc(100))], ['IEND', Buffer.alloc(0)]]);
}

function pngOf(chunks: readonly (readonly [type: string, data: Buffer])[]): Buffer {
  const parts = chunks.flatMap(([type, data]) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return [length, body, sum];
  });
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1A\n', 'latin1'), ...parts]);
}
