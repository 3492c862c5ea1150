// How many rows are chosen and what they are worth: boxes [data-select] (data-worth="1250.00") inside a form, [data-select-all] in the
// head, [data-select-total="engagements"] where it is said.
import { readCents, writeEuros } from "./french.js";

function follow(form) {
  const boxes = [...form.querySelectorAll("[data-select]")];
  const all = form.querySelector("[data-select-all]");
  const said = form.querySelector("[data-select-total]");
  const tell = () => {
    const chosen = boxes.filter((box) => box.checked);
    const cents = chosen.reduce((sum, box) => sum + (readCents(box.dataset.worth || "0") ?? 0n), 0n);
    if (all) {
      all.checked = chosen.length === boxes.length && boxes.length > 0;
      all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
    if (!said) return;
    const plural = chosen.length > 1 ? "s" : "";
    const worth = boxes.some((box) => box.dataset.worth) ? `\u202f: ${writeEuros(cents)}` : "";
    const noun = chosen.length > 1 ? said.dataset.selectTotal : said.dataset.selectTotal.replace(/s$/, "");
    said.textContent = chosen.length ? `${chosen.length} ${noun} choisi${plural}${worth}` : "";
  };
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      tell();
    });
  }
  form.addEventListener("change", tell);
  tell();
}

new Set([...document.querySelectorAll("[data-select]")].map((box) => box.form)).forEach((form) => form && follow(form));
