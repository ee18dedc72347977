import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { startLanguage } from './app/language.ts';
import './app/page.css';

await startLanguage();
createRoot(document.getElementById('root') as HTMLElement).render(<StrictMode><App /></StrictMode>);

// After an update of the service the parts that this page would load next are gone: it begins anew, once.
window.addEventListener('vite:preloadError', () => {
  if (sessionStorage.getItem('reloaded') === location.href) return;
  sessionStorage.setItem('reloaded', location.href);
  location.reload();
});

// Without it the page works all the same, with a network.
if ('serviceWorker' in navigator && import.meta.env.PROD) await navigator.serviceWorker.register('/service-worker.js').catch(() => undefined);
