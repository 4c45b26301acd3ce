"use strict";
(() => {
  const root = document.documentElement;
  const KEY = "bixie.language";
  const every = (selector) => document.querySelectorAll(selector);
  // Controls are shown only where something answers them.
  root.dataset.script = "";

  // Language: what the address asks for, a choice made before, that of the browser, that of whoever examined.
  const isOurs = (language) => language === "zh" || language === "en";
  const kept = () => {
    try {
      return window.localStorage.getItem(KEY);
    } catch {
      return null; // a page from a folder or in a closed frame may keep nothing
    }
  };
  const keep = (language) => {
    try {
      window.localStorage.setItem(KEY, language);
    } catch {
      // shown now, forgotten later
    }
  };
  const setLanguage = (language) => {
    root.dataset.lang = language;
    root.lang = language === "zh" ? "zh-CN" : "en";
    document.title = document.querySelector("title").dataset[language];
    for (const button of every("[data-set-lang]")) {
      button.setAttribute("aria-pressed", String(button.dataset.setLang === language));
    }
  };
  const asked = new URLSearchParams(window.location.search).get("lang");
  const preferred = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase());
  setLanguage([asked, kept(), ...preferred, root.dataset.lang].find(isOurs));
  for (const button of every("[data-set-lang]")) {
    button.addEventListener("click", () => {
      setLanguage(button.dataset.setLang);
      keep(button.dataset.setLang);
    });
  }

  // Chinese titles break between phrases. A word of one character belongs to its neighbours: 您|提供|的|图片 is
  // one phrase; only words that begin a phrase may begin a line. A phrase too long for a narrow card would break
  // anywhere, before a comma too: in a long one, only words that end a phrase join what is before them.
  const BEGINNERS = new Set("和与是有在从由把被用按请没不也都但能可要会");
  const ENDERS = new Set("的了着过里上下中内外后前时个张处份件次");
  const OPENING = /[“‘（《]$/;
  const CLOSING = /[，。；：、！？]$/;
  const LONG = 5;
  const phrases = (text) => {
    const parts = [];
    let open = false;
    const joins = (segment, isWordLike) => {
      const before = parts.at(-1);
      if (before === undefined || OPENING.test(segment)) return false;
      if (!isWordLike || OPENING.test(before)) return true;
      const short = segment.length === 1;
      if (CLOSING.test(before) || (short && BEGINNERS.has(segment))) return false;
      return short ? ENDERS.has(segment) || before.length < LONG : open;
    };
    for (const { segment, isWordLike } of new Intl.Segmenter("zh", { granularity: "word" }).segment(text)) {
      if (joins(segment, isWordLike)) parts[parts.length - 1] += segment;
      else parts.push(segment);
      open = isWordLike && segment.length === 1;
    }
    return parts;
  };
  if (Intl.Segmenter) {
    for (const title of every(".title .zh")) {
      const parts = phrases(title.textContent);
      title.replaceChildren(...parts.flatMap((part, index) => (index ? [document.createElement("wbr"), part] : [part])));
      title.classList.add("phrased");
    }
  }

  // A filter by verdict.
  let shown = "";
  const show = (verdict) => {
    shown = verdict;
    for (const one of every("[data-verdict]")) one.hidden = Boolean(verdict) && one.dataset.verdict !== verdict;
    for (const button of every("[data-filter]")) {
      button.setAttribute("aria-pressed", String(button.dataset.filter === verdict));
    }
  };
  for (const button of every("[data-filter]")) {
    button.addEventListener("click", () => show(button.dataset.filter));
  }

  // A link to a file shows it, filtered out or folded as it may be.
  const reveal = (hash) => {
    const file = document.getElementById(hash.slice(1));
    if (!file?.matches("[data-verdict]")) return;
    if (file.hidden) show("");
    const folded = file.querySelector(":scope > details");
    if (folded) folded.open = true;
    file.scrollIntoView();
  };
  window.addEventListener("hashchange", () => reveal(window.location.hash));
  for (const link of every('a[href^="#file-"]')) {
    link.addEventListener("click", () => reveal(link.hash)); // the same link again changes no hash
  }
  reveal(window.location.hash);

  // On paper nothing can be opened: technical data is open where it was asked for.
  const appendix = document.querySelector("[data-appendix]");
  const opened = [];
  appendix.addEventListener("change", () => root.toggleAttribute("data-print-appendix", appendix.checked));
  document.querySelector("[data-print]").addEventListener("click", () => window.print());
  let filtered = "";
  window.addEventListener("beforeprint", () => {
    filtered = shown; // paper holds every file, whatever the screen was filtered to
    show("");
    for (const part of appendix.checked ? every("details:not([open])") : []) {
      part.open = true;
      opened.push(part);
    }
  });
  window.addEventListener("afterprint", () => {
    for (const part of opened.splice(0)) part.open = false;
    show(filtered);
  });
})();
