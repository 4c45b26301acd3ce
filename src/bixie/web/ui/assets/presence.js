// The page of a case: who else of one's side has it open.
const SAY_EVERY = 25000;
const line = document.querySelector("[data-presence]");

async function see() {
  if (document.hidden) return;
  const headers = { "X-CSRF-Token": line.dataset.csrf };
  try {
    const answer = await fetch(line.dataset.presence, { method: "POST", headers });
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
    fetch(line.dataset.presence, { method: "DELETE", headers: { "X-CSRF-Token": line.dataset.csrf }, keepalive: true });
  });
}
