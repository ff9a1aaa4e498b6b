// How much is still on this phone, in the bar of every page.

export async function showWaiting(page, log) {
  const { unsent } = await log.counts();
  for (const sign of page.querySelectorAll("[data-waiting]")) {
    sign.hidden = !unsent;
    sign.lastElementChild.textContent = unsent ? sign.dataset.waiting.replace("{n}", unsent) : "";
  }
}
