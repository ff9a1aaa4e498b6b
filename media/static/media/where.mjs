// Where somebody is in something long to hear or to see. It goes on from there, also when the phone threw the page away
// in the meantime; "again" begins anew. Known to this tab only.

const LONG = 20; // seconds; what is shorter begins at its beginning
const EVERY = 3; // seconds
const followed = new WeakSet();

export function follow(player, store = tabs()) {
  if (followed.has(player) || !store) return;
  followed.add(player);
  let noted = 0;
  const name = () => "at " + new URL(player.currentSrc).pathname;
  player.addEventListener("loadedmetadata", () => {
    const at = Number(store.getItem(name()));
    if (!player.anew && at < player.duration) player.currentTime = at;
    player.anew = false;
  });
  player.addEventListener("timeupdate", () => {
    const at = player.currentTime;
    if (player.duration < LONG || player.ended || Math.abs(at - noted) < EVERY) return;
    noted = at;
    store.setItem(name(), at);
  });
  player.addEventListener("ended", () => store.removeItem(name()));
}

function tabs() {
  try {
    return sessionStorage;
  } catch {
    return null; // a browser may close its store to us
  }
}
