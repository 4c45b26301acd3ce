// The drop page: files are collected, sent one after the other, examined; the report stands in a frame.
import { clear, collect, row, sides } from "./files.js";
import { language, onLanguage, say, tell } from "./words.js";

const POLL_MS = 400;
const STILL_HERE_MS = 60_000; // the report is kept while its page asks for it
const MIB = 1024 * 1024;
const SIGNED_OUT = 401;
const GONE = 404;

const at = (id) => document.getElementById(id);
const { csrf, maxBytes } = at("check").dataset;
const headers = csrf ? { "X-CSRF-Token": csrf } : {};
const facts = ["order-id", "delivered", "claimed", "reason"];
let run = null;
let part = "ask";

const show = (name) => {
  part = name;
  for (const id of ["ask", "busy", "answer"]) at(id).hidden = id !== part;
  at("heading").classList.toggle("unseen", part !== "ask");
  document.title = part === "answer" ? say("js.done") : `${say("page.title")} · ${say("page.brand")}`;
};
onLanguage(() => show(part));
const complain = (text) => tell(at("trouble"), text);

// Sending.

class Trouble extends Error {
  constructor(text, status) {
    super("trouble");
    this.text = text; // returns words in the language of the moment
    this.status = status;
  }
}
const refusal = (status, content) => new Trouble(() => content[language()] ?? content.detail, status);
const reason = (error) => (error instanceof Trouble ? error.text() : say("js.gone"));

const call = async (method, path, body, more = {}) => {
  const sent = body ? { ...headers, "Content-Type": "application/json" } : headers;
  const answer = await fetch(`/check/runs${path}`, { method, headers: sent, body: body && JSON.stringify(body), ...more });
  if (answer.status === 204) return null;
  const content = await answer.json();
  if (!answer.ok) throw refusal(answer.status, content);
  return content;
};

const send = (side, entry, bar) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", `/check/runs/${run}/${side}?name=${encodeURIComponent(entry.path)}`);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => {
      bar.value = 1;
      if (request.status === 201) resolve();
      else reject(request.response ? refusal(request.status, request.response) : new TypeError("no answer"));
    });
    request.addEventListener("error", () => reject(new TypeError("network")));
    request.send(entry.file);
  });

const arrivingRow = (entry) => {
  const item = row(entry, false);
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", entry.path);
  item.append(bar);
  at("arriving").append(item);
  item.scrollIntoView({ block: "nearest" });
  return [item, bar];
};

const sendAll = async (refused) => {
  const every = Object.entries(sides).flatMap(([side, entries]) => entries.map((entry) => ({ side, entry })));
  at("arriving").replaceChildren();
  at("arriving").hidden = false;
  for (const [index, { side, entry }] of every.entries()) {
    progress(() => say("js.uploading", { done: index, total: every.length }), index / every.length);
    const [item, bar] = arrivingRow(entry);
    try {
      checkSize(entry.file.size);
      await send(side, entry, bar);
    } catch (error) {
      if (!(error instanceof Trouble) || [SIGNED_OUT, GONE].includes(error.status)) throw error;
      refused.push(() => say("js.refused", { name: entry.path, reason: reason(error) }));
      item.classList.add("refused");
    }
  }
};

// The program would end the connection while the browser still sends, and no answer would arrive.
const checkSize = (bytes) => {
  const limit = Number(maxBytes);
  const values = { size: Math.ceil(bytes / MIB), limit: Math.floor(limit / MIB) };
  if (bytes > limit) throw new Trouble(() => say("js.too_large", values));
};

const progress = (text, share) => {
  tell(at("stage"), text);
  if (share === null) at("bar").removeAttribute("value");
  else at("bar").value = share;
};

