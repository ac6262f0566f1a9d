// Tables of given rows: how much is filled in and what it comes to while one types; printing.
"use strict";

function isFilled(item) {
  const groups = new Map();
  for (const control of item.querySelectorAll("input, textarea, select")) {
    if (control.type === "hidden" || control.type === "file") continue;
    if (control.type === "radio") groups.set(control.name, groups.get(control.name) || control.checked);
    else if (control.getAttribute("aria-required")) groups.set(control.name, control.value.trim() !== "");
  }
  return [...groups.values()].every(Boolean);
}

const written = (number) => String(Math.round(number * 100) / 100).replace(".", ",");

function count(box) {
  const items = [...document.querySelectorAll(`[id="field-${box.dataset.progress}"] [data-item]`)];
  const missing = items.filter((item) => !isFilled(item));
  box.querySelector("[data-filled]").textContent = items.length - missing.length;
  const next = box.querySelector("[data-next]");
  next.hidden = !missing.length;
  if (missing.length) next.href = `#${missing[0].id}`;
  const most = box.querySelector("[data-most]");
  if (!most) return;
  let points = 0;
  let weights = 0;
  for (const item of items) {
    const value = item.querySelector(".levels :checked")?.value;
    if (!/^\d+$/.test(value)) continue;
    const weight = Number(item.dataset.weight ?? 1);
    points += Number(value) * weight;
    weights += weight;
  }
  box.querySelector("[data-points]").textContent = written(points);
  most.textContent = written(weights * Number(most.dataset.most));
  box.querySelector("[data-total]").hidden = !weights;
}

function recount() {
  document.querySelectorAll("[data-progress]").forEach(count);
}
document.addEventListener("input", recount);

document.addEventListener("DOMContentLoaded", () => {
  recount();
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
});
