/** What previews are made of. HEIC is not among them: its codec is patented, and libvips comes without. */
export type ImageFormat = 'avif' | 'jpeg' | 'png' | 'webp';

/** So much of the beginning of a file is looked at. */
export const HEAD_BYTES = 64;

/**
 * What a file is, by its first bytes; null when no preview is made of such. Its name and its declared media type are whatever the sender wrote, and count for
 * nothing; the one decoder that may read the file follows from what is found here, so that bytes that are two things at once cannot choose another.
 */
export function recogniseImage(head: Uint8Array): ImageFormat | null {
  const text = String.fromCharCode(...head.subarray(0, HEAD_BYTES));
  if (text.startsWith('\xFF\xD8\xFF')) return 'jpeg';
  if (text.startsWith('\x89PNG\r\n\x1A\n')) return 'png';
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'webp';
  // ISO/IEC 23000-12, file type box: the brand, its version, then the compatible brands.
  if (text.startsWith('ftyp', 4) && text.slice(8).match(/.{4}/gs)?.some((brand, i) => i !== 1 && (brand === 'avif' || brand === 'avis'))) return 'avif';
  return null;
}
