// A yes to being remembered, taken back without a network: nothing more is written down from now on, what waits here
// goes, and the no waits alone. Answered by the server, it is in the ledger; only a yes said there ends it.

import { uuid7 } from "./record.mjs";

export function takeBack(store, { about, rev, locale, voice = "" }, now = Date.now()) {
  const id = uuid7(now);
  const at = new Date(now).toISOString();
  return store.run("readwrite", async (lines, sent, meta, asked) => {
    const seq = ((await asked(meta.get("seq"))) || 0) + 1;
    const line = { id, seq, verb: "withdrew", about, block: null, rev, locale, voice, at, ms: 0, response: null };
    lines.clear();
    lines.add({ id, line });
    meta.put(seq, "seq");
    meta.put(id, "withdrawal");
  });
}

export const saidNo = async (store) => !!((await store.get("withdrawal")) || (await store.get("no")));
