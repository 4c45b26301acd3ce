// Uploads pictures and videos as soon as they are chosen: with progress, in parts, resumed after a break.
// The link in the page's address opens the upload, and nothing else. Without script the form sends the files.
const facts = JSON.parse(document.getElementById("upload-facts").textContent);
const words = JSON.parse(document.getElementById("upload-words").textContent);
const token = location.pathname.split("/")[2];
const UPLOADS = "/api/v1/uploads";
const PART = 1 << 20;
const ANEW = [1000, 2000, 4000, 8000, 15000];
const pending = new Set();

class Refused extends Error {}

function headers(more) {
  return { Authorization: `Link ${token}`, "Tus-Resumable": "1.0.0", ...more };
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function random() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A refusal is final; a connection that breaks, or a service that is down, is tried again.
async function asked(url, options) {
  const answer = await fetch(url, { ...options, referrerPolicy: "no-referrer" });
  if (answer.ok) return answer;
  if (answer.status >= 500 || [408, 409, 423, 429].includes(answer.status)) throw new Error(String(answer.status));
  const problem = await answer.json().catch(() => ({}));
  throw new Refused(problem[document.documentElement.lang.startsWith("zh") ? "zh" : "en"] ?? words.refused);
}

async function patiently(step, onWait) {
  for (let failures = 0; ; failures += 1) {
    try {
      return await step(failures > 0);
    } catch (error) {
      if (error instanceof Refused) throw error;
      onWait();
      await new Promise((done) => {
        setTimeout(done, ANEW[Math.min(failures, ANEW.length - 1)]);
        window.addEventListener("online", done, { once: true });
      });
    }
  }
}

async function upload(file, onProgress, onWait) {
  const key = random();
  const meta = `order ${base64(facts.order)},filename ${base64(file.name)},role ${base64("claim")}`;
  const begun = await patiently(() => asked(UPLOADS, {
    method: "POST", headers: headers({ "Upload-Length": file.size, "Upload-Metadata": meta, "Idempotency-Key": key }),
  }), onWait);
  const url = begun.headers.get("Location");
  let offset = 0;
  for (;;) {
    const answer = await patiently(async (again) => {
      if (again) {
        const found = await asked(url, { method: "HEAD", headers: headers() });
        offset = Number(found.headers.get("Upload-Offset"));
        if (found.headers.get("Bixie-Exhibit")) return found;
      }
      return asked(url, {
        method: "PATCH", body: file.slice(offset, offset + PART),
        headers: headers({ "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" }),
      });
    }, onWait);
    offset = Number(answer.headers.get("Upload-Offset"));
    onProgress(offset);
    const exhibit = answer.headers.get("Bixie-Exhibit");
    if (exhibit) return exhibit;
  }
}

function refusal(file, list) {
  const video = file.type.startsWith("video/");
  if (!video && file.type && !file.type.startsWith("image/")) return words.wrong_type;
  const most = video ? facts.video_bytes : facts.picture_bytes;
  if (file.size > most) return (video ? words.large_video : words.large_picture).replace("{size}", Math.floor(most / 1e6));
  if (file.size === 0) return words.refused;
  return list.children.length >= facts.at_once ? words.many.replace("{count}", facts.at_once) : "";
}

function element(name, values = {}, ...children) {
  const made = Object.assign(document.createElement(name), values);
  made.append(...children);
  return made;
}

function line(file) {
  const state = element("span", { className: "small" });
  const bar = element("progress", { max: file.size, value: 0, ariaLabel: file.name });
  const remove = element("button", { type: "button", className: "quiet", textContent: words.remove });
  const row = element("li", {}, element("span", { className: "grow" }, element("b", { textContent: file.name }), " ", state, bar), remove);
  if (file.type.startsWith("image/")) row.prepend(element("img", { src: URL.createObjectURL(file), alt: "" }));
  remove.addEventListener("click", () => row.remove());
  return { row, state, bar };
}

async function take(file, role, frame) {
  const list = frame.querySelector("[data-uploaded]");
  const status = frame.querySelector("[data-upload-status]");
  const { row, state, bar } = line(file);
  const refused = refusal(file, list);
  list.append(row);
  const say = (text) => {
    state.textContent = text;
    status.textContent = `${file.name}: ${text}`;
  };
  const work = {};
  try {
    if (refused) throw new Refused(refused);
    pending.add(work);
    say(words.uploading);
    const exhibit = await upload(file, (offset) => { bar.value = offset; state.textContent = words.uploading; }, () => say(words.waiting));
    if (row.isConnected) row.append(element("input", { type: "hidden", name: "exhibit", value: `${exhibit}:${role}` }));
    say(words.done);
  } catch (error) {
    row.classList.add("field-error");
    say(error instanceof Refused ? error.message : words.refused);
  } finally {
    bar.remove();
    pending.delete(work);
  }
}

for (const frame of document.querySelectorAll("[data-uploads]")) {
  for (const input of frame.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = "";
      for (const file of files) take(file, input.dataset.role, frame);
    });
  }
  frame.closest("form").addEventListener("submit", (event) => {
    if (!pending.size) return;
    event.preventDefault();
    frame.querySelector("[data-upload-status]").textContent = words.unfinished;
    frame.querySelector("[data-upload-status]").classList.remove("unseen");
  });
}
