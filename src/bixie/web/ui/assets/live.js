// Says when something new happened in the case that the page shows; whoever is typing decides when to look.
// What is typed is kept over the refresh. Only a page that is being looked at keeps a connection.
const line = document.querySelector("[data-live]");
const key = `bixie-typed ${location.pathname}`;
const typed = "form[method=post] :is(textarea, select, input:not([type=hidden], [type=file], [type=password]))";
let stream = null;

function fields() {
  return [...document.querySelectorAll(typed)].filter((field) => field.name);
}

function keep() {
  const kept = fields().map((field) => [
    field.form.getAttribute("action"), field.name,
    /^(checkbox|radio)$/.test(field.type) ? [field.value, field.checked] : field.value,
  ]);
  sessionStorage.setItem(key, JSON.stringify(kept));
}

function restore() {
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "[]");
  sessionStorage.removeItem(key);
  for (const [action, name, value] of kept) {
    const found = fields().filter((field) => field.name === name && field.form.getAttribute("action") === action);
    if (Array.isArray(value)) {
      for (const field of found) if (field.value === value[0]) field.checked = value[1];
    } else if (found[0] && value) {
      found[0].value = value;
      found[0].closest("details")?.setAttribute("open", "");
    }
  }
}

function show() {
  line.querySelector("[data-live-news]").hidden = false;
  close();
}

function close() {
  stream?.close();
  stream = null;
}

function open() {
  if (stream || document.hidden || !line.querySelector("[data-live-news]").hidden) return;
  stream = new EventSource(line.dataset.live);
  stream.addEventListener("news", show);
}

if (line) {
  restore();
  line.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    keep();
    location.reload();
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  open();
}
