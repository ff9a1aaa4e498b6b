// When no passkey answers, the page says so and what to do; allauth's own script would only tell the console.

const WHY = { InvalidStateError: "there", SecurityError: "address", TypeError: "unable", NotSupportedError: "unable" };

export function showTrouble(page) {
  const said = page.querySelector("[data-passkey]");
  if (!said) return;
  page.addEventListener("click", () => (said.hidden = true));
  page.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const why = WHY[event.detail.exception.name] || "unanswered";
    said.querySelector("span").textContent = said.dataset[why];
    said.hidden = false;
  });
}

if (typeof document !== "undefined") showTrouble(document);
