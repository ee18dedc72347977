import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = process.env['CONFORMANCE_DIR'];

/** Absolute path of a file or folder of the conformance vectors. */
export function vectorPath(...parts: string[]): string {
  if (directory === undefined) throw new Error('CONFORMANCE_DIR is not set');
  return join(directory, ...parts);
}

export function readVectors<T>(...parts: string[]): T {
  return JSON.parse(readFileSync(vectorPath(...parts), 'utf8')) as T;
}

/**
 * A suite over one folder of the vectors. Without CONFORMANCE_DIR it is reported as skipped, aloud: a silent skip looks like a pass.
 * A CONFORMANCE_DIR that lacks the folder fails.
 */
export function describeConformance(folder: string, suite: () => void): void {
  if (directory === undefined || directory === '') {
    process.stderr.write(`conformance: ${folder} skipped, CONFORMANCE_DIR is not set\n`);
    describe.skip(`conformance: ${folder} (CONFORMANCE_DIR is not set)`, () => {
      test('skipped', () => expect(directory).toBeDefined());
    });
    return;
  }
  if (!existsSync(vectorPath(folder))) throw new Error(`CONFORMANCE_DIR has no folder ${folder}`);
  describe(`conformance: ${folder}`, suite);
}
