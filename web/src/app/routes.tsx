import type { RouteObject } from 'react-router';
import { Loading } from './loading.tsx';
import { NotFound } from './not-found.tsx';
import { RouteError } from './route-error.tsx';
import { Shell } from './shell.tsx';
import { StartPage } from '../start/start-page.tsx';

/** Each page but the first is a chunk of its own. */
export const routes: RouteObject[] = [
  {
    path: '/',
    element: <Shell />,
    errorElement: <RouteError />,
    hydrateFallbackElement: <Loading />,
    children: [
      { index: true, element: <StartPage /> },
      { path: 'verify/:number?', lazy: async () => ({ Component: (await import('../verify/verify-page.tsx')).VerifyPage }) },
      { path: '*', element: <NotFound /> },
    ],
  },
];
