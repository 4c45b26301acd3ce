// A buyer's picture beside a known one: in step side by side, under a slider, blinking, laid over each other.
import { prepareHands } from "./viewer_hands.js";
import { showPair } from "./viewer_pictures.js";
import { between, View } from "./viewer_view.js";

// Slower than three changes a second, which can harm people with photosensitive epilepsy.
const BLINK_MS = 700;
const ZOOM_STEP = 1.4;
const PAN_STEP = 60;
const MARKS = ["outline", "filled", "none"];
const MODES = { 1: "side", 2: "slide", 3: "blink", 4: "overlay" };
const CALM = ["blur", "grey"];
const YEAR = 31536000;
const still = matchMedia("(prefers-reduced-motion: reduce)");

class Viewer {
  constructor(root) {
    this.root = root;
    this.pairs = JSON.parse(document.getElementById(root.dataset.viewer).textContent);
    this.stage = this.one(".viewer-stage");
    this.planes = [...root.querySelectorAll(".viewer-plane")];
    this.range = this.one("[data-range]");
    this.said = this.one("[data-said]");
    this.view = new View(this.stage, (view) => this.drawn(view));
    this.blinking = 0;
    this.shown = 0;
    this.pixels = 0;
    const slider = {
      slides: () => this.mode === "slide",
      share: () => Number(this.range.value),
      moveTo: (percent) => this.slideTo(percent),
    };
    prepareHands(this.stage, this.view, slider);
    this.connect();
    this.setMarks("outline");
    this.setMode("side");
    this.showCalm();
    this.show(0);
    root.classList.add("ready");
  }

  one(selector) {
    return this.root.querySelector(selector);
  }

  get mode() {
    return this.root.dataset.mode;
  }

  connect() {
    const actions = this.actions();
    for (const button of this.root.querySelectorAll("[data-do]")) {
      button.addEventListener("click", () => actions[button.dataset.do]());
    }
    for (const radio of this.root.querySelectorAll("[name=mode]")) {
      radio.addEventListener("change", () => this.setMode(radio.value));
    }
    this.one("[data-pairs]")?.addEventListener("change", (event) => this.show(Number(event.target.value)));
    this.range.addEventListener("input", () => this.slideTo(Number(this.range.value)));
    this.stage.addEventListener("keydown", (event) => this.steer(event));
    document.addEventListener("visibilitychange", () => document.hidden && this.blink(false));
  }

  // What buttons and keys do, by name.
  actions() {
    return {
      in: () => this.view.zoomBy(ZOOM_STEP),
      out: () => this.view.zoomBy(1 / ZOOM_STEP),
      fit: () => this.view.reset(),
      pixels: () => this.view.zoomToPixels(this.pixels || this.view.grid[0]),
      marks: () => this.setMarks(MARKS[(MARKS.indexOf(this.root.dataset.marks) + 1) % MARKS.length]),
      swap: () => this.swap(),
      blur: () => this.calm("blur"),
      grey: () => this.calm("grey"),
      next: () => this.show((this.shown + 1) % this.pairs.length),
      back: () => this.show((this.shown + this.pairs.length - 1) % this.pairs.length),
      less: () => this.slideTo(Number(this.range.value) - 5),
      more: () => this.slideTo(Number(this.range.value) + 5),
      focus: () => this.stage.focus(),
    };
  }

  // Keys from anywhere on the page; true if one was for the viewer.
  press(key) {
    const keys = {
      "+": "in", "=": "in", "-": "out", 0: "fit", 9: "pixels", m: "marks", x: "swap", u: "blur", g: "grey",
      "]": "next", "[": "back", ",": "less", ".": "more", v: "focus",
    };
    if (MODES[key]) this.setMode(MODES[key]);
    else if (keys[key]) this.actions()[keys[key]]();
    else return false;
    return true;
  }

