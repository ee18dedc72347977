declare module 'random-access-memory' {
  const storage: unknown;
  export default storage;
}
declare module 'hypercore' {
  export default class Hypercore {
    constructor(storage: unknown);
    ready(): Promise<void>;
    append(block: Uint8Array): Promise<unknown>;
    close(): Promise<void>;
  }
}
