// The page's sentences, in the language that is chosen. Changing it loses nothing that was put in.
const root = document.documentElement;
const words = JSON.parse(document.getElementById("words").textContent);
const told = new Map();
const listeners = [];

export const language = () => (root.lang.startsWith("zh") ? "zh" : "en");

export const say = (key, values = {}) =>
  words[key][language()].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

// Shows what `text` returns, now and in another language later; without it, hides the element.
export const tell = (element, text) => {
  if (text) told.set(element, text);
  else told.delete(element);
  element.textContent = text ? text() : "";
  element.hidden = !text;
};

export const onLanguage = (listener) => listeners.push(listener);

const setLanguage = async (chosen, lang) => {
  if (chosen === language()) return;
  root.lang = lang;
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
  }
  for (const element of document.querySelectorAll("[data-title]")) element.title = say(element.dataset.title);
  for (const [element, text] of told) element.textContent = text();
  for (const listener of listeners) listener();
  await frame(chosen);
};

// Head and foot are written by the server, which also remembers the choice.
const frame = async (chosen) => {
  const answer = await fetch(`?lang=${chosen}`);
  const there = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of [".skip", ".top", ".demo-bar", ".bottom"]) {
    const [here, other] = [document.querySelector(part), there.querySelector(part)];
    if (here && other) here.replaceWith(document.adoptNode(other));
  }
  document.querySelector(".languages [aria-current]")?.focus();
};

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".languages a");
  if (!link || !document.querySelector("#check")) return;
  event.preventDefault();
  setLanguage(link.hreflang.startsWith("zh") ? "zh" : "en", link.lang);
});
