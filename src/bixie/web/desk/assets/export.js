// Counts the statement, and makes pictures that fit: outlined where something was found, beside the picture on record.
const data = JSON.parse(document.getElementById("export-data").textContent);
const form = document.getElementById("export");
const statement = document.getElementById("statement");
const counter = document.getElementById("counter");
const status = document.getElementById("export-status");
const maxSide = 1600;
const qualities = [0.9, 0.8, 0.65, 0.5];
const scales = [1, 0.75, 0.5, 0.35];

// As GB 18030 has it: Chinese characters count two.
const bytesOf = (text) => [...text].reduce((sum, one) => sum + (one.codePointAt(0) < 128 ? 1 : one.codePointAt(0) > 0xffff ? 4 : 2), 0);

function count() {
  const limit = data.characters ?? data.bytes;
  const length = data.characters ? [...statement.value].length : data.bytes ? bytesOf(statement.value) : [...statement.value].length;
  counter.textContent = `${data.counter} ${length}${limit ? ` / ${limit}` : ""}${limit && length > limit ? ` · ${data.cut}` : ""}`;
}

function loaded(url) {
  return new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = () => failed(new Error(url));
    image.src = url;
  });
}

function outline(context, regions, scale, left) {
  context.strokeStyle = "#d92b20";
  context.lineWidth = Math.max(3, context.canvas.height / 160);
  for (const region of regions) {
    context.beginPath();
    region.forEach(([x, y], index) => context[index ? "lineTo" : "moveTo"](left + x * scale, y * scale));
    context.closePath();
    context.stroke();
  }
}

async function drawn({ url, outline: found }, share) {
  const image = await loaded(url);
  const known = found?.known ? await loaded(found.known).catch(() => null) : null;
  const scale = Math.min(1, (maxSide * share) / Math.max(image.naturalWidth, image.naturalHeight));
  const width = Math.round(image.naturalWidth * scale);
  const height = Math.round(image.naturalHeight * scale);
  const beside = known ? Math.round((known.naturalWidth / known.naturalHeight) * height) + 12 : 0;
  const canvas = Object.assign(document.createElement("canvas"), { width: width + beside, height });
  const context = canvas.getContext("2d");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, height);
  context.drawImage(image, 0, 0, width, height);
  if (known) context.drawImage(known, width + 12, 0, beside - 12, height);
  if (found) outline(context, found.regions, width / found.width, 0);
  return canvas;
}

async function fitting(one) {
  for (const share of scales) {
    const canvas = await drawn(one, share);
    for (const quality of qualities) {
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (blob && (!data.picture_bytes || blob.size <= data.picture_bytes)) return blob;
    }
  }
  return null;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  const sent = new FormData(form);
  const chosen = sent.getAll("picture");
  if (data.pictures && chosen.length > data.pictures) {
    status.textContent = data.too_many;
    return;
  }
  status.textContent = data.preparing;
  for (const id of chosen) {
    const blob = await fitting(data.outlines[id]).catch(() => null);
    if (blob) sent.append("prepared", blob, `${id}.jpg`);
  }
  const answer = await fetch(form.action, { method: "POST", body: sent }).catch(() => null);
  if (!answer?.ok) {
    status.textContent = data.failed;
    return;
  }
  const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"))?.[1] ?? "export.zip";
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(await answer.blob()), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  status.textContent = data.done;
});

statement.addEventListener("input", count);
count();
