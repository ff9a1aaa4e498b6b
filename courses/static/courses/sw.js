// Gives what this phone keeps when there is no network. It keeps nothing itself: packs.mjs does, and only what is the
// same for everybody. A page of somebody's own is always asked for.

const PAGES = "hamrah-pages";
const FILES = "hamrah-files";
const PATIENCE = 3000; // for a line that is there and brings nothing

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, pathname));
  else if (/^\/(f|static)\//.test(pathname)) event.respondWith(file(request, pathname));
});

async function page(request, path) {
  const kept = await match(PAGES, path);
  const fresh = fetch(request);
  if (!kept) return fresh.catch(() => away(path));
  const late = new Promise((give) => setTimeout(give, PATIENCE, kept));
  return Promise.race([fresh.then((answer) => (answer.status < 500 ? answer : kept)), late]).catch(() => kept);
}

// What is not kept here: a page that says so, and leads to what is.
const away = async (path) => (await match(PAGES, "/" + path.split("/")[1] + "/offline/")) || Response.error();

async function file(request, path) {
  const kept = await match(FILES, path);
  return kept ? part(kept, request.headers.get("Range")) : fetch(request);
}

// A player that seeks asks for a part.
async function part(kept, range) {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range || "");
  if (!asked) return kept;
  const content = await kept.arrayBuffer();
  const length = content.byteLength;
  const first = asked[1] ? +asked[1] : Math.max(0, length - asked[2]);
  const last = asked[1] && asked[2] ? Math.min(+asked[2], length - 1) : length - 1;
  const headers = new Headers(kept.headers);
  headers.set("Content-Range", `bytes ${first > last ? "*" : `${first}-${last}`}/${length}`);
  if (first > last) return new Response(null, { status: 416, headers });
  headers.set("Content-Length", last - first + 1);
  return new Response(content.slice(first, last + 1), { status: 206, headers });
}

async function match(cache, path) {
  return (await caches.open(cache)).match(path);
}
