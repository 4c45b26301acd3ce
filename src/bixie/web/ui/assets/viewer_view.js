// Which part of the pictures is shown: one place and one size for all planes of a viewer.
const MAX_ZOOM = 24;
const SETTLED_MS = 160;

export const between = (low, value, high) => Math.min(high, Math.max(low, value));

export class View {
  // `changed(view)` is called after each drawn change.
  constructor(stage, changed) {
    this.stage = stage;
    this.changed = changed;
    this.grid = [4, 3];
    this.zoom = 1;
    this.middle = [2, 1.5];
    this.planned = 0;
    this.settling = 0;
    new ResizeObserver(() => this.draw()).observe(stage);
  }

  get panes() {
    return [...this.stage.querySelectorAll(".viewer-pane")];
  }

  // Size of one pane in CSS pixels; all panes are equally large.
  get size() {
    const pane = this.panes[0];
    return [pane.clientWidth || 1, pane.clientHeight || 1];
  }

  get fit() {
    const [width, height] = this.size;
    return Math.min(width / this.grid[0], height / this.grid[1]);
  }

  get scale() {
    return this.fit * this.zoom;
  }

  setGrid(width, height) {
    this.grid = [width, height];
    this.reset();
  }

  reset() {
    this.zoom = 1;
    this.middle = this.grid.map((side) => side / 2);
    this.draw();
  }

  // The point of the picture that lies at `at`, in CSS pixels of a pane.
  pointAt(at) {
    return [0, 1].map((axis) => this.middle[axis] + (at[axis] - this.size[axis] / 2) / this.scale);
  }

  // `point` of the picture comes to lie at `at`.
  show(zoom, point, at) {
    this.zoom = between(1, zoom, MAX_ZOOM);
    const size = this.size;
    this.middle = [0, 1].map((axis) => {
      const half = Math.min(this.grid[axis] / 2, size[axis] / 2 / this.scale);
      const wanted = point[axis] - (at[axis] - size[axis] / 2) / this.scale;
      return between(half, wanted, this.grid[axis] - half);
    });
    this.draw();
  }

  zoomBy(factor, at = this.size.map((side) => side / 2)) {
    this.show(this.zoom * factor, this.pointAt(at), at);
  }

  // One pixel of the picture of `width` pixels on one of the screen.
  zoomToPixels(width) {
    const zoom = width / this.grid[0] / this.fit / (window.devicePixelRatio || 1);
    this.show(zoom, this.middle, this.size.map((side) => side / 2));
  }

  moveBy(across, down) {
    const at = this.size.map((side) => side / 2);
    this.show(this.zoom, [this.middle[0] + across / this.scale, this.middle[1] + down / this.scale], at);
  }

  // Several changes between two frames are drawn once.
  draw() {
    this.planned ||= requestAnimationFrame(() => {
      this.planned = 0;
      const [width, height] = this.size;
      const x = width / 2 - this.middle[0] * this.scale;
      const y = height / 2 - this.middle[1] * this.scale;
      const transform = `translate(${x}px, ${y}px) scale(${this.scale})`;
      for (const plane of this.stage.querySelectorAll(".viewer-plane")) plane.style.transform = transform;
      // While it moves the browser shifts what it has painted; at rest it paints it sharp again.
      this.stage.classList.add("moving");
      clearTimeout(this.settling);
      this.settling = setTimeout(() => this.stage.classList.remove("moving"), SETTLED_MS);
      this.changed(this);
    });
  }
}
