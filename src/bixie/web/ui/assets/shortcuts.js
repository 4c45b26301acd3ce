// Keys of a page: those of its viewer, and elements with `data-key`. `?` lists them; they can be turned off.
import { viewers } from "./viewer.js";

const OFF = "bixie_shortcuts_off";
const list = document.querySelector("[data-shortcuts]");
const toggle = list?.querySelector("[data-shortcuts-on]");
const isOn = () => !localStorage.getItem(OFF);
const typing = (target) => target.closest("input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable]");

function follow(key) {
  const wanted = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((one) => one.checkVisibility() && !one.disabled);
  if (!wanted) return false;
  const folded = wanted.closest("details:not([open])");
  if (folded) folded.open = true;
  if (wanted.matches("button, a, summary")) wanted.click();
  else wanted.focus();
  wanted.scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?" && list) list.showModal();
  else if (!isOn() || !(viewers[0]?.press(event.key) || follow(event.key))) return;
  event.preventDefault();
});

if (list) {
  toggle.checked = isOn();
  toggle.addEventListener("change", () => (toggle.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
  for (const button of document.querySelectorAll("[data-open-shortcuts]")) button.addEventListener("click", () => list.showModal());
  for (const button of list.querySelectorAll("[data-close]")) button.addEventListener("click", () => list.close());
}
