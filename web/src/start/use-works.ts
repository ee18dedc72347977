import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../api/client.ts';

/** Registered last, and what a search finds. */
export function useWorks(words: string) {
  return useQuery({
    queryKey: ['works', words],
    queryFn: () => answerOf(api.GET('/api/v1/works', { params: { query: { limit: 10, ...(words === '' ? {} : { q: words }) } } })),
  });
}
