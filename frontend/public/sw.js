// The offline shell: the page opens without a server and says so. Nothing of /api or the pictures
// is ever answered from here: what the page shows about a run always comes from the server.
const CACHE = 'pixel-prompt-shell-2';
const PAGE = '/';
/** Addresses that are not the page, though a tab may open them: they are left to the browser. */
const NO_SCREEN = /^\/(api|group-images|assets|ws)(\/|$)|\.\w+$/;

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (pathname.startsWith('/assets/') && request.mode !== 'navigate')
    event.respondWith(openAsset(request));
  else if (request.mode === 'navigate' && !NO_SCREEN.test(pathname))
    event.respondWith(openPage(event));
});

/** Removes what an older worker has kept: it may have taken something else for the page. */
async function dropOthers() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
}

async function keepShell() {
  await keep(await fetch(PAGE, { cache: 'no-cache' }));
}

/** Stores the page with the scripts, styles and fonts that it names, and then drops those of older builds. */
async function keep(page) {
  const html = await page.clone().text();
  if (!isPage(page, html)) return;
  const cache = await caches.open(CACHE);
  const known = await cache.match(PAGE);
  if (known && (await known.text()) === html) return;
  const named = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);
  await cache.addAll(named);
  await cache.put(PAGE, page);
  for (const request of await cache.keys())
    if (![PAGE, ...named].includes(new URL(request.url).pathname)) await cache.delete(request);
}

/** Whether an answer is this page: not an error, nor the page of a network that wants a login first. */
function isPage(answer, html) {
  const type = answer.headers.get('Content-Type') ?? '';
  return answer.ok && !answer.redirected && type.includes('html') && html.includes('id="root"');
}

async function openPage(event) {
  const page = await fetch(event.request).catch(() => null);
  if (page?.ok) event.waitUntil(keep(page.clone()));
  if (page && page.status < 500) return page;
  const cache = await caches.open(CACHE);
  return (await cache.match(PAGE)) ?? page ?? Response.error();
}

async function openAsset(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const asset = await fetch(request);
  if (asset.ok) await cache.put(request, asset.clone());
  return asset;
}
