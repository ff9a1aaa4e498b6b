// The end of a quiz: how many were right, and another try. It follows from the lines that this phone has kept.

import { mark } from "../assessments/marking.mjs";
import { stand } from "../assessments/quiz.mjs";
import { phone } from "../lms/record.mjs";

const keys = JSON.parse(document.getElementById("keys").textContent);
const about = document.documentElement.dataset.about;
document.querySelectorAll("[data-quiz]").forEach(quiz);

function quiz(end) {
  const blocks = end.dataset.quiz.split(" ");
  const rules = { passMark: +end.dataset.pass, tries: +end.dataset.tries };
  const screens = blocks.map((block) => document.querySelector(`.screen[data-block="${block}"]`));
  const forms = screens.map((screen) => screen.querySelector("[data-question]"));
  const show = (name, yes) => (end.querySelector(`[data-${name}]`).hidden = !yes);

  for (const [at, form] of forms.entries()) {
    form.addEventListener("told", () => {
      screens[at].querySelector("[data-try-again]").hidden = true; // here a try is the whole quiz
      draw();
    });
  }
  end.querySelector("[data-once-more]").addEventListener("click", () => {
    for (const [at, form] of forms.entries()) {
      form.reset();
      form.dispatchEvent(new Event("anew"));
      form.hidden = false;
      screens[at].querySelector("[data-told]").hidden = true;
    }
    location.hash = screens[0].id;
  });
  draw();

  async function draw() {
    const lines = await (await phone()).about(about);
    const answered = lines.filter(({ verb, block }) => verb === "answered" && blocks.includes(block));
    tell(stand(blocks, answered.map(({ block, response }) => [block, marked(block, response)]), rules));
  }

  function tell({ right, through, left, open }) {
    const whole = right !== null && !open.length;
    for (const score of end.querySelectorAll("[data-score]")) {
      score.textContent = score.dataset.score.replace("{n}", right);
    }
    show("through", whole && through);
    show("not-through", whole && !through);
    show("needs", whole && !through && left > 0);
    show("enough", whole && !through && left <= 0);
    show("once-more", whole && !through && left > 0);
    show("open", open.length);
    const first = screens[blocks.indexOf(open[0])];
    if (first) end.querySelector("[data-to-open]").href = "#" + first.id;
  }
}

// What was answered when the question was another one is not right now.
function marked(block, response) {
  try {
    return mark(keys[block], response);
  } catch (other) {
    return 0;
  }
}
