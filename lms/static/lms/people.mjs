// Who learns on this phone, and whose record is open. The list is nowhere else; who is hidden has no name in it.
// Each person's lines lie in a store of their own; whoever "just learns" writes into the guests' one.
// Lessons read only `here`, `guests` and `stores` of it (record.mjs).

import { offerHeld } from "./answered.mjs";

const CLOSED = ["sign-in", "revoked"]; // the token of this phone opens nothing any more
const PATIENCE = 2000; // until somebody who leaves sees another page, network or not
const FIRST = "hamrah"; // the store of the time when a phone had one

export class People {
  // disk: anything with get(name) and set(values); see Store.
  constructor(disk) {
    this.disk = disk;
  }

  // Everybody, hidden or not: { place, store, hidden, name, face, lock }
  async all() {
    return (await this.disk.get("people")) || [];
  }

  // Whose faces may be shown.
  async seen() {
    return (await this.all()).filter(({ hidden }) => !hidden);
  }

  // Somebody came in: the name of their store. Somebody new takes along what was done here as a guest. `owner` is
  // whose the open store is already, if anybody's and not in the list yet.
  async enter({ place, name, face, hidden }, owner) {
    const people = await this.all();
    let guests = (await this.disk.get("guests")) || FIRST;
    const known = (who) => people.find((row) => row.place === who);
    if (owner && !known(owner)) people.push({ place: owner, store: guests, hidden: true });
    if (people.some(({ store }) => store === guests)) guests = unused(people);
    if (!known(place)) people.push({ place, store: guests });
    const row = known(place);
    Object.assign(row, hidden ? { hidden, name: "", face: "" } : { hidden: false, name, face });
    if (row.store === guests) guests = unused(people);
    await this.keep(people, { guests, here: row.store });
    return row.store;
  }

  // Nobody is here any more. What waits in the stores stays and is sent.
  leave() {
    return this.disk.set({ here: "" });
  }

  // Without a network: the lines of today go into this person's store.
  open(row) {
    return this.disk.set({ here: row.store });
  }

  // A place was removed for good: the store that is open now.
  async forget(store) {
    await this.keep((await this.all()).filter((row) => row.store !== store), { here: "" });
    return (await this.disk.get("guests")) || FIRST;
  }

  // What opens a place while there is no network; see pin.mjs.
  async lock(place, lock) {
    const people = await this.all();
    await this.keep(people.map((row) => (row.place === place ? { ...row, lock } : row)), {});
  }

  async keep(people, more) {
    const guests = more.guests || (await this.disk.get("guests")) || FIRST;
    await this.disk.set({ people, stores: [...people.map(({ store }) => store), guests], ...more });
  }
}

function unused(people) {
  const numbers = people.map(({ store }) => +store.split("-")[1] || 0);
  return FIRST + "-" + (Math.max(0, ...numbers) + 1);
}

// Whoever has signed in has their own record open from now on; what another left unsent stays in that one's store.
// `open` gives the log of this page, or goes on with that of a store.
export async function belong({ person, forgotten, called, face, hidden }, people, open, csrf) {
  let log = await open();
  if (forgotten !== undefined) {
    await log.store.clear();
    return open(await people.forget(log.store.name));
  }
  const someone = { place: person, name: called, face, hidden: hidden !== undefined };
  const store = await people.enter(someone, await log.store.get("person"));
  if (store !== log.store.name) log = await open(store);
  const known = await log.store.get("person");
  if (known === person && !CLOSED.includes(await log.flush())) return log;
  await claim(log, person, csrf);
  return log;
}

// What was done here as a guest, and this phone, belong to the person now.
async function claim(log, person, csrf) {
  const token = (await log.store.get("token")) || "";
  const { status, reply } = await log.post("claim", { token }, { "X-CSRFToken": csrf }, "same-origin");
  if (status !== 200) return;
  await log.store.set({ person, token: reply.token, guest: false, asked: 0, rest: null });
  await offerHeld(log.store);
}

// The place is closed on this phone at once; its session ends as soon as there is a network.
export async function leave(form, { people, since, fetch, memory, go, wait }) {
  memory.setItem("left", since);
  await people.leave().catch(() => null);
  const request = { method: "POST", body: new FormData(form), redirect: "manual", keepalive: true };
  const ended = fetch(form.action, request).then(() => memory.removeItem("left"));
  await Promise.race([ended.catch(() => null), wait(PATIENCE)]);
  go();
}
