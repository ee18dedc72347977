import autocannon from 'autocannon';

export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Load {
  readonly perSecond: number;
  /** Milliseconds. autocannon's own histogram counts whole ones. */
  readonly p50: number;
  readonly p99: number;
  /** How many answers had which status; 0: none came. */
  readonly statuses: Readonly<Record<number, number>>;
}

const percentile = (sorted: Float64Array, share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;

/** Keeps `connections` busy for some seconds, each with one request at a time. @param good the status of an answer that counts. */
export function load(url: string, { connections, seconds, good }: { connections: number; seconds: number; good: number }, next: () => Request): Promise<Load> {
  return new Promise((resolve, reject) => {
    const times: number[] = [];
    const statuses: Record<number, number> = {};
    const instance = autocannon(
      { url, connections, duration: seconds, requests: [{ setupRequest: (request) => {
        const { method, path, headers, body } = next();
        return { ...request, method, path, headers: { ...headers }, ...(body === undefined ? {} : { body }) };
      } }] },
      (error: Error | null, result: autocannon.Result) => {
        if (error) return reject(error);
        if (result.errors > 0) statuses[0] = result.errors;
        const sorted = Float64Array.from(times).toSorted();
        resolve({ perSecond: (statuses[good] ?? 0) / result.duration, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), statuses });
      },
    );
    instance.on('response', (_client, status, _bytes, milliseconds) => {
      statuses[status] = (statuses[status] ?? 0) + 1;
      times.push(milliseconds);
    });
  });
}
