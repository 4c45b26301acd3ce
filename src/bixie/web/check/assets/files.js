// Collects files: chosen, dropped with their folders, or pasted.
import { onLanguage, say, tell } from "./words.js";

const MAX_FILES = 500;
const THUMBNAILS = 60;

export const sides = { claim: [], known: [] };

const at = (id) => document.getElementById(id);
const parts = [...document.querySelectorAll("[data-side]")];

const sameFile = (a, b) =>
  a.path === b.path && a.file.size === b.file.size && a.file.lastModified === b.file.lastModified;

const add = (side, entries) => {
  let leftOut = false;
  for (const entry of entries) {
    if (sides[side].some((one) => sameFile(one, entry))) continue;
    if (sides.claim.length + sides.known.length >= MAX_FILES) leftOut = true;
    else sides[side].push(entry);
  }
  tell(at("trouble"), leftOut ? () => say("js.too_many", { limit: MAX_FILES }) : null);
  draw();
};

export const clear = () => {
  for (const entries of Object.values(sides)) {
    for (const entry of entries.splice(0)) if (entry.url) URL.revokeObjectURL(entry.url);
  }
  draw();
};

export const row = (entry, withPicture) => {
  const item = document.createElement("li");
  const picture = document.createElement(withPicture ? "img" : "span");
  if (withPicture) {
    picture.src = entry.url ??= URL.createObjectURL(entry.file);
    picture.alt = "";
    picture.addEventListener("error", () => picture.replaceWith(document.createElement("span")));
  }
  const name = document.createElement("bdi");
  name.className = "name";
  name.textContent = entry.path;
  item.append(picture, name);
  return item;
};

const rowToChange = (entries, entry, index) => {
  const item = row(entry, entry.file.type.startsWith("image/") && index < THUMBNAILS);
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "remove";
  remove.textContent = "×";
  remove.setAttribute("aria-label", say("js.remove", { name: entry.path }));
  remove.addEventListener("click", () => {
    if (entry.url) URL.revokeObjectURL(entry.url);
    entries.splice(entries.indexOf(entry), 1);
    draw();
  });
  item.append(remove);
  return item;
};

const draw = () => {
  for (const part of parts) {
    const entries = sides[part.dataset.side];
    const count = entries.length;
    tell(
      part.querySelector("[data-count]"),
      count ? () => say(count === 1 ? "js.count_one" : "js.count", { count }) : null,
    );
    const list = part.querySelector("[data-list]");
    list.hidden = !count;
    list.replaceChildren(...entries.map((entry, index) => rowToChange(entries, entry, index)));
  }
  at("go").disabled = !sides.claim.length;
  advise();
};
onLanguage(draw);

// By name and type, as the input for files is told to accept; what counts in the end is what is inside.
const accepted = document.querySelector("[data-files][accept]").accept.split(",");
const looksRight = ({ file }) =>
  accepted.some((one) =>
    one.startsWith(".") ? file.name.toLowerCase().endsWith(one) : file.type.startsWith(one.replace("*", "")),
  );

const advise = () => {
  const twice = sides.claim.find((one) => sides.known.some((other) => sameFile(one, other)));
  const odd = [...sides.claim, ...sides.known].filter((entry) => !looksRight(entry));
  const advice = [];
  if (twice) advice.push(() => say("js.both_sides", { name: twice.path }));
  else if (sides.claim.length && !sides.known.length) advice.push(() => say("js.none_known"));
  if (odd.length) {
    const values = { name: odd[0].path, count: odd.length };
    advice.push(() => say(odd.length === 1 ? "js.not_a_picture" : "js.not_pictures", values));
  }
  tell(at("advice"), advice.length ? () => advice.map((text) => text()).join("\n") : null);
};

// Control characters could turn the direction of a line, or break it.
const named = (file, path) => ({ file, path: path.replace(/[\p{Cc}\p{Cf}]/gu, " ") });
const chosen = (file) => named(file, file.webkitRelativePath || file.name);

// Chromium lists a folder in parts of a hundred: asked again until nothing more comes.
const listing = async (reader) => {
  const found = [];
  for (;;) {
    const part = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!part.length || found.length > MAX_FILES) return found;
    found.push(...part);
  }
};
const walk = async (entry) => {
  if (entry.name.startsWith(".")) return [];
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [named(file, entry.fullPath.replace(/^\//, ""))];
  }
  const found = [];
  for (const inner of await listing(entry.createReader())) {
    if (found.length > MAX_FILES) break;
    found.push(...(await walk(inner)));
  }
  return found;
};
const dropped = async (transfer) => {
  // Entries must be taken before the first await: the list is empty afterwards.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files].map(chosen);
  const found = [];
  for (const entry of entries) found.push(...(await walk(entry)));
  return found;
};

export const collect = () => {
  for (const part of parts) {
    const side = part.dataset.side;
    for (const input of part.querySelectorAll("[data-files]")) {
      input.addEventListener("change", () => {
        add(side, [...input.files].filter((file) => !file.name.startsWith(".")).map(chosen));
        input.value = "";
      });
    }
    part.addEventListener("dragover", (event) => {
      event.preventDefault();
      part.classList.add("over");
    });
    part.addEventListener("dragleave", () => part.classList.remove("over"));
    part.addEventListener("drop", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      part.classList.remove("over");
      add(side, await dropped(event.dataTransfer));
    });
  }
  // A file dropped beside the areas must not make the browser leave the page.
  for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
  document.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (!files.length || at("ask").hidden) return;
    const part = document.activeElement.closest?.("[data-side]") ?? document.querySelector("[data-side]:hover");
    add(part ? part.dataset.side : "claim", files.map(chosen));
  });
  draw();
};
