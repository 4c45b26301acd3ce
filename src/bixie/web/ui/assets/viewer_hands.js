// Mouse, fingers and wheel on the stage of a viewer: one drags, two zoom, a wheel zooms what has the focus.
import { between } from "./viewer_view.js";

const NEAR_DIVIDER = 28;

export function prepareHands(stage, view, slider) {
  const hands = new Map();
  let held = null;
  let dividing = false;

  const placeIn = (event) => {
    const pane = view.panes.find((one) => one.contains(event.target)) ?? view.panes[0];
    const box = pane.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const grip = () => {
    const every = [...hands.values()];
    const at = [0, 1].map((axis) => every.reduce((sum, one) => sum + one[axis], 0) / every.length);
    const span = every.length > 1 ? Math.hypot(every[0][0] - every[1][0], every[0][1] - every[1][1]) : 0;
    return { at, span };
  };
  const hold = () => {
    if (!hands.size) return;
    const { at, span } = grip();
    held = { point: view.pointAt(at), span, zoom: view.zoom };
  };
  const nearDivider = (event) => {
    const box = stage.getBoundingClientRect();
    const divider = box.left + (box.width * slider.share()) / 100;
    return slider.slides() && Math.abs(event.clientX - divider) < NEAR_DIVIDER;
  };
  const divide = (event) => {
    const box = stage.getBoundingClientRect();
    slider.moveTo((100 * (event.clientX - box.left)) / box.width);
  };

  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    hands.set(event.pointerId, placeIn(event));
    dividing = hands.size === 1 && nearDivider(event);
    if (dividing || view.zoom > 1 || hands.size > 1) stage.setPointerCapture(event.pointerId);
    hold();
  });
  stage.addEventListener("pointermove", (event) => {
    if (!hands.has(event.pointerId)) return;
    hands.set(event.pointerId, placeIn(event));
    if (dividing) return divide(event);
    if (hands.size === 1 && view.zoom === 1) return;
    const { at, span } = grip();
    view.show(held.span ? (held.zoom * span) / held.span : view.zoom, held.point, at);
  });
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
    stage.addEventListener(name, (event) => {
      if (hands.delete(event.pointerId)) hold();
      dividing = dividing && hands.size > 0;
    });
  }
  // A wheel scrolls the page unless the stage was chosen; a pinch on a touchpad is a wheel with ctrl.
  stage.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && document.activeElement !== stage) return;
      event.preventDefault();
      view.zoomBy(Math.exp(between(-60, -event.deltaY, 60) / (event.ctrlKey ? 100 : 240)), placeIn(event));
    },
    { passive: false },
  );
}
