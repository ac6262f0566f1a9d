// The worklist: keys for quick hands, toasts that go by themselves.
"use strict";

const OFF = "tsikl-keys-off";
const STAY = 10000;

// Keys: by their place on the keyboard, so that they are the same in the Russian layout ----------

const writes = (element) => element.closest("input, select, textarea, [contenteditable]") !== null;
const links = () => [...document.querySelectorAll(".task .name a")].filter((link) => link.checkVisibility());
const rowOf = (element) => element?.closest?.(".task");

function step(by) {
  const all = links();
  if (!all.length) return;
  const here = rowOf(document.activeElement);
  const at = all.findIndex((link) => rowOf(link) === here);
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
  all[next].focus();
  rowOf(all[next]).scrollIntoView({ block: "nearest" });
}

const actions = {
  KeyJ: () => step(1),
  KeyK: () => step(-1),
  KeyC: () => rowOf(document.activeElement)?.querySelector(".act button")?.click(),
  KeyN: () => document.querySelector("[data-key=KeyN]")?.click(),
  Slash: () => document.getElementById("q")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || event.repeat && event.code === "KeyC") return;
  if (localStorage.getItem(OFF) || writes(event.target)) return;
  const asks = event.key === "?" || (event.code === "Slash" && event.shiftKey);
  const action = asks ? () => document.getElementById("keys")?.togglePopover() : event.shiftKey ? null : actions[event.code];
  if (!action) return;
  event.preventDefault();
  action();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-keys]")) {
    if (event.target.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "yes");
  }
  if (event.target.name === "task") countPicked();
});

// A selection says how many it holds --------------------------------------------------------------

function countPicked() {
  const told = document.querySelector("[data-picked]");
  if (told) told.textContent = `${told.dataset.picked} ${document.querySelectorAll("[name=task]:checked").length}`;
}

// Toasts with a way back stay for some seconds, longer under the pointer or the focus -------------

function fade(toast) {
  setTimeout(() => {
    if (!toast.isConnected) return;
    if (toast.matches(":hover") || toast.contains(document.activeElement)) fade(toast);
    else toast.remove();
  }, STAY);
}

document.addEventListener("htmx:after:swap", () => {
  for (const toast of document.querySelectorAll("[data-fades]")) {
    delete toast.dataset.fades;
    fade(toast);
  }
});

document.querySelectorAll("[data-keys]").forEach((box) => (box.checked = !localStorage.getItem(OFF)));
document.querySelectorAll(".keys-button").forEach((button) => (button.hidden = false));
