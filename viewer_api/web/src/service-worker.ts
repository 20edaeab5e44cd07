/**
 * Serves the application's own files where there is no line. It never touches what is asked of the server: no images, no
 * lists, nothing of patients. The build puts the names of the files in (`build/shell.ts`).
 */

interface Shell {
  version: string;
  /** Page, scripts and styles of this version; without the images library, which the browser's own cache keeps. */
  files: readonly string[];
}

declare const __SHELL__: Shell;

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const worker = self as unknown as EventTarget & { skipWaiting(): Promise<void>; clients: { claim(): Promise<void> } };
const PREFIX = 'countyread-';
const PAGE = '/';
const PATIENCE_MS = 4000;
/** Pages that were opened before an update go on with their own files. */
const KEPT_VERSIONS = 2;

worker.addEventListener('install', (event) => {
  (event as Extendable).waitUntil(install());
});

worker.addEventListener('activate', (event) => {
  (event as Extendable).waitUntil(tidy().then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (event) => {
  const fetching = event as Fetching;
  const { request } = fetching;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate') {
    if (pathname === PAGE) fetching.respondWith(page(request));
  } else if (pathname.startsWith('/assets/')) fetching.respondWith(asset(request));
});

async function install(): Promise<void> {
  const cache = await caches.open(PREFIX + __SHELL__.version);
  await cache.addAll(__SHELL__.files);
  await worker.skipWaiting();
}

/** The newest page where there is a line, else the one of this version. */
async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    return (await (await caches.open(PREFIX + __SHELL__.version)).match(PAGE)) ?? Response.error();
  }
}

/** Names of files change with what is in them. */
async function asset(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

async function tidy(): Promise<void> {
  const kept = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  await Promise.all(kept.slice(0, -KEPT_VERSIONS).map((name) => caches.delete(name)));
}
