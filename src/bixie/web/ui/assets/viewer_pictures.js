// The pictures of a pair: first in screen size, then the originals; the known one laid onto the buyer's.
const SVG = "http://www.w3.org/2000/svg";

// A homography of pixel centres as a transform of boxes, whose pixels begin at whole numbers.
export function asTransform(matrix) {
  const shift = (by) => [[1, 0, by], [0, 1, by], [0, 0, 1]];
  const times = (a, b) => a.map((row) => [0, 1, 2].map((column) => row.reduce((sum, value, i) => sum + value * b[i][column], 0)));
  const [[a, b, c], [d, e, f], [g, h, i]] = times(times(shift(0.5), matrix), shift(-0.5));
  return `matrix3d(${[a, d, 0, g, b, e, 0, h, 0, 0, 1, 0, c, f, 0, i].map((one) => one / i).join(",")})`;
}

async function loaded(address, alt) {
  const image = new Image();
  image.className = "evidence";
  image.alt = alt;
  image.decoding = "async";
  image.draggable = false;
  image.src = address;
  await image.decode();
  return image;
}

function sized(image, [width, height], transform) {
  image.style.width = `${width}px`;
  image.style.height = `${height}px`;
  image.style.transform = transform;
  return image;
}

// Not placed: as large as fits, in the middle.
function inMiddle([width, height], [gridWidth, gridHeight]) {
  const scale = Math.min(gridWidth / width, gridHeight / height);
  return `translate(${(gridWidth - width * scale) / 2}px, ${(gridHeight - height * scale) / 2}px) scale(${scale})`;
}

function outlines(pair, [width, height]) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", `0 0 ${pair.claim.width ?? width} ${pair.claim.height ?? height}`);
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("class", "viewer-outlines");
  drawing.setAttribute("aria-hidden", "true");
  for (const [kind, polygons] of [["changed", pair.regions], ["marked", pair.marks]]) {
    for (const polygon of polygons) {
      const shape = document.createElementNS(SVG, "polygon");
      shape.setAttribute("points", polygon.map((point) => point.join(",")).join(" "));
      shape.setAttribute("class", kind);
      drawing.append(shape);
    }
  }
  return sized(drawing, [width, height], "");
}

// Put a pair on its planes. Resolves with the grid when both can be seen; `finer` resolves with the originals.
export async function showPair(pair, planes, isCurrent) {
  const sources = [pair.claim, ...(pair.known ? [pair.known] : [])];
  const screens = await Promise.all(sources.map((one) => loaded(one.screen, one.name)));
  if (!isCurrent()) return null;
  const sizes = screens.map((image) => [image.naturalWidth, image.naturalHeight]);
  const grid = sizes[0];
  const placed = pair.placement ? asTransform(pair.placement) : null;
  const transforms = ["", pair.identical ? "" : placed ?? (sizes[1] ? inMiddle(sizes[1], grid) : "")];
  const put = (image, index) => {
    sized(planes[index], grid, planes[index].style.transform);
    const drawing = outlines(pair, grid);
    planes[index].replaceChildren(sized(image, sizes[index], transforms[index]), drawing);
  };
  screens.forEach(put);
  if (!pair.known) planes[1].replaceChildren();
  const finer = async () => {
    const originals = await Promise.all(sources.map((one) => loaded(one.full, one.name)));
    if (!isCurrent()) return 0;
    originals.forEach((image, index) => planes[index].querySelector("img").replaceWith(sized(image, sizes[index], transforms[index])));
    return originals[0].naturalWidth;
  };
  return { grid, finer };
}
