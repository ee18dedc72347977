import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

// Keeps the page, not what the service answers: an answer that is old would be worse than none.

/** Put in by the build: web/precache-manifest.ts. */
declare const PRECACHE: PrecacheEntry[];

interface LifecycleEvent {
  waitUntil(done: Promise<unknown>): void;
}
const worker = self as unknown as {
  addEventListener(type: 'install' | 'activate', listener: (event: LifecycleEvent) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
};

precacheAndRoute(PRECACHE);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/^\/(?:api|log|health|metrics)(?:\/|$)/, /\.[a-z0-9]+$/] }));

// A new version takes over when it is there: old parts of the page are no longer served after an update of the service.
worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));
