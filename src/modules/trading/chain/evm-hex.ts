/** Bytes of the database as the chain writes them: 0x and lower-case hex. */
export function toHex(bytes: Buffer): string {
  return `0x${bytes.toString('hex')}`;
}

export function fromHex(hex: string): Buffer {
  return Buffer.from(hex.slice(2), 'hex');
}
