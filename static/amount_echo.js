// What was understood of an amount, beside the field while it is typed: <input data-amount>.
import { readCents, writeEuros } from "./french.js";

for (const input of document.querySelectorAll("input[data-amount]")) {
  const echo = document.createElement("output");
  echo.className = "echo";
  echo.htmlFor = input.id;
  input.parentElement.append(echo);
  const show = () => {
    const cents = readCents(input.value);
    echo.textContent = cents === null ? "" : `soit ${writeEuros(cents)}`;
  };
  input.addEventListener("input", show);
  show();
}
