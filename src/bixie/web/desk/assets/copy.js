// Buttons that copy a text; they are shown where the browser can do so.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    const said = button.parentElement.querySelector("[data-copied]");
    if (said) said.textContent = said.dataset.copied;
  });
}
