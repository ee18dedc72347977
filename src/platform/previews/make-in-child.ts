import type { ImageFormat } from './image-format.js';

/** What a child is told, as its one argument; the picture is its standard input. It answers on standard output: a WebP file, or the word of a refusal. */
export interface ChildOrder {
  /** Where sharp stands. */
  readonly library: string;
  readonly format: ImageFormat;
  /** In pixels; a smaller picture keeps its size. */
  readonly longSide: number;
  readonly mostPixels: number;
  readonly memoryBytes: number;
  /** As {@link drawMark} draws it. */
  readonly mark: readonly string[];
}

/** What runs in the child: it crosses as its own text, like the functions of threads, and uses nothing from outside of it. */
export function makeInChild(): void {
  const { createRequire } = process.getBuiltinModule('node:module');
  const order = JSON.parse(process.argv[1] ?? '') as ChildOrder;
  const parent = process.ppid;
  // Whoever waits for a preview comes after whoever registers. Threads that begin later inherit it.
  process.getBuiltinModule('node:os').setPriority(10);
  // Decoding happens on other threads. The kernel's own limit is coarser, and not every system keeps it; and whose service died works for nobody.
  setInterval(() => {
    if (process.memoryUsage.rss() > order.memoryBytes || process.ppid !== parent) process.kill(process.pid, 'SIGXCPU');
  }, 10).unref();

  const sharp = createRequire(order.library)(order.library) as (typeof import('sharp'))['default'];
  sharp.cache(false);
  sharp.concurrency(1);
  // No decoder but the one for what the file begins like.
  const decoders = { avif: 'VipsForeignLoadHeif', jpeg: 'VipsForeignLoadJpeg', png: 'VipsForeignLoadPng', webp: 'VipsForeignLoadWebp' };
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: [decoders[order.format]] });

  /** Light letters with a dark edge: they are seen on any picture. */
  const drawMarks = (pixels: Buffer, width: number, height: number): void => {
    const scale = Math.max(1, Math.round(Math.max(width, height) / 320));
    const [across, down] = [((order.mark[0]?.length ?? 0) + 24) * scale, (order.mark.length + 30) * scale];
    const blend = (left: number, top: number, value: number, opacity: number): void => {
      for (let y = Math.max(0, top); y < Math.min(height, top + scale); y++) {
        for (let x = Math.max(0, left); x < Math.min(width, left + scale); x++) {
          const at = 4 * (y * width + x);
          for (let channel = 0; channel < 3; channel++) pixels[at + channel] = (pixels[at + channel] ?? 0) * (1 - opacity) + value * opacity;
          pixels[at + 3] = Math.max(pixels[at + 3] ?? 0, 255 * opacity);
        }
      }
    };
    const edge = Math.ceil(scale / 2);
    for (let band = 0; band * down < height; band++) {
      for (let left = (band % 2) * -Math.floor(across / 2); left < width; left += across) {
        for (const [shift, value, opacity] of [[edge, 0, 0.35], [0, 255, 0.5]] as const) {
          for (const [y, row] of order.mark.entries()) {
            for (let x = 0; x < row.length; x++) if (row[x] === '1') blend(left + (x + 12) * scale + shift, band * down + (y + 12) * scale + shift, value, opacity);
          }
        }
      }
    }
  };

  const make = async (): Promise<Buffer> => {
    // What is not asked to be kept is gone: EXIF, XMP, IPTC, and the profile, whose colours become sRGB. Of what moves, the first picture.
    const { data, info } = await sharp('/dev/fd/0', { limitInputPixels: order.mostPixels, failOn: 'error', sequentialRead: true })
      .autoOrient()
      .resize({ width: order.longSide, height: order.longSide, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 4) throw new Error('not four channels');
    drawMarks(data, info.width, info.height);
    return sharp(data, { raw: { width: info.width, height: info.height, channels: 4 } }).webp({ quality: 75, effort: 4 }).toBuffer();
  };
  const refusalOf = (error: unknown): string => {
    const message = error instanceof Error ? error.message : String(error);
    if (/pixel limit/i.test(message)) return 'too-large';
    return /memory|alloc/i.test(message) ? 'too-costly' : 'damaged';
  };
  void make().catch(refusalOf).then((answer) => process.stdout.write(answer));
}