  // Arrows move what is enlarged, once the stage was chosen; otherwise they scroll the page.
  steer(event) {
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!arrow || event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.mode === "slide" && this.view.zoom === 1 && arrow[0]) this.slideTo(Number(this.range.value) + 2 * arrow[0]);
    else if (this.view.zoom > 1) this.view.moveBy(arrow[0] * PAN_STEP, arrow[1] * PAN_STEP);
    else return;
    event.preventDefault();
  }

  async show(index) {
    const pair = this.pairs[index];
    if (!pair) return;
    this.shown = index;
    this.root.dataset.shown = "";
    const select = this.one("[data-pairs]");
    if (select) select.value = String(index);
    for (const [name, one] of [["claim", pair.claim], ["known", pair.known]]) {
      const label = this.one(`[data-name=${name}]`);
      label.textContent = one ? one.label : "";
      label.hidden = !one;
    }
    this.root.classList.toggle("alone", !pair.known);
    const fits = Boolean(pair.known && (pair.placement || pair.identical));
    for (const radio of this.root.querySelectorAll("[name=mode]")) radio.disabled = !fits && radio.value !== "side";
    if (!fits) this.setMode("side");
    this.one("[data-unplaced]").hidden = fits || !pair.known;
    try {
      const found = await showPair(pair, this.planes, () => this.shown === index);
      if (!found) return;
      this.view.setGrid(...found.grid);
      this.root.dataset.shown = "screen";
      performance.mark("viewer-sharp");
      this.one("[data-failed]").hidden = true;
      if (navigator.connection?.saveData) return;
      this.pixels = await found.finer();
      if (this.pixels) this.root.dataset.shown = "original";
    } catch {
      // The screen-sized picture stays; without that one there is nothing to look at.
      this.one("[data-failed]").hidden = this.root.dataset.shown === "screen";
    }
  }

  setMode(mode) {
    const radio = this.one(`[name=mode][value=${mode}]`);
    if (radio.disabled) return;
    radio.checked = true;
    this.root.dataset.mode = mode;
    this.stage.classList.remove("known-up");
    this.blink(mode === "blink" && !still.matches);
    this.one("[data-slide]").hidden = !["slide", "overlay"].includes(mode);
    this.slideTo(50);
    this.view.draw();
  }

  slideTo(percent) {
    const at = between(0, percent, 100);
    this.range.value = String(at);
    this.stage.style.setProperty("--at", `${at}%`);
    this.stage.style.setProperty("--part", String(at / 100));
  }

  blink(on) {
    clearInterval(this.blinking);
    this.blinking = on ? setInterval(() => this.stage.classList.toggle("known-up"), BLINK_MS) : 0;
  }

  swap() {
    if (this.mode !== "blink") this.setMode("blink");
    this.blink(false);
    this.stage.classList.toggle("known-up");
  }

  setMarks(marks) {
    this.root.dataset.marks = marks;
    this.one("[data-do=marks]").setAttribute("aria-pressed", String(marks !== "none"));
    this.say(this.root.dataset[`said${marks[0].toUpperCase()}${marks.slice(1)}`]);
  }

  calm(what) {
    document.body.classList.toggle(`calm-${what}`);
    const chosen = CALM.filter((one) => document.body.classList.contains(`calm-${one}`));
    document.cookie = `bixie_calm=${chosen.join("-")}; path=/; max-age=${YEAR}; samesite=lax`;
    this.showCalm();
  }

  showCalm() {
    for (const what of CALM) {
      const on = document.body.classList.contains(`calm-${what}`);
      this.one(`[data-do=${what}]`).setAttribute("aria-pressed", String(on));
    }
  }

  drawn(view) {
    this.root.classList.toggle("zoomed", view.zoom > 1);
    this.stage.style.setProperty("--unit", String((this.pairs[this.shown]?.claim.width ?? view.grid[0]) / view.grid[0] / view.scale));
    const zoom = this.one("[data-zoom]");
    zoom.textContent = `${view.zoom.toFixed(1)}×`;
  }

  say(sentence) {
    this.said.textContent = sentence ?? "";
  }
}

export const viewers = [...document.querySelectorAll("[data-viewer]")].map((root) => new Viewer(root));
