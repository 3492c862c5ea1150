// Keys: "/" goes to the search, "n" opens the page of creation, Ctrl+Enter sends the form one is in. The single letters are silent in
// fields and can be turned off on the page Aide (WCAG 2.1.4): [data-shortcuts] holds the box.
const OFF = "shortcuts-off";

function remembered() {
  try {
    return localStorage.getItem(OFF) !== "1";
  } catch {
    return true; // storage refused by the browser: the shortcuts simply work
  }
}

function remember(on) {
  try {
    localStorage.setItem(OFF, on ? "0" : "1");
  } catch {
    // nothing to keep it in: the choice lasts as long as the page
  }
}

let on = remembered();

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.form?.requestSubmit();
    return;
  }
  const field = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  if (!on || field || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input")) target.focus();
  else target.click();
});

for (const place of document.querySelectorAll("[data-shortcuts]")) {
  const box = place.querySelector("input");
  place.hidden = false;
  box.checked = on;
  box.addEventListener("change", () => {
    on = box.checked;
    remember(on);
  });
}
