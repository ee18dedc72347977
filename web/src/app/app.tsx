import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createBrowserRouter, RouterProvider } from 'react-router';
import { isRetryable } from '../api/problem.ts';
import { routes } from './routes.tsx';

const router = createBrowserRouter(routes);

const client = new QueryClient({ defaultOptions: { queries: { retry: (count, error) => count < 2 && isRetryable(error), staleTime: 10_000 } } });

export function App() {
  return (
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