const watch = async () => {
  for (;;) {
    const now = await call("GET", `/${run}`);
    if (now.state === "done") return now;
    if (now.state === "failed") throw new Trouble(() => say("js.failed"));
    const { done, total } = now.claim.total ? now.claim : now.known;
    const key = now.claim.total ? "js.claim" : "js.known";
    if (now.state === "waiting") progress(() => say("js.waiting"), null);
    else progress(() => say(key, { done, total }), total ? done / total : null);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
};

// The order, as far as the person knows it.

const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
// Times are where the person is. A day begins at midnight: a photo of that day is not "before delivery".
const withZone = (text) => {
  if (!text) return undefined;
  const local = text.includes("T") ? `${text}:00` : `${text}T00:00:00`;
  const minutes = -new Date(local).getTimezoneOffset();
  return `${local}${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
};
const order = () => {
  const [id, delivered, claimed, why] = facts.map((fact) => at(fact).value.trim());
  return {
    id: id || undefined,
    delivered_at: withZone(delivered),
    claimed_at: withZone(claimed),
    claim: why ? { reason: why } : undefined,
  };
};

at("ask").addEventListener("submit", async (event) => {
  event.preventDefault();
  complain(null);
  show("busy");
  const refused = [];
  const refusals = () => refused.map((text) => text()).join("\n");
  try {
    run = (await call("POST", "")).id;
    await sendAll(refused);
    complain(refused.length ? refusals : null);
    await call("POST", `/${run}`, { order: order(), language: language() });
    at("arriving").replaceChildren();
    at("arriving").hidden = true;
    present(await watch());
  } catch (error) {
    complain(() => [refusals(), reason(error)].filter(Boolean).join("\n"));
    show("ask");
  }
});

// Files that were put in would be lost without a word.
window.addEventListener("beforeunload", (event) => {
  if (sides.claim.length || sides.known.length) event.preventDefault();
});
// A closed page waits for nothing: its files are removed at once.
window.addEventListener("pagehide", (event) => {
  if (run && !event.persisted) call("DELETE", `/${run}`, undefined, { keepalive: true }).catch(() => {});
});

// The answer.

const present = (answer) => {
  const name = encodeURIComponent(say("js.report_name", { date: new Date().toLocaleString("sv").replace(/:/g, "") }));
  at("save").href = `/check/runs/${run}/report.html?name=${name}`;
  at("save-all").href = `/check/runs/${run}/report.zip?name=${name}`;
  tell(at("message"), () => answer.message[language()]);
  at("message").hidden = true;
  tell(at("copied"), null);
  at("report").src = `/check/runs/${run}/report`;
  show("answer");
};

setInterval(async () => {
  if (part !== "answer") return;
  try {
    await call("GET", `/${run}`);
  } catch (error) {
    complain(() => reason(error));
  }
}, STILL_HERE_MS);

// The report's own head is hidden in the frame; its language follows that of the page.
const inFrame = () => at("report").contentDocument?.documentElement;
const sayInFrame = () => {
  const root = inFrame();
  if (root && root.dataset.lang !== language()) root.querySelector(`[data-set-lang="${language()}"]`)?.click();
};
onLanguage(sayInFrame);
at("report").addEventListener("load", () => {
  const root = inFrame();
  if (!root?.dataset.lang) return;
  root.dataset.embedded = "";
  const fit = () => {
    // In the frame 100vh is the height of the whole report; its pictures must fit the real screen.
    root.style.setProperty("--screen", `${window.innerHeight}px`);
    at("report").style.height = `${root.offsetHeight}px`;
  };
  new ResizeObserver(fit).observe(root);
  fit();
  sayInFrame();
});

at("more").addEventListener("click", () => at("more").hidePopover?.());
at("print").addEventListener("click", () => at("report").contentWindow.print());
at("copy").addEventListener("click", async () => {
  let key = "js.copied";
  try {
    await navigator.clipboard.writeText(at("message").textContent);
  } catch {
    key = "js.copy_failed";
  }
  tell(at("copied"), () => say(key));
  at("message").hidden = false;
});
at("new").addEventListener("click", () => {
  call("DELETE", `/${run}`).catch(() => {});
  run = null;
  for (const fact of facts) at(fact).value = "";
  at("report").removeAttribute("src");
  complain(null);
  clear();
  show("ask");
});

collect();
show("ask");
