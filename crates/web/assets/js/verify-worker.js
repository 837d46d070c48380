// Checks licences without a network after one visit. `self.assets` is set before this file by the server: the version of our
// scripts, and the addresses of what the page without a network is made of. Nothing about a licence is ever kept here: only this
// page, the keys of the issuing bodies, and the signed status lists.

const PREFIX = "verify-";
const CACHE = PREFIX + self.assets.version;
const SHELL = "/v/offline";
const TRUST = "/trust/qr.json";
const LISTS = "/api/v1/status-list";
/** Milliseconds that a telephone with a bad connection waits for a newer list before it takes the one it has. */
const PATIENCE = 5000;
const AWAY = [502, 503, 504];

async function keep(cache, address) {
  const answer = await fetch(address, { cache: "no-cache" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  await cache.put(address, answer);
}

/** Everything that changes: the page in the language of the last visit, the keys and all lists. */
async function refresh() {
  const cache = await caches.open(CACHE);
  await keep(cache, SHELL);
  await keep(cache, TRUST);
  let after = null;
  do {
    const answer = await fetch(`${LISTS}?limit=200${after === null ? "" : `&after=${encodeURIComponent(after)}`}`);
    if (!answer.ok) throw new Error(`${LISTS}: ${answer.status}`);
    const { items, next } = await answer.json();
    for (const { list } of items) await keep(cache, `/trust/status/${encodeURIComponent(list)}`);
    after = next ?? null;
  } while (after !== null);
}

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(self.assets.files);
  await refresh();
  await self.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

const kept = async (address) => (await caches.open(CACHE)).match(address, { ignoreVary: true });

/** The page itself where there is a network, and what was kept where there is none. */
async function page(event) {
  try {
    const answer = await fetch(event.request);
    if (!AWAY.includes(answer.status)) {
      event.waitUntil(refresh().catch(() => {}));
      return answer;
    }
  } catch {
    // No network.
  }
  return (await kept(SHELL)) ?? Response.error();
}

/** The newest list that can be had: from the city, else the one that was kept. */
async function newest(request) {
  const address = new URL(request.url).pathname;
  try {
    const answer = await fetch(request, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) {
      await (await caches.open(CACHE)).put(address, answer.clone());
      return answer;
    }
    if (!AWAY.includes(answer.status)) return answer;
  } catch {
    // No network, or one that is too slow.
  }
  return (await kept(address)) ?? Response.error();
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (pathname === TRUST || pathname.startsWith("/trust/status/")) event.respondWith(newest(request));
  else if (self.assets.files.includes(pathname)) {
    event.respondWith(kept(pathname).then((answer) => answer ?? fetch(request)));
  }
});
