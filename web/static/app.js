// What the pages do beyond HTML and htmx: tell failures, keep the focus.
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

// A draft that is not saved says so beside its button.
const isDraft = (event) => event.target.closest?.("[data-autosave]");

document.addEventListener("htmx:error", (event) => {
  if (!isDraft(event)) toast(say("Нет связи с сервером. Ничего не потеряно: повторите через минуту."));
});
document.addEventListener("htmx:response:error", (event) => {
  if (!isDraft(event) && event.detail.ctx.response.status >= 500) toast(say("В системе произошла ошибка. Повторите позже."));
});

function toast(sentence) {
  const box = document.createElement("div");
  box.className = "toast message bad";
  box.setAttribute("role", "alert");
  box.textContent = sentence;
  document.getElementById("toasts").replaceChildren(box);
  setTimeout(() => box.remove(), 8000);
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

// What can wait folds on a phone, when there is something above it --------------------------------

if (matchMedia("(max-width: 47.99rem)").matches) {
  for (const group of document.querySelectorAll("[data-folds]")) group.open = false;
}

// The form of a task ----------------------------------------------------------------------------

document.addEventListener("submit", (event) => {
  // A second press would only be refused.
  if (event.target.dataset.task) setTimeout(() => disable(event.target, true));
});
// Back from the next page shows this one as it was left.
addEventListener("pageshow", () => document.querySelectorAll("form[data-task]").forEach((form) => disable(form, false)));

function disable(form, isSent) {
  form.querySelectorAll("button").forEach((button) => (button.disabled = isSent));
}

document.addEventListener("DOMContentLoaded", () => {
  for (const done of document.querySelectorAll("[data-forget]")) localStorage.removeItem(COPY + done.dataset.forget);
  focusMarked();
  document.querySelectorAll(".picture, .stages").forEach(showWhereItStands);
});
