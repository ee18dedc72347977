import createClient from 'openapi-fetch';
import { Problem } from './problem.ts';
import type { components, paths } from './schema.ts';

export type Schemas = components['schemas'];

const client = createClient<paths>({ baseUrl: location.origin });

client.use({
  async onResponse({ response }) {
    if (!response.ok) throw await Problem.of(response);
  },
  onError({ error }) {
    return error instanceof Problem ? error : Problem.unreachable(error);
  },
});

/** The service. Every call answers what the API says, or throws a {@link Problem}. */
export const api = client;

/** The answer of a call whose success has a body. */
export async function answerOf<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call;
  if (data === undefined) throw new Problem('PAGE.UNEXPECTED', null, null, []);
  return data;
}
