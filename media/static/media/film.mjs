// A film on a phone. Nothing of it is fetched before a touch, not even this module, and the touch says what is
// fetched: the film, a sharper one, or only its sound.

import { listener } from "./listen.mjs";
import { follow } from "./where.mjs";

addEventListener("hashchange", pause); // another screen
addEventListener("click", ({ target }) => target.closest(".hear, [data-again]") && pause(), true);

function pause() {
  for (const player of document.querySelectorAll("[data-player] > *")) player.pause();
}

// link: what was touched, inside the [data-film] that it belongs to.
export function play(link) {
  listener.stop();
  pause();
  const film = link.closest("[data-film]");
  const place = film.querySelector("[data-player]");
  const poster = film.querySelector(".poster");
  const picture = poster.querySelector("img");
  const before = place.firstElementChild;
  const { plays, opus } = link.dataset;
  const player = document.createElement(plays);
  player.controls = player.playsInline = true;
  player.src = opus && player.canPlayType("audio/ogg; codecs=opus") ? opus : link.href;
  if (plays === "video") Object.assign(player, { poster: picture.currentSrc, width: picture.width, height: picture.height });
  if (before && !before.ended) Object.assign(player, { currentTime: before.currentTime, anew: true }); // sharper, from where one is
  follow(player);
  player.addEventListener("ended", () => {
    const detail = { key: film.dataset.film, voice: film.dataset.voice };
    player.dispatchEvent(new CustomEvent("heard", { bubbles: true, detail }));
  });
  poster.hidden = plays === "video";
  place.replaceChildren(player);
  player.focus();
  player.play().catch(() => null); // no line just now: the button of the player stays
}
