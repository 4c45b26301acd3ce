// Keeps what a clerk types as a draft, so that a closed window loses nothing.
const data = JSON.parse(document.getElementById("case-data").textContent);
const status = document.getElementById("draft-status");
const address = `/api/v1/cases/${data.id}/draft${data.query}`;
const skipped = new Set(["csrf", "once"]);
const waitMs = 900;
let timer;

function written(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (skipped.has(name) || typeof value !== "string" || value === "") continue;
    values[name] = name in values ? [values[name], value].flat() : value;
  }
  return values;
}

async function keep(form) {
  const sent = await fetch(address, {
    method: "PUT",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": data.csrf },
    body: JSON.stringify({ action: form.dataset.draft, values: written(form) }),
  }).catch(() => null);
  if (form.dataset.sent) return;
  status.textContent = sent?.ok ? data.saved : data.failed;
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, waitMs, form);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}
