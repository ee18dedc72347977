import { hash, type Options, verify } from '@node-rs/argon2';

/** argon2id with the first choice of the OWASP Password Storage Cheat Sheet; `algorithm: 2` is Argon2id (a const enum in the package). */
const OPTIONS: Options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), OPTIONS);
}

let decoy: Promise<string> | undefined;

/**
 * Takes as long for an e-mail that nobody has (`stored` null) as for a wrong password.
 * @returns whether `password` is the one that was hashed.
 */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password');
  const matches = await verify(stored ?? (await decoy), password.normalize('NFKC'));
  return stored !== null && matches;
}

/** Makes the decoy before the first sign-in, which would otherwise take twice as long. */
export async function prepareDecoy(): Promise<void> {
  await verifyPassword(null, '');
}
