// Conveniences only: every act works without this file.
"use strict";

for (const button of document.querySelectorAll("[data-select=all]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const boxes = [...button.closest("form").querySelectorAll("input[type=checkbox][name=document]")];
    const value = !boxes.every((box) => box.checked);
    boxes.forEach((box) => { box.checked = value; });
  });
}

for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form")) delete form.dataset.sent;
});

const drop = document.querySelector(".drop");
if (drop) {
  const input = drop.querySelector("input[type=file]");
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    input.files = event.dataTransfer.files;
  });
}
