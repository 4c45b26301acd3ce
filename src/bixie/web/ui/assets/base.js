// What every page has: times in the reader's zone from the next page on, and forms that are sent once.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && document.documentElement.dataset.zone !== zone && /^[\w+\-/]{1,60}$/.test(zone)) {
  document.cookie = `bixie_zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const asks = event.submitter?.dataset.ask ?? form.dataset.ask;
  if (asks && !window.confirm(asks)) {
    event.preventDefault();
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method === "post" && !event.defaultPrevented) {
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
  }
});

// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});
