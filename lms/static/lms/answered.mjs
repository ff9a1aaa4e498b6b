// What a phone still keeps of what the server has answered: offered again to a server that has lost it, let go when a
// backup holds it.

import { folded } from "./progress.mjs";

const SHOWN = ["answered", "completed"]; // a lesson reads them again: ticks, tries of a quiz

// A reply names another epoch, or a younger backup. One of an epoch that is over means nothing.
export function review(store, { epoch, kept_until }) {
  return store.run("readwrite", async (lines, sent, meta, asked) => {
    const known = await asked(meta.get("epoch"));
    const rows = await asked(sent.getAll());
    if (epoch === known) return letGo(safe(rows, kept_until), sent, meta, asked);
    const past = (await asked(meta.get("past"))) || [];
    if (past.includes(epoch)) throw new Error("This comes too late.");
    meta.put([...past, known], "past");
    meta.put(epoch, "epoch");
    offer(rows.filter(({ s }) => s !== "refused"), lines, sent);
  });
}

// The server keeps what it holds for a guest for a while only; the phone still has it when they get a place.
export function offerHeld(store) {
  return store.run("readwrite", async (lines, sent, meta, asked) => {
    offer(await asked(sent.index("s").getAll("held")), lines, sent);
  });
}

function offer(rows, lines, sent) {
  for (const row of rows) {
    sent.delete(row.id);
    lines.put(row);
  }
}

// Only what is in the record, and nobody reads again.
const safe = (rows, kept_until) =>
  rows.filter(({ line, s, ack }) => /kept|known/.test(s) && ack < kept_until && !SHOWN.includes(line.verb));

// The standings keep what it amounted to.
async function letGo(rows, sent, meta, asked) {
  if (!rows.length) return;
  const before = (await asked(meta.get("gone"))) || 0;
  meta.put(before + rows.length, "gone");
  meta.put(folded(rows, await asked(meta.get("standings"))), "standings");
  for (const { id } of rows) sent.delete(id);
}
