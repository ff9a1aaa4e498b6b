// A voice note, or words, said into a form and sent. Without a microphone or a script the form sends a file or words.

import { Studio, endingOf, send } from "./recorder.mjs";

export class Note extends Studio {
  open() {
    super.open();
    const { mediaDevices } = navigator;
    this.part("file").hidden = !!(mediaDevices && mediaDevices.getUserMedia && window.MediaRecorder);
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
      else {
        this.say((said.sentences || [this.words.unsent]).join(" "));
        if (said.uid) this.form.elements.uid.value = said.uid; // the old one stands for what came before
      }
    } catch {
      this.say(this.words.unsent);
    }
    bar.hidden = true;
    this.busy = false;
    this.part("said").scrollIntoView({ block: "center" });
  }

  // It is safe now: another page takes the place of this one.
  async sent(next) {
    this.blob = null;
    location.replace(next);
  }
}
