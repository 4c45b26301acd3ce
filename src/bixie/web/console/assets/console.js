// A reviewer's page of a case: reasons that fit the outcome.
const form = document.querySelector("[data-decision]");
if (form) {
  const fit = () => {
    const kind = form.elements.kind.value;
    const amount = form.elements.amount.closest(".field");
    amount.hidden = Boolean(kind) && !["refund", "return_refund"].includes(kind);
    for (const pieces of form.querySelectorAll("[name=items]")) pieces.closest(".field").hidden = ["refuse", "stands"].includes(kind);
    for (const choice of form.querySelectorAll("[data-outcomes]")) {
      const fits = !kind || kind === "stands" || choice.dataset.outcomes.split(" ").includes(kind);
      choice.hidden = !fits;
      if (!fits) choice.querySelector("input").checked = false;
    }
  };
  form.addEventListener("change", fit);
  fit();
}
