import type { FileDigest, ProofBundle, Report } from '../../../src/lib/proof/index.js';
import { useCallback, useEffect, useRef, useState } from 'react';
import { readEvidence } from './read-evidence.ts';
import type { Trust } from './trust.ts';
import { digestFiles, type HashProgress, verifyHere } from './verify-evidence.ts';

export interface Outcome {
  readonly report: Report;
  readonly bundle: ProofBundle;
  readonly bundleName: string;
  readonly files: readonly FileDigest[];
  readonly trust: Trust;
  readonly verifiedAt: Date;
}

export type VerificationState =
  | { readonly step: 'idle' }
  | { readonly step: 'hashing'; readonly progress: HashProgress }
  | { readonly step: 'checking' }
  /** Files without a bundle: what they are is known, what is said of them is not. */
  | { readonly step: 'digested'; readonly files: readonly FileDigest[] }
  | { readonly step: 'done'; readonly outcome: Outcome }
  | { readonly step: 'failed'; readonly error: unknown };

interface Held {
  readonly bundle: { readonly name: string; readonly bundle: ProofBundle } | null;
  readonly files: readonly FileDigest[];
}

const NOTHING: Held = { bundle: null, files: [] };

/**
 * A verification as it goes on: files and a bundle may come one after the other, in any order; what came before is kept until `clear`.
 * @param trust whom the reader believes now; when that changes, what is there is verified anew.
 */
export function useVerification(trust: Trust | null) {
  const [state, setState] = useState<VerificationState>({ step: 'idle' });
  const held = useRef<Held>(NOTHING);
  const running = useRef<AbortController | null>(null);

  const check = useCallback(async (signal: AbortSignal): Promise<void> => {
    const { bundle, files } = held.current;
    if (bundle === null) return setState(files.length === 0 ? { step: 'idle' } : { step: 'digested', files });
    if (trust === null) return;
    setState({ step: 'checking' });
    const report = await verifyHere(bundle.bundle, files, trust);
    if (!signal.aborted) setState({ step: 'done', outcome: { report, bundle: bundle.bundle, bundleName: bundle.name, files, trust, verifiedAt: new Date() } });
  }, [trust]);

  const run = useCallback(async (act: (signal: AbortSignal) => Promise<void>): Promise<void> => {
    running.current?.abort();
    const { signal } = (running.current = new AbortController());
    try {
      await act(signal);
      if (!signal.aborted) await check(signal);
    } catch (error) {
      if (!signal.aborted) setState({ step: 'failed', error });
    }
  }, [check]);

  const addFiles = useCallback((dropped: readonly File[]) => run(async (signal) => {
    const evidence = await readEvidence(dropped);
    const digests = await digestFiles(evidence.files, (progress) => { if (!signal.aborted) setState({ step: 'hashing', progress }); }, signal);
    held.current = { bundle: evidence.bundle ?? held.current.bundle, files: [...held.current.files.filter(({ sha256 }) => digests.every((digest) => digest.sha256 !== sha256)), ...digests] };
  }), [run]);

  /** In place of the one that is there; the files stay. */
  const addBundle = useCallback((name: string, bundle: ProofBundle) => run(async () => {
    held.current = { ...held.current, bundle: { name, bundle } };
  }), [run]);

  /** Stops hashing; what was there before stays. */
  const cancel = useCallback(() => {
    running.current?.abort();
    void run(async () => undefined);
  }, [run]);

  const clear = useCallback(() => {
    running.current?.abort();
    held.current = NOTHING;
    setState({ step: 'idle' });
  }, []);

  // Whom one believes is part of the question.
  useEffect(() => {
    if (held.current.bundle !== null) void run(async () => undefined);
  }, [run]);
  useEffect(() => () => running.current?.abort(), []);

  return { state, addFiles, addBundle, cancel, clear };
}
