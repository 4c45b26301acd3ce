// Sends pictures and video as they are taken, each with its progress; a line that breaks off goes on later (tus 1.0.0).
const data = JSON.parse(document.getElementById("packing-data").textContent);
const form = document.getElementById("packing");
const list = document.getElementById("uploads");
const TUS = { "Tus-Resumable": "1.0.0", "X-CSRF-Token": data.csrf };
const waitsMs = [1000, 2000, 4000, 8000, 16000];

const encoded = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function begin(file) {
  const metadata = [["order", data.number], ["filename", file.name || "photo"], ["role", data.role]];
  const answer = await fetch("/api/v1/uploads", {
    method: "POST",
    headers: {
      ...TUS,
      "Upload-Length": String(file.size),
      "Upload-Metadata": metadata.map(([name, value]) => `${name} ${encoded(value)}`).join(","),
      "Idempotency-Key": crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`,
    },
  });
  if (!answer.ok) throw await refusal(answer);
  return answer.headers.get("Location");
}

async function refusal(answer) {
  const said = await answer.json().catch(() => ({}));
  const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  return Object.assign(new Error(said[language] ?? said.detail ?? data.failed), { final: answer.status < 500 });
}

async function reached(place) {
  const answer = await fetch(place, { method: "HEAD", headers: TUS });
  if (!answer.ok) throw new Error(data.failed);
  return Number(answer.headers.get("Upload-Offset"));
}

function send(place, file, offset, show) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("PATCH", place);
    for (const [name, value] of Object.entries(TUS)) request.setRequestHeader(name, value);
    request.setRequestHeader("Upload-Offset", String(offset));
    request.setRequestHeader("Content-Type", "application/offset+octet-stream");
    request.upload.onprogress = (event) => show((offset + event.loaded) / file.size);
    request.onerror = () => failed(new Error(data.failed));
    request.onload = () => {
      if (request.status < 300) return done();
      failed(Object.assign(new Error(data.failed), { final: request.status >= 400 && request.status < 500 && request.status !== 409 }));
    };
    request.send(file.slice(offset));
  });
}

async function upload(file, show) {
  let place = null;
  for (let turn = 0; ; turn += 1) {
    try {
      const resumes = place !== null;
      place ??= await begin(file);
      const offset = resumes ? await reached(place) : 0;
      if (offset < file.size) await send(place, file, offset, show);
      return;
    } catch (error) {
      if (error.final || turn === waitsMs.length) throw error;
      await pause(waitsMs[turn]);
    }
  }
}

function line(file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const bar = document.createElement("progress");
  name.textContent = file.name;
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  item.append(name, bar);
  list.append(item);
  return { item, name, bar };
}

async function take(file) {
  const { item, name, bar } = line(file);
  const say = (text) => (name.textContent = `${file.name} · ${text}`);
  if (file.size > data.max) {
    bar.remove();
    say(data.too_large);
    return false;
  }
  try {
    await upload(file, (share) => (bar.value = share));
    bar.value = 1;
    say(data.kept);
    return true;
  } catch (error) {
    say(error.message);
    const again = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: data.again });
    again.addEventListener("click", () => { item.remove(); take(file).then((kept) => kept && location.reload()); });
    bar.replaceWith(again);
    return false;
  }
}

async function takeAll(files) {
  let every = true;
  for (const file of files) every = (await take(file)) && every;
  if (every) location.reload();
}

if (form && data.scripted) {
  document.getElementById("send").hidden = true;
  for (const input of form.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = "";
      takeAll(files);
    });
  }
}
