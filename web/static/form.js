// The form of a task: the draft that is kept while one types, files that are sent when they are
// chosen, fields that are asked only when they apply. Sentences are told by `say` of app.js.

const form = document.querySelector("form[data-task]");
const saver = form?.querySelector("[data-autosave]");
const csrf = form?.elements.csrf.value;

// The copy on this device: there until the server has the text ----------------------------------

const KEY = `tsikl:${form?.dataset.task}`;
const OURS = new Set(["csrf", "draft", "tab"]);
const tab = [...crypto.getRandomValues(new Uint32Array(2))].map((part) => part.toString(36)).join("");
let strokes = 0;
let sent = 0;
let isLeaving = false;
let isSent = false;

const version = () => form.elements.draft.value;
const tabOf = (mark) => mark?.split(".")[0];
// With the strokes so far: a saving that is overtaken by a later one is told by them.
const mark = () => (form.elements.tab.value = `${tab}.${strokes}`);
const typed = () => [...new FormData(form)].filter(([name, value]) => !OURS.has(name) && typeof value === "string");

function copy() {
  try {
    localStorage.setItem(KEY, JSON.stringify({ pairs: typed(), version: version(), tab: form.elements.tab.value }));
  } catch {
    // A device without room keeps nothing; the server still does.
  }
}

function copied() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(found?.pairs) ? found : null;
  } catch {
    return null;
  }
}

const forget = () => localStorage.removeItem(KEY);

// Saving on the server ---------------------------------------------------------------------------

function tell(sentence, failed) {
  saver.classList.toggle("failed", failed);
  saver.textContent = sentence;
}

function flush() {
  if (strokes > sent) saver.dispatchEvent(new Event("flush"));
}

const isSaving = (event) => event.target instanceof Element && saver.contains(event.target);

function watchSaving() {
  document.addEventListener("htmx:before:request", (event) => {
    if (!isSaving(event)) return;
    if (isSent) return event.preventDefault();
    sent = strokes;
    tell(say("Сохраняется…"), false);
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (!isSaving(event)) return;
    const status = event.detail.ctx?.response?.status ?? 200;
    saver.classList.toggle("failed", status >= 400);
    // The page that comes next may have been drawn before this was saved.
    if (status < 400 && sent === strokes && !isLeaving) forget();
  });
  document.addEventListener("htmx:error", (event) => {
    if (isSaving(event)) keepHere(say("Нет связи: текст сохранён на этом устройстве."));
  });
  document.addEventListener("htmx:response:error", (event) => {
    const status = event.detail.ctx.response.status;
    if (!isSaving(event) || status === 409) return;
    const words = status >= 500 ? say("Нет связи: текст сохранён на этом устройстве.") : say("Обновите страницу: текст сохранён на этом устройстве и останется.");
    keepHere(words);
  });
  addEventListener("online", flush);
  addEventListener("beforeunload", () => (isLeaving = true));
  document.addEventListener("visibilitychange", () => document.hidden && flush());
}

function keepHere(sentence) {
  copy();
  sent = strokes - 1;
  tell(sentence, true);
}

// Coming back ------------------------------------------------------------------------------------

function restore() {
  const found = copied();
  if (form.hasAttribute("data-kept")) copy();
  else if (!found) return;
  else if (JSON.stringify(found.pairs) === JSON.stringify(typed())) forget();
  else if (found.version === version() || tabOf(found.tab) === tabOf(saver.dataset.tab)) fill(found);
  else choose(found);
}

