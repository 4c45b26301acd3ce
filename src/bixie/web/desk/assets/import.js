// Keeps the chosen file over the preview, so that it need not be chosen again to import it.
const form = document.getElementById("import");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const sent = new FormData(form, event.submitter);
  form.setAttribute("aria-busy", "true");
  const answer = await fetch(form.action, { method: "POST", body: sent, headers: { Accept: "text/html" } })
    .catch(() => null);
  form.removeAttribute("aria-busy");
  if (!answer) return form.submit();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("main > .notice, main > section")) old.remove();
  const said = page.querySelectorAll("main > .notice, main > section");
  form.before(...said);
  form.elements.once.value = page.querySelector("#import [name=once]")?.value ?? "";
  said[0]?.scrollIntoView({ block: "start" });
});
