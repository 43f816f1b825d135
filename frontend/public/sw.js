// The offline shell: the page opens without a server and says so. Nothing of /api or the pictures
// is ever answered from here: what the page shows about a run always comes from the server.
const CACHE = 'pixel-prompt-shell-1';
const PAGE = '/';

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate') event.respondWith(openPage(event));
  else if (pathname.startsWith('/assets/')) event.respondWith(openAsset(request));
});

/** Stores the page with the scripts, styles and fonts that it names, and drops those of older builds. */
async function keepShell() {
  const page = await fetch(PAGE, { cache: 'no-cache' });
  if (page.ok) await keep(page);
}

async function keep(page) {
  const cache = await caches.open(CACHE);
  const known = await cache.match(PAGE);
  const html = await page.clone().text();
  if (known && (await known.text()) === html) return;
  for (const request of await cache.keys()) await cache.delete(request);
  const named = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);
  await cache.addAll(named);
  await cache.put(PAGE, page);
}

async function openPage(event) {
  try {
    const page = await fetch(event.request);
    if (page.ok) event.waitUntil(keep(page.clone()));
    return page;
  } catch {
    return (await caches.match(PAGE)) ?? Response.error();
  }
}

async function openAsset(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const asset = await fetch(request);
  if (asset.ok) await cache.put(request, asset.clone());
  return asset;
}
