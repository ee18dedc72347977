import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/client.ts';

const EVERY_MS = 10_000;

/** How long the log is and how far the chain is behind it. */
export function useHealth() {
  return useQuery({ queryKey: ['chain'], queryFn: () => answerOf(api.GET('/api/v1/chain')), refetchInterval: EVERY_MS });
}
