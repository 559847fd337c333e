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

// A paragraph's numbers as chips: a box is shown in place of its text area, which keeps the text that is sent.
const TOKEN = /\{([^{}:]+):([^{}]*)\}/g;
for (const area of document.querySelectorAll(".words textarea:not([readonly])")) {
  const box = document.createElement("div");
  box.className = "box";
  box.contentEditable = "true";
  box.setAttribute("role", "textbox");
  box.setAttribute("aria-multiline", "true");
  box.setAttribute("aria-label", area.labels[0] ? area.labels[0].textContent : "");
  let at = 0;
  for (const found of area.value.matchAll(TOKEN)) {
    box.append(area.value.slice(at, found.index));
    const chip = document.createElement("span");
    chip.className = "chip";
    chip.contentEditable = "false";
    chip.dataset.token = found[0];
    chip.textContent = found[2];
    box.append(chip);
    at = found.index + found[0].length;
  }
  box.append(area.value.slice(at));
  const written = (node) => [...node.childNodes].map((one) => {
    if (one.nodeType === Node.TEXT_NODE) return one.data;
    if (one.dataset && one.dataset.token) return one.dataset.token;
    if (one.nodeName === "BR") return "\n";
    return (one.nodeName === "DIV" || one.nodeName === "P" ? "\n" : "") + written(one);
  }).join("");
  box.addEventListener("paste", (event) => {
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
  });
  area.form.addEventListener("submit", () => { area.value = written(box); });
  area.hidden = true;
  area.after(box);
}
