"use strict";
(() => {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  // Slower than three changes a second, which can harm people with photosensitive epilepsy.
  const BLINK_MS = 700;
  const MAX_ZOOM = 8;
  const ZOOM_STEP = 1.5;
  const PAN_STEP = 0.1;

  const numbers = (text) => text.split(" ").map(Number);
  const shareOf = (event, element) => {
    const box = element.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  const between = (low, value, high) => Math.min(high, Math.max(low, value));

  // The part of the picture that the stage shows. All its panes show the same part at any time.
  const prepareZoom = (plate, stage) => {
    const [left, top, width, height] = numbers(plate.dataset.frame);
    const panes = [...stage.querySelectorAll("svg")];
    const overview = plate.querySelector(".overview");
    const buttons = Object.fromEntries(
      [...plate.querySelectorAll("[data-zoom]")].map((button) => [button.dataset.zoom, button]),
    );
    let zoom = 1;
    let x = left;
    let y = top;

    const measure = () => {
      const shown = panes[0].getBoundingClientRect().width;
      if (shown) plate.style.setProperty("--unit", String(width / zoom / shown));
    };
    const draw = () => {
      const part = [x, y, width / zoom, height / zoom];
      for (const pane of panes) pane.setAttribute("viewBox", part.join(" "));
      for (const one of overview.querySelectorAll(".shown, .bounds")) {
        ["x", "y", "width", "height"].forEach((name, index) => one.setAttribute(name, String(part[index])));
      }
      overview.querySelector(".shown").setAttribute("viewBox", part.join(" "));
      plate.classList.toggle("zoomed", zoom > 1);
      buttons.out.setAttribute("aria-disabled", String(zoom <= 1));
      buttons.reset.setAttribute("aria-disabled", String(zoom <= 1));
      buttons.in.setAttribute("aria-disabled", String(zoom >= MAX_ZOOM));
      measure();
    };
    // `point` of the picture comes to lie at `at`, in shares of a pane.
    const show = (wanted, point, at) => {
      zoom = between(1, wanted, MAX_ZOOM);
      x = between(left, point[0] - (at[0] * width) / zoom, left + width - width / zoom);
      y = between(top, point[1] - (at[1] * height) / zoom, top + height - height / zoom);
      draw();
    };
    const pointAt = (at) => [x + (at[0] * width) / zoom, y + (at[1] * height) / zoom];
    const middle = [0.5, 0.5];
    const zoomBy = (factor, at = middle) => show(zoom * factor, pointAt(at), at);
    const reset = () => show(1, [left, top], [0, 0]);
    const actions = { in: () => zoomBy(ZOOM_STEP), out: () => zoomBy(1 / ZOOM_STEP), reset };
    for (const [name, button] of Object.entries(buttons)) button.addEventListener("click", actions[name]);

    const keys = { "+": actions.in, "=": actions.in, "-": actions.out, 0: reset };
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    stage.tabIndex = 0;
    plate.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const arrow = event.target === stage && zoom > 1 && arrows[event.key];
      if (arrow) show(zoom, pointAt(arrow.map((step) => step * PAN_STEP)), [0, 0]);
      else if (keys[event.key]) keys[event.key]();
      else return;
      event.preventDefault();
    });

    // A wheel alone scrolls the page; a pinch on a touchpad arrives as a wheel with ctrl.
    stage.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        zoomBy(Math.exp(between(-50, -event.deltaY, 50) / 100), shareOf(event, paneAt(event)));
      },
      { passive: false },
    );
    const paneAt = (event) => panes.find((one) => one.parentElement.contains(event.target)) ?? panes[0];

    const follow = (event) => {
      if (zoom > 1 && event.buttons === 1) {
        const [across, down] = shareOf(event, overview);
        const whole = overview.viewBox.baseVal;
        show(zoom, [across * whole.width, down * whole.height], middle);
      }
    };
    overview.addEventListener("pointerdown", follow);
    overview.addEventListener("pointermove", follow);

    new ResizeObserver(measure).observe(stage);
    let before = null;
    window.addEventListener("beforeprint", () => {
      before = [zoom, [x, y]];
      reset();
    });
    window.addEventListener("afterprint", () => before && show(...before, [0, 0]));
    return { show, pointAt, paneAt, zoom: () => zoom, frame: { width, height } };
  };

  // Fingers and the mouse on the stage: two fingers zoom, one moves what is enlarged.
  const prepareHands = (plate, stage, view) => {
    const hands = new Map();
    let held;
    const grip = () => {
      const every = [...hands.values()].map((hand) => hand.at);
      const at = [0, 1].map((axis) => every.reduce((sum, one) => sum + one[axis], 0) / every.length);
      const span = every.length > 1 ? Math.hypot(every[0][0] - every[1][0], every[0][1] - every[1][1]) : 0;
      return { at, span };
    };
    const hold = () => {
      if (!hands.size) return;
      const { at, span } = grip();
      held = { point: view.pointAt(at), span, zoom: view.zoom() };
    };
    stage.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      const pane = view.paneAt(event);
      hands.set(event.pointerId, { pane, at: shareOf(event, pane) });
      const pans = view.zoom() > 1 && plate.dataset.mode !== "slide";
      if (pans || hands.size > 1) stage.setPointerCapture(event.pointerId);
      hold();
    });
    stage.addEventListener("pointermove", (event) => {
      const hand = hands.get(event.pointerId);
      if (!hand) return;
      hand.at = shareOf(event, hand.pane);
      if (hands.size === 1 && (plate.dataset.mode === "slide" || view.zoom() === 1)) return;
      const { at, span } = grip();
      view.show(held.span ? (held.zoom * span) / held.span : view.zoom(), held.point, at);
    });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
      stage.addEventListener(name, (event) => {
        if (hands.delete(event.pointerId)) hold();
      });
    }
    return hands;
  };

  const prepareCloseups = (plate, stage, view) => {
    for (const closeup of plate.querySelectorAll("[data-box]")) {
      closeup.addEventListener("click", (event) => {
        event.preventDefault();
        const [x, y, width, height] = numbers(closeup.dataset.box);
        const zoom = Math.min(view.frame.width / width, view.frame.height / height);
        view.show(zoom, [x + width / 2, y + height / 2], [0.5, 0.5]);
        stage.scrollIntoView({ block: "nearest" });
        stage.focus({ preventScroll: true });
      });
    }
  };

  const prepareModes = (plate, stage, hands) => {
    const slider = plate.querySelector("[data-slider]");
    const blink = plate.querySelector("[data-blink]");
    const outlines = plate.querySelector("[data-outlines]");
    let timer = 0;

    const swap = () => stage.classList.toggle("known-up");
    const stop = () => {
      window.clearInterval(timer);
      timer = 0;
      blink.setAttribute("aria-pressed", "false");
    };
    const start = () => {
      stop();
      timer = window.setInterval(swap, BLINK_MS);
      blink.setAttribute("aria-pressed", "true");
    };
    const slideTo = (percent) => {
      const at = between(0, percent, 100);
      slider.value = String(at);
      plate.style.setProperty("--at", `${at}%`);
    };
    const showOutlines = () => {
      plate.classList.toggle("no-outlines", !outlines.checked);
      plate.classList.toggle("want-outlines", outlines.checked);
    };
    const setMode = (mode) => {
      plate.dataset.mode = mode;
      stop();
      stage.classList.remove("known-up");
      if (mode === "blink" && !still.matches) start();
      // Outlines help to find the place and then hide it, so the moving comparisons begin without them.
      if (outlines) {
        outlines.checked = mode === "outline" || mode === "side";
        showOutlines();
      }
    };

    for (const radio of plate.querySelectorAll(".modes input")) {
      radio.addEventListener("change", () => setMode(radio.value));
    }
    slider.addEventListener("input", () => slideTo(Number(slider.value)));
    blink.addEventListener("click", () => (timer ? stop() : start()));
    plate.querySelector("[data-swap]").addEventListener("click", () => {
      stop();
      swap();
    });
    if (outlines) outlines.addEventListener("change", showOutlines);

    let dragging = false;
    const drag = (event) => {
      const box = stage.getBoundingClientRect();
      slideTo((100 * (event.clientX - box.left)) / box.width);
    };
    stage.addEventListener("pointerdown", (event) => {
      dragging = plate.dataset.mode === "slide" && event.button === 0 && hands.size === 1;
      if (!dragging) return;
      stage.setPointerCapture(event.pointerId);
      drag(event);
    });
    stage.addEventListener("pointermove", (event) => {
      if (dragging) drag(event);
    });
    for (const name of ["pointerup", "pointercancel"]) {
      stage.addEventListener(name, () => {
        dragging = false;
      });
    }
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) stop();
    });
  };

  for (const plate of document.querySelectorAll(".plate")) {
    const stage = plate.querySelector(".stage");
    if (!plate.querySelector("[data-zoom]")) continue;
    plate.classList.add("ready");
    const view = prepareZoom(plate, stage);
    const hands = prepareHands(plate, stage, view);
    prepareCloseups(plate, stage, view);
    if ("compare" in plate.dataset) prepareModes(plate, stage, hands);
  }
})();
