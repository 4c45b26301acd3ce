// The page's sentences, in the language that is chosen. Changing it loses nothing that was put in.
const YEAR_SECONDS = 365 * 24 * 60 * 60;

const root = document.documentElement;
const words = JSON.parse(document.getElementById("words").textContent);
const told = new Map();
const listeners = [];

export const language = () => root.dataset.language;

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

const setLanguage = (chosen) => {
  if (chosen === language()) return;
  root.dataset.language = chosen;
  root.lang = chosen === "zh" ? "zh-CN" : "en";
  document.cookie = `bixie_language=${chosen}; path=/; max-age=${YEAR_SECONDS}; samesite=strict`;
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
  }
  for (const element of document.querySelectorAll("[data-title]")) element.title = say(element.dataset.title);
  for (const [element, text] of told) element.textContent = text();
  mark();
  for (const listener of listeners) listener();
};

const mark = () => {
  for (const link of document.querySelectorAll("[data-set-language]")) {
    if (link.dataset.setLanguage === language()) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
};

for (const link of document.querySelectorAll("[data-set-language]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    setLanguage(link.dataset.setLanguage);
  });
}
