// Keeps the pages of one build, so that they open without a network. The build writes VERSION and FILES above.
// What the server answers under /v1 is never kept: a place in line or a seat map of yesterday helps nobody.

const CACHE = `frontrow-${VERSION}`;
const PAGE = './';

// A newer worker waits until no page of the older build is open, so that none loses the files it has yet to load.
addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
});

addEventListener('activate', (event) => {
  const forget = (names) => Promise.all(names.filter((name) => name.startsWith('frontrow-') && name !== CACHE).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(forget).then(() => self.clients.claim()));
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (request.mode === 'navigate' && isPage(url)) event.respondWith(newest(request));
  else if (isKept(url)) event.respondWith(kept(request));
});

function isPage(url) {
  return url.pathname === new URL(PAGE, location).pathname;
}

function isKept(url) {
  return FILES.some((file) => url.pathname === new URL(file, location).pathname);
}

/** The page as the server has it now; without a network, as it was. */
async function newest(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const page = await caches.match(PAGE, { ignoreVary: true });
    if (page === undefined) throw error;
    return page;
  }
}

/** Files have their content in their names, so what is kept is right, whatever headers ask for it. */
async function kept(request) {
  return (await caches.match(request.url, { ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
}
