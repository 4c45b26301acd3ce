// The drop page: files are collected, sent one after the other, examined; the report stands in a frame.
const MAX_FILES = 500;
const POLL_MS = 400;
const THUMBNAILS = 60;

const words = JSON.parse(document.getElementById("words").textContent);
const say = (key, values = {}) => words[`js.${key}`].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
const language = document.documentElement.dataset.language;
const at = (id) => document.getElementById(id);
const ask = at("ask");
const sides = { claim: [], known: [] };
let run = null;

const show = (part) => {
  for (const id of ["ask", "busy", "answer"]) at(id).hidden = id !== part;
};
const complain = (text) => {
  at("trouble").textContent = text;
  at("trouble").hidden = !text;
};

// Collecting.

const sameFile = (a, b) => a.path === b.path && a.file.size === b.file.size && a.file.lastModified === b.file.lastModified;

const add = (side, entries) => {
  let leftOut = false;
  for (const entry of entries) {
    if (sides[side].some((one) => sameFile(one, entry))) continue;
    if (sides.claim.length + sides.known.length >= MAX_FILES) leftOut = true;
    else sides[side].push(entry);
  }
  complain(leftOut ? say("too_many", { limit: MAX_FILES }) : "");
  draw();
};

const row = (entry, withPicture) => {
  const item = document.createElement("li");
  const picture = document.createElement(withPicture ? "img" : "span");
  if (withPicture) {
    picture.src = entry.url ??= URL.createObjectURL(entry.file);
    picture.alt = "";
    picture.addEventListener("error", () => picture.replaceWith(document.createElement("span")));
  }
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = entry.path;
  item.append(picture, name);
  return item;
};

const draw = () => {
  for (const part of document.querySelectorAll("[data-side]")) {
    const entries = sides[part.dataset.side];
    part.querySelector("[data-count]").textContent = entries.length ? say(entries.length === 1 ? "count_one" : "count", { count: entries.length }) : "";
    part.querySelector("[data-list]").replaceChildren(
      ...entries.map((entry, index) => {
        const item = row(entry, entry.file.type.startsWith("image/") && index < THUMBNAILS);
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "remove";
        remove.textContent = "×";
        remove.setAttribute("aria-label", say("remove", { name: entry.path }));
        remove.addEventListener("click", () => {
          if (entry.url) URL.revokeObjectURL(entry.url);
          entries.splice(entries.indexOf(entry), 1);
          draw();
        });
        item.append(remove);
        return item;
      }),
    );
  }
  at("go").disabled = !sides.claim.length;
  advise();
};

const advise = () => {
  const twice = sides.claim.find((one) => sides.known.some((other) => sameFile(one, other)));
  let text = "";
  if (twice) text = say("both_sides", { name: twice.path });
  else if (sides.claim.length && !sides.known.length) text = say("none_known");
  at("advice").textContent = text;
  at("advice").hidden = !text;
};

const named = (file) => ({ file, path: file.webkitRelativePath || file.name });

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
    return [{ file, path: entry.fullPath.replace(/^\//, "") }];
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
  if (!entries.length) return [...transfer.files].map(named);
  const found = [];
  for (const entry of entries) found.push(...(await walk(entry)));
  return found;
};

for (const part of document.querySelectorAll("[data-side]")) {
  const side = part.dataset.side;
  for (const input of part.querySelectorAll("[data-files]")) {
    input.addEventListener("change", () => {
      add(side, [...input.files].filter((file) => !file.name.startsWith(".")).map(named));
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
  if (!files.length || ask.hidden) return;
  const part = document.activeElement.closest?.("[data-side]") ?? document.querySelector("[data-side]:hover");
  add(part ? part.dataset.side : "claim", files.map(named));
});

// Sending.

const call = async (method, path, body) => {
  const headers = body ? { "Content-Type": "application/json" } : {};
  const answer = await fetch(`/check/runs${path}`, { method, headers, body: body && JSON.stringify(body) });
  const document_ = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(document_[language] ?? document_.detail);
  return document_;
};

const send = (side, entry, bar) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", `/check/runs/${run}/${side}?name=${encodeURIComponent(entry.path)}`);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => {
      bar.value = 1;
      if (request.status === 201) resolve();
      else reject(new Error(request.response?.[language] ?? request.statusText));
    });
    request.addEventListener("error", () => reject(new TypeError("network")));
    request.send(entry.file);
  });

