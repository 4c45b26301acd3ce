// The form of a claim, one question at a time on a phone; each answer narrows what comes after it.
const { form: options } = JSON.parse(document.getElementById("upload-facts").textContent);
const words = JSON.parse(document.getElementById("claim-words").textContent);
const form = document.getElementById("claim");
const steps = [...form.querySelectorAll("[data-step]")];
const back = form.querySelector("[data-back]");
const next = form.querySelector("[data-next]");
const check = form.querySelector("[data-check]");
const head = form.querySelector("[data-step-head]");
const error = form.querySelector("[data-step-error]");
const byStep = window.matchMedia("(max-width: 40rem)").matches && !form.dataset.refused;
const VIEWS = ["whole", "damage", "angle"];
let at = 0;

function chosen(name) {
  return form.querySelector(`[name="${name}"]:checked`)?.value ?? "";
}

function offer(input, allowed) {
  const choice = input.closest(".choice");
  choice.hidden = !allowed;
  if (!allowed) input.checked = false;
}

function narrow() {
  const received = chosen("received");
  for (const input of form.querySelectorAll("[name=service]")) {
    offer(input, received !== "no" || !options.services[input.value].needs_goods);
  }
  const service = chosen("service");
  for (const input of form.querySelectorAll("[name=reason]")) {
    const reason = options.reasons[input.value];
    const services = received === "yes" ? reason.received : received === "no" ? reason.not_received : [...reason.received, ...reason.not_received];
    offer(input, service ? services.includes(service) : services.length > 0);
  }
  const reason = options.reasons[chosen("reason")];
  labels(reason);
  if (reason) {
    const roles = reason.roles.length ? new Set([...VIEWS, ...reason.roles]) : new Set(["other"]);
    for (const want of form.querySelectorAll("[data-want]")) {
      want.hidden = !roles.has(want.dataset.want);
      const tag = want.querySelector(".tag");
      if (tag) tag.hidden = !reason.required.includes(want.dataset.want);
    }
  }
  let paid = 0;
  for (const item of form.querySelectorAll("[name=item]:checked")) {
    paid += Number(item.dataset.price || NaN) * Number(form.elements[`count.${item.value}`].value);
  }
  form.elements.amount.placeholder = paid > 0 ? (paid / 100).toFixed(2) : "";
}

function labels(reason) {
  const field = form.querySelector("[data-labels]");
  const select = field.querySelector("select");
  const kept = select.value;
  select.length = 1;
  for (const label of reason?.labels ?? []) select.add(new Option(label.title, label.key));
  select.value = [...select.options].some((one) => one.value === kept) ? kept : "";
  field.hidden = select.length === 1;
}

function fault(step) {
  if (step === "items" && !form.querySelector("[name=item]:checked")) return words.items;
  if (["received", "service", "reason"].includes(step) && !chosen(step)) return words.choose;
  if (step === "text" && options.reasons[chosen("reason")]?.text_required && !form.elements.text.value.trim()) return words.text;
  return "";
}

function show() {
  steps.forEach((step, place) => { step.hidden = place !== at; });
  back.hidden = at === 0;
  next.hidden = at === steps.length - 1;
  check.hidden = !next.hidden;
  head.querySelector("[data-step-name]").textContent = "";
  head.querySelector("[data-step-count]").textContent = words.count.replace("{at}", at + 1).replace("{of}", steps.length);
  error.textContent = "";
}

function go(by) {
  const wrong = by > 0 ? fault(steps[at].dataset.step) : "";
  if (wrong) {
    error.textContent = wrong;
    return;
  }
  at += by;
  show();
  steps[at].querySelector("input:not([type=hidden]), textarea, select")?.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

form.addEventListener("change", narrow);
narrow();
if (byStep) {
  head.hidden = false;
  back.addEventListener("click", () => go(-1));
  next.addEventListener("click", () => go(1));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.tagName === "INPUT" && at < steps.length - 1) {
      event.preventDefault();
      go(1);
    }
  });
  show();
}
