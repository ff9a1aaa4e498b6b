// Which lessons of a list this phone keeps: they have a sign. Without a network, those that it does not keep stand back.

export async function showKept(page, paths = keptHere(), away = navigator.onLine === false) {
  const kept = new Set(await paths);
  for (const card of page.querySelectorAll(".course")) {
    const link = card.querySelector("a[href]");
    if (!link) continue;
    const here = kept.has(link.pathname);
    const sign = card.querySelector("[data-here]");
    if (sign) sign.hidden = !here;
    card.classList.toggle("away", away && !here);
  }
  for (const way of page.querySelectorAll("[data-apart]")) way.hidden = !kept.has(way.pathname);
  for (const way of page.querySelectorAll("[data-keep-way]")) {
    if (!kept.has(new URL("..", way.href).pathname)) continue;
    way.classList.add("kept");
    way.querySelector("span").textContent = way.dataset.keepWay;
  }
}

// What opens without a network (packs.mjs).
async function keptHere() {
  if (!globalThis.caches || !(await caches.has("hamrah-pages"))) return [];
  const requests = await (await caches.open("hamrah-pages")).keys();
  return requests.map(({ url }) => new URL(url).pathname);
}