function fill(found) {
  // Rows and files that this page does not have are drawn by the server.
  if (found.pairs.some(([name]) => !form.elements[name])) return push(found, found.version);
  for (const control of form.elements) {
    if (!control.name || OURS.has(control.name) || control.type === "submit" || control.type === "file") continue;
    const kept = found.pairs.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === "checkbox" || control.type === "radio") control.checked = kept.includes(control.value);
    else if (kept.length) control.value = kept[0];
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

async function push(found, over) {
  const body = new FormData();
  for (const [name, value] of [...found.pairs, ["draft", over], ["tab", found.tab]]) body.append(name, value);
  const headers = { "X-CSRF-Token": csrf, "HX-Request": "true" };
  const answer = await fetch(saver.getAttribute("hx-post"), { method: "POST", headers, body }).catch(() => null);
  if (answer?.ok) {
    forget();
    location.reload();
  } else tell(say("Нет связи: текст сохранён на этом устройстве."), true);
}

function choose(found) {
  const box = form.querySelector("[data-left]").content.firstElementChild.cloneNode(true);
  box.querySelector("[data-take]").addEventListener("click", () => {
    forget();
    box.remove();
  });
  box.querySelector("[data-mine]").addEventListener("click", () => push(found, version()));
  form.before(box);
  box.focus();
}

// Sending in -------------------------------------------------------------------------------------

function watchSending() {
  form.addEventListener("submit", () => {
    copy();
    // A draft that comes after the task is done would only be refused.
    isSent = true;
    htmx.trigger(saver, "htmx:abort");
  });
  addEventListener("pageshow", () => (isSent = false));
  // Enter in a line sends nothing half-done: it only saves.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input:not([type=checkbox], [type=radio], [type=file])")) return;
    event.preventDefault();
    flush();
  });
  saver.addEventListener("click", (event) => event.target.closest("[data-take]") && forget());
}

// Fields that are asked only after a certain answer ----------------------------------------------

function given(name) {
  const controls = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)].filter((one) => !one.closest("[data-when][hidden]"));
  const marks = controls.filter((one) => one.type === "checkbox" || one.type === "radio");
  if (!marks.length) return controls.map((one) => one.value.trim());
  if (marks.length === 1 && marks[0].value === "on") return [String(marks[0].checked)];
  return marks.filter((one) => one.checked).map((one) => one.value);
}

function applies(part) {
  const [name, wanted] = part.dataset.when.split("=");
  const values = given(name);
  if (wanted === undefined) return values.some((value) => value && value !== "false");
  return wanted.split("|").some((value) => (values.length ? values : ["false"]).includes(value));
}

function askWhatApplies() {
  const parts = [...form.querySelectorAll("[data-when]")];
  // A field may wait for one that waits itself: as often as something has changed.
  for (let changed = true, rounds = 0; changed && rounds < parts.length + 1; rounds += 1) {
    changed = false;
    for (const part of parts) {
      const hidden = !applies(part);
      changed ||= part.hidden !== hidden;
      part.hidden = hidden;
    }
  }
}

function wire() {
  form.querySelectorAll("[data-only-if]").forEach((sentence) => (sentence.hidden = true));
  form.querySelectorAll("[data-sift], [data-choose]").forEach((part) => (part.hidden = false));
  // The browser speaks its own language; ours stands on the button, the control keeps the focus.
  form.querySelectorAll("[data-upload]").forEach((input) => input.classList.add("unseen"));
  askWhatApplies();
}

function sift(box) {
  const wanted = box.value.trim().toLowerCase();
  for (const label of document.querySelector(`[id="${box.dataset.sift.slice(1)}"]`).children) {
    label.hidden = !label.textContent.toLowerCase().includes(wanted) && !label.querySelector(":checked");
  }
}

// A field that is drawn anew: what one typed meanwhile would be written over ---------------------

const drawn = (event) => (event.target instanceof Element && !saver.contains(event.target) && form.contains(event.target) ? event.target.closest('[id^="field-"]') : null);

function watchDrawing() {
  const hold = (isHeld) => (event) => {
    const field = drawn(event);
    if (field) field.inert = isHeld;
  };
  document.addEventListener("htmx:before:request", hold(true));
  document.addEventListener("htmx:error", hold(false));
  document.addEventListener("htmx:response:error", hold(false));
}

