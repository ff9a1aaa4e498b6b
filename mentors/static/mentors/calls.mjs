// Coaches' lists of calls on this phone. Each lies sealed under its coach's PIN; what they write down goes into a
// store of their own, sealed to the server's key, and is sent with their own token, whoever is here just now.

import { Store, book, logOf } from "../lms/record.mjs";
import { sealed } from "../lms/seal.mjs";
import { locked, opened } from "./vault.mjs";

// A coach's no to being remembered is about what they learn, not about whom they called.
class Calls extends Store {
  settle(answers, remember, ack) {
    return super.settle(answers, { ...remember, no: false }, ack);
  }
}

export const logNamed = (store) => logOf(store, new Calls(store));
export const lists = async () => (await book.get("calls")) || [];

// What came from the desk: { rows, offer, page }. One coach has one list here.
export async function keepList(store, pin, list, at = Date.now()) {
  const others = (await lists()).filter((one) => one.store !== store);
  await book.set({ calls: [...others, { store, box: await locked(pin, { ...list, at }) }] });
}

// The list that this PIN opens, with the name of its store; every one is tried.
export async function openList(pin) {
  let found = null;
  for (const { store, box } of await lists()) {
    const list = box && (await opened(pin, box));
    if (list) found = { store, ...list };
  }
  return found;
}

// The list goes; what waits in its store is sent all the same.
export async function removeList(store) {
  await book.set({ calls: (await lists()).map((one) => (one.store === store ? { store } : one)) });
}

// Tell of a talk: resolves when it is on the disk. `what` as mentors/calls.py reads it.
export async function writeDown(log, { subject, what, seal, about, rev, locale }) {
  const response = { sealed: await sealed(JSON.stringify(what), seal) };
  return log.record({ verb: "contact", about, rev, locale, subject, response });
}

// When each person was last written about here, and whether that was sent: { person: { at, sent } }
export async function writtenOf(log) {
  const { store } = log;
  const [waiting, went] = await store.run("readonly", (lines, sent, meta, asked) => Promise.all([lines, sent].map((some) => asked(some.getAll()))));
  const written = {};
  for (const [rows, sent] of [[went, true], [waiting, false]]) {
    for (const { line, s } of rows) {
      const before = written[line.subject];
      if (s !== "refused" && (!before || before.at <= line.at)) written[line.subject] = { at: line.at, sent };
    }
  }
  return written;
}
