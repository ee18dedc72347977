import { parseBundle, type ProofBundle } from '../../../src/lib/proof/index.js';
import { Problem } from '../api/problem.ts';

/** The proof bundle of a work, as the service has it now. It is checked like one that came from anywhere. */
export async function fetchBundle(number: string): Promise<ProofBundle> {
  const response = await fetch(`/api/v1/works/${encodeURIComponent(number)}/proof`).catch((error: unknown) => { throw Problem.unreachable(error); });
  if (!response.ok) throw await Problem.of(response);
  return parseBundle(await response.text());
}
