import type { Rolldown } from 'vite';

/** Libraries say «use client» for servers that render React; here there is none. Every other warning is shown. */
export const onwarn: NonNullable<Rolldown.InputOptions['onwarn']> = (warning, show) => {
  if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') show(warning);
};
