// Comments: names to choose from after «@», and text that outlives a lost session.
"use strict";

{
  const form = document.querySelector("[data-comment]");
  const area = form?.querySelector("textarea");
  const people = [...(form?.querySelectorAll("option[data-name]") ?? [])].map((option) => option.dataset.name);
  const KEY = `tsikl:comment:${form?.dataset.comment}`;
  const MOST = 6;
  const plain = (text) => text.toLowerCase().replaceAll("ё", "е");

  // What was typed is kept on this device until it stands among the comments.
  const isWritten = (text) => [...document.querySelectorAll(".talk .document")].some((one) => one.textContent.trim() === text.trim());
  const kept = area && localStorage.getItem(KEY);
  if (kept && isWritten(kept)) localStorage.removeItem(KEY);
  else if (kept && !area.value.trim()) area.value = kept;
  area?.addEventListener("input", () => (area.value.trim() ? localStorage.setItem(KEY, area.value) : localStorage.removeItem(KEY)));
  form?.addEventListener("submit", () => setTimeout(() => form.querySelectorAll("button").forEach((one) => (one.disabled = true))));
  addEventListener("pageshow", () => form?.querySelectorAll("button").forEach((one) => (one.disabled = false)));

  const list = document.createElement("ul");
  list.id = "comment-names";
  list.className = "names";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", say("Кого позвать"));
  if (people.length) {
    area.after(list);
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", list.id);
  }

  // Where a name is being typed: from the last «@» that begins a word to the caret.
  function begun() {
    const before = area.value.slice(0, area.selectionStart);
    const at = before.lastIndexOf("@");
    if (at < 0 || /[\p{L}\d]/u.test(before.charAt(at - 1))) return null;
    const name = before.slice(at + 1);
    return name.includes("\n") || name.length > 60 ? null : { at, name };
  }

  function offer() {
    const typed = begun();
    const found = typed ? people.filter((name) => plain(name).startsWith(plain(typed.name)) && name !== typed.name) : [];
    list.replaceChildren(...found.slice(0, MOST).map(entry));
    list.hidden = !found.length;
    mark(0);
  }

  function entry(name, number) {
    const one = document.createElement("li");
    one.id = `comment-name-${number}`;
    one.textContent = name;
    one.setAttribute("role", "option");
    // The text keeps the focus.
    one.addEventListener("pointerdown", (event) => event.preventDefault());
    one.addEventListener("click", () => take(name));
    return one;
  }

  function mark(number) {
    const entries = [...list.children];
    entries.forEach((one, place) => one.setAttribute("aria-selected", place === number));
    if (entries.length) area.setAttribute("aria-activedescendant", entries[number].id);
    else area.removeAttribute("aria-activedescendant");
  }

  function take(name) {
    const { at } = begun();
    area.setRangeText(`@${name} `, at, area.selectionStart, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  }

  function close() {
    list.replaceChildren();
    list.hidden = true;
    mark(0);
  }

  function steer(event) {
    if (list.hidden) return;
    const entries = [...list.children];
    const here = entries.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) mark((here + step + entries.length) % entries.length);
    else if (event.key === "Enter" || event.key === "Tab") take(entries[here].textContent);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  if (people.length) {
    area.addEventListener("input", offer);
    area.addEventListener("keydown", steer);
    area.addEventListener("blur", close);
  }
}
