// What the pages do beyond HTML and htmx: keep typed text, ask only what applies, keep the focus.
"use strict";

const COPY = "tsikl:";

// Words: the Russian text names its translation, which another script has brought.
const say = (text) => globalThis.WORDS?.[text] || text;

// Focus ---------------------------------------------------------------------------------------

function focusMarked() {
  const next = document.querySelector("[data-focus]");
  if (next) {
    next.removeAttribute("data-focus");
    next.focus();
  }
}
document.addEventListener("htmx:after:swap", focusMarked);

// Menus close by Escape, by a press elsewhere, and when the focus goes on -----------------------

function closeMenus(kept) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(kept)) menu.open = false;
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement.closest("details.menu[open]");
  closeMenus();
  menu?.querySelector("summary").focus();
});
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("focusin", (event) => closeMenus(event.target));

// Failures that the server could not tell ------------------------------------------------------

document.addEventListener("htmx:error", (event) => {
  const saver = event.target.closest?.("[data-autosave]");
  if (saver) keepHere(saver);
  else toast(say("Нет связи с сервером. Ничего не потеряно: повторите через минуту."));
});
document.addEventListener("htmx:response:error", (event) => {
  const saver = event.target.closest?.("[data-autosave]");
  if (saver) keepHere(saver);
  else if (event.detail.ctx.response.status >= 500) toast(say("В системе произошла ошибка. Повторите позже."));
});

function toast(sentence) {
  const box = document.createElement("div");
  box.className = "toast message bad";
  box.setAttribute("role", "alert");
  box.textContent = sentence;
  document.getElementById("toasts").replaceChildren(box);
  setTimeout(() => box.remove(), 8000);
}

// Drafts: saved on the server while typing; on this device when that fails ----------------------

function typed(form) {
  return [...new FormData(form)].filter(([name, value]) => name !== "csrf" && typeof value === "string");
}

function keepHere(saver) {
  const form = document.querySelector(saver.dataset.autosave);
  localStorage.setItem(COPY + form.dataset.task, JSON.stringify(typed(form)));
  saver.classList.add("failed");
  saver.textContent = say("Нет связи: текст сохранён на этом устройстве.");
}

function restore(form) {
  const copy = localStorage.getItem(COPY + form.dataset.task);
  if (!copy || form.querySelector("[aria-invalid]")) return;
  const pairs = JSON.parse(copy);
  for (const control of form.elements) {
    if (!control.name || control.name === "csrf" || control.tagName === "BUTTON") continue;
    const kept = pairs.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === "checkbox" || control.type === "radio") control.checked = kept.includes(control.value);
    else if (kept.length) control.value = kept[0];
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("htmx:after:swap", (event) => {
  const saver = event.target.closest?.("[data-autosave]");
  if (!saver) return;
  saver.classList.remove("failed");
  localStorage.removeItem(COPY + document.querySelector(saver.dataset.autosave).dataset.task);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.task) return;
  localStorage.setItem(COPY + form.dataset.task, JSON.stringify(typed(form)));
  // A second press would only be refused.
  setTimeout(() => form.querySelectorAll("button").forEach((button) => (button.disabled = true)));
});
// Back from the next page shows this one as it was left.
addEventListener("pageshow", () => document.querySelectorAll("form[data-task] button").forEach((button) => (button.disabled = false)));

// Fields that are asked only after a certain answer ---------------------------------------------

function askWhatApplies(form) {
  const data = new FormData(form);
  for (const part of form.querySelectorAll("[data-when]")) {
    const [name, wanted] = part.dataset.when.split("=");
    const asked = form.elements[name];
    const isTick = asked?.type === "checkbox" && asked.value === "on";
    const given = isTick ? [String(asked.checked)] : data.getAll(name);
    part.hidden = !wanted.split("|").some((value) => given.includes(value));
  }
}

// A diagram, and the line of stages on a phone, begin where the case stands ---------------------------------------------------------

function showWhereItStands(box) {
  const here = box.querySelector(".late") ?? box.querySelector(".active, .now");
  if (!here) return;
  const inside = here.getBoundingClientRect();
  const frame = box.getBoundingClientRect();
  box.scrollLeft += inside.left - frame.left - (frame.width - inside.width) / 2;
  box.scrollTop += inside.top - frame.top - (frame.height - inside.height) / 2;
}

function wire() {
  for (const done of document.querySelectorAll("[data-forget]")) localStorage.removeItem(COPY + done.dataset.forget);
  for (const form of document.querySelectorAll("form[data-task]")) {
    form.querySelectorAll("[data-only-if]").forEach((sentence) => (sentence.hidden = true));
    askWhatApplies(form);
  }
}
document.addEventListener("input", (event) => event.target.form?.dataset.task && askWhatApplies(event.target.form));
document.addEventListener("htmx:after:swap", wire);

document.addEventListener("DOMContentLoaded", () => {
  wire();
  // htmx starts by a timer set before this one, so it is ready for what `restore` sets off.
  setTimeout(() => document.querySelectorAll("form[data-task]").forEach(restore));
  focusMarked();
  document.querySelectorAll(".picture, .stages").forEach(showWhereItStands);
});
