// What is different here, said into the phone. Without a microphone or a script the form sends a file or words.

import { Studio, endingOf, send } from "../media/recorder.mjs";
import { phone } from "./record.mjs";

export class Here extends Studio {
  async open() {
    super.open();
    const { mediaDevices } = navigator;
    this.part("file").hidden = !!(mediaDevices && mediaDevices.getUserMedia && window.MediaRecorder);
    const log = await phone().catch(() => null);
    const district = log && (await log.store.get("district"));
    if (district && !this.form.district.value) this.form.district.value = district;
  }

  async keep() {
    if (this.busy || this.take) return;
    this.busy = true;
    const bar = this.part("bar");
    const body = new FormData(this.form);
    if (this.blob) body.set("recording", this.blob, `told.${endingOf(this.blob.type)}`);
    bar.hidden = false;
    this.say(this.words.sending);
    try {
      const { status, said } = await send(location.href, body, { told: (part) => { bar.value = 100 * part; } });
      if (status === 200) await this.sent(said.next);
      else this.say((said.sentences || [this.words.unsent]).join(" "));
    } catch {
      this.say(this.words.unsent);
    }
    bar.hidden = true;
    this.busy = false;
    this.part("said").scrollIntoView({ block: "center" });
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
