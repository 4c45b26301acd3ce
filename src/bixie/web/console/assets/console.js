// A reviewer's page of a case: who else has it open, and reasons that fit the outcome.
const SAY_EVERY = 25000;
const line = document.querySelector("[data-presence]");

async function see() {
  if (document.hidden) return;
  const headers = { "X-CSRF-Token": line.dataset.csrf };
  try {
    const answer = await fetch(`/api/v1/cases/${line.dataset.presence}/presence`, { method: "POST", headers });
    if (!answer.ok) return;
    const names = (await answer.json()).others.map((one) => one.name ?? one.person);
    line.hidden = !names.length;
    const sentence = names.length === 1 ? line.dataset.one : line.dataset.several;
    const said = sentence.replace("{names}", names.join(document.documentElement.lang === "zh-CN" ? "、" : ", "));
    // Written only when it changes: a screen reader would read it out each time.
    if (names.length && line.textContent !== said) line.textContent = said;
  } catch {
    // The service is away for a moment; the next try tells.
  }
}

if (line) {
  see();
  setInterval(see, SAY_EVERY);
  document.addEventListener("visibilitychange", see);
  addEventListener("pagehide", () => {
    fetch(`/api/v1/cases/${line.dataset.presence}/presence`, { method: "DELETE", headers: { "X-CSRF-Token": line.dataset.csrf }, keepalive: true });
  });
}

const form = document.querySelector("[data-decision]");
if (form) {
  const fit = () => {
    const kind = form.elements.kind.value;
    const amount = form.elements.amount.closest(".field");
    amount.hidden = Boolean(kind) && !["refund", "return_refund"].includes(kind);
    for (const pieces of form.querySelectorAll("[name=items]")) pieces.closest(".field").hidden = ["refuse", "stands"].includes(kind);
    for (const choice of form.querySelectorAll("[data-outcomes]")) {
      const fits = !kind || kind === "stands" || choice.dataset.outcomes.split(" ").includes(kind);
      choice.hidden = !fits;
      if (!fits) choice.querySelector("input").checked = false;
    }
  };
  form.addEventListener("change", fit);
  fit();
}