const sendAll = async () => {
  const every = Object.entries(sides).flatMap(([side, entries]) => entries.map((entry) => ({ side, entry })));
  const refused = [];
  at("arriving").replaceChildren();
  for (const [index, { side, entry }] of every.entries()) {
    progress(say("uploading", { done: index, total: every.length }), index / every.length);
    const item = row(entry, false);
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", entry.path);
    item.append(bar);
    at("arriving").append(item);
    item.scrollIntoView({ block: "nearest" });
    try {
      await send(side, entry, bar);
    } catch (error) {
      if (error instanceof TypeError) throw error;
      refused.push(say("refused", { name: entry.path, reason: error.message }));
      item.classList.add("refused");
    }
  }
  return refused;
};

const progress = (text, part) => {
  at("stage").textContent = text;
  if (part === null) at("bar").removeAttribute("value");
  else at("bar").value = part;
};

const watch = async () => {
  for (;;) {
    const now = await call("GET", `/${run}`);
    if (now.state === "done") return now;
    if (now.state === "failed") throw new Error(say("failed"));
    const { done, total } = now.claim.total ? now.claim : now.known;
    if (now.state === "waiting") progress(say("waiting"), null);
    else progress(say(now.claim.total ? "claim" : "known", { done, total }), total ? done / total : null);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
};

// Midnight of the day of delivery where the person is: a photo of that day is not "before delivery".
const delivered = () => {
  const day = at("delivered").value;
  if (!day) return null;
  const [year, month, date] = day.split("-").map(Number);
  const minutes = -new Date(year, month - 1, date).getTimezoneOffset();
  const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
  return `${day}T00:00:00${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
};

ask.addEventListener("submit", async (event) => {
  event.preventDefault();
  complain("");
  show("busy");
  let refused = [];
  try {
    run = (await call("POST", "")).id;
    refused = await sendAll();
    complain(refused.join("\n"));
    await call("POST", `/${run}`, { delivered_at: delivered(), language });
    at("arriving").replaceChildren();
    present(await watch());
  } catch (error) {
    complain([...refused, error instanceof TypeError ? say("gone") : error.message].join("\n"));
    show("ask");
  }
});

// Another language means another page: files that were put in would be lost without a word.
window.addEventListener("beforeunload", (event) => {
  if (sides.claim.length || sides.known.length) event.preventDefault();
});

// The answer.

const present = (answer) => {
  const name = encodeURIComponent(say("report_name", { date: new Date().toLocaleString("sv").replace(/:/g, "") }));
  at("save").href = `/check/runs/${run}/report.html?name=${name}`;
  at("save-all").href = `/check/runs/${run}/report.zip?name=${name}`;
  at("message").textContent = answer.message[language];
  at("message").hidden = at("copied").hidden = true;
  at("report").src = `/check/runs/${run}/report`;
  progress("", 0);
  show("answer");
  document.title = say("done");
};
const title = document.title;

at("report").addEventListener("load", () => {
  const inside = at("report").contentDocument;
  if (!inside?.body) return;
  const fit = () => {
    at("report").style.height = `${inside.documentElement.offsetHeight}px`;
  };
  new ResizeObserver(fit).observe(inside.documentElement);
  fit();
});
at("print").addEventListener("click", () => at("report").contentWindow.print());
at("copy").addEventListener("click", async () => {
  let text = say("copied");
  try {
    await navigator.clipboard.writeText(at("message").textContent);
  } catch {
    text = say("copy_failed");
  }
  at("copied").textContent = text;
  at("copied").hidden = at("message").hidden = false;
});
at("new").addEventListener("click", () => {
  call("DELETE", `/${run}`).catch(() => {});
  run = null;
  for (const entries of Object.values(sides)) {
    for (const entry of entries.splice(0)) if (entry.url) URL.revokeObjectURL(entry.url);
  }
  at("delivered").value = "";
  document.title = title;
  at("report").removeAttribute("src");
  complain("");
  draw();
  show("ask");
});

draw();
show("ask");
