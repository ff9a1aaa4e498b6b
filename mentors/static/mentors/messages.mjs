// What two write to each other: spoken or written, and sent without leaving the page.

import { Note } from "../media/note.mjs";

export class Message extends Note {
  // The same address again: it is fetched anew, and stands in the history once.
  sent(next) {
    this.blob = null;
    this.form.reset();
    history.replaceState(null, "", next);
    location.reload();
  }
}

if (typeof document !== "undefined") {
  document.documentElement.dataset.js = ""; // at the desk no other script says so
  const last = document.getElementById("last");
  if (last && !document.querySelector(".trouble, [data-thanks]")) last.scrollIntoView({ block: "center" });
  const form = document.querySelector("[data-message]");
  if (form) new Message(form, JSON.parse(document.getElementById("message-words").textContent)).open();
}
