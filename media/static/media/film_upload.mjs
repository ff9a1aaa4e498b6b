// A trainer sends a film: a bar shows how much of it has left, and what is refused leaves the chosen file in place.

import { send } from "./recorder.mjs";

export class Upload {
  // place: where the bar stands, in the form; go: opens another page.
  constructor(place, { go, transmit = send }) {
    Object.assign(this, { place, go, transmit, form: place.closest("form") });
    this.file = this.form.querySelector("input[type=file][name=original]");
    this.bar = place.querySelector("progress");
    this.said = place.querySelector("[role=status]");
    this.form.addEventListener("submit", (event) => {
      if (!this.file.files.length) return; // only words change: the form goes as ever
      event.preventDefault();
      if (!this.busy) this.start();
    });
  }

  async start() {
    const { sending, unsent } = this.place.dataset;
    this.busy = true;
    this.bar.value = 0;
    this.bar.hidden = false;
    this.said.textContent = sending;
    this.place.scrollIntoView({ block: "center" });
    try {
      const body = new FormData(this.form);
      const { said } = await this.transmit(this.form.action, body, { told: (part) => (this.bar.value = 100 * part) });
      if (said.go) return this.go(said.go);
      this.said.textContent = (said.sentences || [unsent]).join(" ");
    } catch {
      this.said.textContent = unsent;
    }
    this.bar.hidden = true;
    this.busy = false;
    const buttons = this.form.querySelectorAll("[data-w-progress-loading-value]");
    for (const button of buttons) button.dataset.wProgressLoadingValue = "false"; // one may save again
  }
}

if (typeof document !== "undefined") {
  const place = document.querySelector("[data-upload]");
  if (place) new Upload(place, { go: (address) => location.assign(address) });
}
