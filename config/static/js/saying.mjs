// Say or write: kept in the phone's own store, and shared only by who said it.

import "../assessments/kinds.mjs";
import { phone } from "../lms/record.mjs";

const LONGEST = 120e3; // of a voice note

document.querySelectorAll("[data-question=say]").forEach(say);

function say(form) {
  const part = (name) => form.querySelector(`[data-${name}]`);
  const words = part("own");
  const name = `own:${form.elements.about.value}:${form.elements.block.value}`;
  const player = new Audio();
  let sound = null;
  let recorder;
  const keep = async () => (await phone()).store.set({ [name]: { words: words.value, sound } });
  const draw = () => {
    const recording = recorder && recorder.state === "recording";
    part("voice").hidden = !window.MediaRecorder;
    part("record").hidden = recording;
    part("stop").hidden = part("taping").hidden = !recording;
    part("own-sound").hidden = recording || !sound;
    part("share").hidden = !navigator.share || !(words.value || sound);
    part("forget").hidden = !(words.value || sound);
    if (words.value || sound) part("unclear").hidden = true;
  };
  const change = () => {
    draw();
    return keep().catch(() => null);
  };

  async function record() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
    if (!stream) return words.focus(); // no microphone, or not for us: there is still the pen
    const pieces = [];
    recorder = new MediaRecorder(stream);
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    recorder.onstop = () => {
      stream.getTracks().forEach((track) => track.stop());
      sound = new Blob(pieces, { type: recorder.mimeType });
      change();
    };
    recorder.start();
    setTimeout(stop, LONGEST);
    count(recorder, Date.now());
    draw();
  }

  // How long it has been, for as long as it goes on.
  function count(mine, since) {
    const seconds = Math.round((Date.now() - since) / 1000);
    part("taping").lastElementChild.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (mine.state === "recording") setTimeout(() => count(mine, since), 1000);
  }

  function stop() {
    if (recorder && recorder.state === "recording") recorder.stop();
  }

  function play() {
    if (!player.paused) return player.pause();
    player.src = URL.createObjectURL(sound);
    player.play();
  }

  function share() {
    const file = sound && new File([sound], "note." + sound.type.replace(/^.*\/|;.*$/g, ""), { type: sound.type });
    const files = file && navigator.canShare && navigator.canShare({ files: [file] }) ? { files: [file] } : {};
    navigator.share({ ...(words.value && { text: words.value }), ...files }).catch(() => null);
  }

  part("record").addEventListener("click", record);
  part("stop").addEventListener("click", stop);
  part("own-sound").addEventListener("click", play);
  part("share").addEventListener("click", share);
  part("forget").addEventListener("click", () => {
    words.value = "";
    sound = null;
    change();
  });
  form.addEventListener("told", () => {
    const own = form.closest(".screen").querySelector("[data-own-words]");
    own.textContent = words.value;
    own.hidden = !words.value;
  });
  words.addEventListener("input", draw);
  words.addEventListener("change", change);
  addEventListener("submit", (event) => { // before the lesson reads it
    if (event.target !== form) return;
    stop();
    if (words.value.trim() || sound || recorder) return change();
    event.preventDefault();
    event.stopImmediatePropagation();
    part("unclear").hidden = false;
    part("unclear").scrollIntoView({ block: "center" });
  }, true);
  phone()
    .then((log) => log.store.get(name))
    .then((own) => {
      if (own && !words.value) ({ words: words.value, sound } = own);
      draw();
    }, draw);
}
