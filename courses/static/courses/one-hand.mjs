/* One hand writes at a time in the trainers' room.
 *
 * Wagtail keeps a draft by itself while somebody writes. A button that is pressed before the server has said
 * where that draft lies would make a second page beside the first: the button waits for it. */

let underWay = false;
let leaving = false;
let goOn = () => {};

document.addEventListener("w-autosave:save", (event) => {
    if (leaving) event.preventDefault();
    else underWay = true;
});

for (const end of ["w-autosave:success", "w-autosave:error"]) {
    document.addEventListener(end, () => {
        underWay = false;
        goOn();
    });
}

/* On the window, before Wagtail's own: to the room it is as if the button was pressed only now. */
window.addEventListener(
    "submit",
    (event) => {
        if (!event.target.matches("form[data-edit-form]")) return;
        leaving = true;
        if (!underWay) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        goOn = () => submit(event.target, event.submitter);
    },
    { capture: true },
);

window.addEventListener("pageshow", () => {
    leaving = false;
});

function submit(form, button) {
    goOn = () => {};
    button?.removeAttribute("disabled"); // by then it says that it is at work, and would not be sent
    form.requestSubmit(button);
}
