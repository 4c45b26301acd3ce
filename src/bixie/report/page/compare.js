"use strict";
(() => {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  // Slower than three changes a second, which can harm people with photosensitive epilepsy.
  const BLINK_MS = 700;

  const preparePlate = (plate) => {
    const stage = plate.querySelector(".stage");
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
      const at = Math.min(100, Math.max(0, percent));
      slider.value = String(at);
      plate.style.setProperty("--at", `${at}%`);
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
    const showOutlines = () => {
      plate.classList.toggle("no-outlines", !outlines.checked);
      plate.classList.toggle("want-outlines", outlines.checked);
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
      if (plate.dataset.mode !== "slide" || event.button !== 0) return;
      dragging = true;
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
  document.querySelectorAll("[data-compare]").forEach(preparePlate);
})();
