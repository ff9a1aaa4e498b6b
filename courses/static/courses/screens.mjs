// Turns a lesson into screens, one idea at a time. Without it all screens stand below each other.
// The address carries the screen (#s3), so Back goes one screen back and a reload stays where one was.

export class Screens {
  constructor(root, { onTurn = () => {} } = {}) {
    this.screens = [...root.querySelectorAll(".screen")];
    this.steps = [...root.querySelectorAll("[data-steps] i")];
    this.count = root.querySelector("[data-count]");
    this.onTurn = onTurn;
    this.show(this.fromAddress());
    addEventListener("hashchange", () => this.show(this.fromAddress()));
  }

  fromAddress() {
    const name = location.hash.slice(1); // a place, or a block that another page led to
    const found = name ? this.screens.findIndex(({ id, dataset }) => [id, dataset.block].includes(name)) : 0;
    return found < 0 ? 0 : found;
  }

  get here() {
    return this.screens[this.at];
  }

  show(at) {
    this.at = at;
    this.screens.forEach((screen, n) => screen.classList.toggle("here", n === at));
    this.steps.forEach((step, n) => (step.className = n < at ? "done" : n === at ? "now" : ""));
    this.count.textContent = this.count.dataset.count.replace("{n}", at + 1);
    scrollTo(0, 0);
    this.onTurn(this.here, at);
  }

  on() {
    const next = this.screens[this.at + 1];
    if (next) location.hash = next.id;
  }
}