// Files: each is sent by itself when it is chosen, one after the other ---------------------------

let queue = Promise.resolve();

function piece(name) {
  return form.querySelector(`[data-${name}]`).content.firstElementChild.cloneNode(true);
}

const about = (file, sentence) => `${file.name}: ${sentence}`;

const listOf = (input) => document.getElementById(input.id).closest(".field").querySelector(".files-list");

function refused(input, file, line, sentence, isFinal = false) {
  const told = piece("refused");
  told.querySelector(".wrong").textContent = sentence;
  told.querySelector("[data-hide]").addEventListener("click", () => told.remove());
  // What this very file cannot become is not tried again.
  told.querySelector("[data-again]").hidden = isFinal;
  told.querySelector("[data-again]").addEventListener("click", () => {
    told.remove();
    send(input, file);
  });
  line.replaceWith(told);
}

function attached(input, line, answer) {
  const holder = document.createElement("template");
  holder.innerHTML = answer;
  const item = holder.content.firstElementChild;
  if (line.isConnected) line.replaceWith(item);
  else listOf(input).append(item);
  htmx.process(item);
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function sentenceOf(request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const said = page.querySelector("[role=alert], main p")?.textContent.trim();
  return said || say("Файл не приложен. Повторите через минуту.");
}

function transfer(input, file, line) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const lost = () => refused(input, file, line, about(file, say("связь прервалась, файл не приложен. Остальное цело.")));
    request.upload.addEventListener("progress", (event) => (line.querySelector("progress").value = (100 * event.loaded) / event.total));
    request.addEventListener("load", () => {
      if (request.status === 200) attached(input, line, request.responseText);
      else if (request.status === 401) refused(input, file, line, about(file, say("сеанс закончился. Войдите в другой вкладке и повторите: текст сохранён на этом устройстве.")));
      else refused(input, file, line, sentenceOf(request), request.status === 422);
    });
    request.addEventListener("error", lost);
    request.addEventListener("timeout", lost);
    request.addEventListener("abort", () => line.remove());
    request.addEventListener("loadend", done);
    line.querySelector("button").addEventListener("click", () => request.abort());
    request.open("POST", input.dataset.upload);
    request.setRequestHeader("X-CSRF-Token", csrf);
    request.setRequestHeader("HX-Request", "true");
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
}

function send(input, file) {
  const line = piece("uploading");
  line.querySelector(".file-name").textContent = file.name;
  line.querySelector("progress").setAttribute("aria-label", file.name);
  listOf(input).append(line);
  if (file.size > Number(input.dataset.most)) refused(input, file, line, about(file, say("больше 10 МБ, поэтому не приложен. Уменьшите его или разделите.")), true);
  else queue = queue.then(() => transfer(input, file, line));
}

function watchFiles() {
  form.addEventListener("click", (event) => {
    const chosen = event.target.dataset?.choose;
    if (chosen) document.getElementById(chosen).click();
  });
  form.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.dataset?.upload) return;
    const files = [...input.files];
    input.value = "";
    files.forEach((file) => send(input, file));
  });
}

// ------------------------------------------------------------------------------------------------

function begin() {
  mark();
  form.addEventListener("input", (event) => {
    if (event.target.dataset?.sift) return sift(event.target);
    if (event.target.type === "file") return undefined;
    strokes += 1;
    mark();
    isLeaving = false;
    copy();
    return askWhatApplies();
  });
  document.addEventListener("htmx:after:swap", wire);
  watchSaving();
  watchSending();
  watchDrawing();
  watchFiles();
  wire();
  // htmx starts by a timer set before this one, so it is ready for what `restore` sets off.
  setTimeout(restore);
}

// Back to what the browser had kept would show the form as it was before its draft.
const isKept = () => performance.getEntriesByType("navigation")[0]?.type === "back_forward";

if (saver && isKept() && navigator.onLine) location.reload();
else if (saver) begin();
