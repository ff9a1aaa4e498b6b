// What is different here, said into the phone.

import { Note } from "../media/note.mjs";
import { phone } from "./record.mjs";

export class Here extends Note {
  async open() {
    super.open();
    const log = await phone().catch(() => null);
    const district = log && (await log.store.get("district"));
    if (district && !this.form.district.value) this.form.district.value = district;
  }

  // The phone keeps the district to itself: lessons open first what was told from there.
  async sent(next) {
    this.blob = null;
    const log = await phone().catch(() => null);
    if (log) await log.store.set({ district: this.form.district.value });
    location.replace(next);
  }
}

if (typeof document !== "undefined") {
  const form = document.querySelector("[data-here]");
  if (form) new Here(form, JSON.parse(document.getElementById("here-words").textContent)).open();
}
