// Which files were chosen: the browser's own button, which would say it, speaks another language and is hidden.

for (const field of document.querySelectorAll(".file [type=file]")) {
  const told = field.parentElement.querySelector("[data-files]");
  const tell = () => told.replaceChildren(...[...field.files].flatMap(({ name }) => [named(name), " "]));
  field.addEventListener("change", tell);
  tell(); // chosen before this script came
}

function named(name) {
  const bdi = document.createElement("bdi");
  bdi.textContent = name;
  return bdi;
}
