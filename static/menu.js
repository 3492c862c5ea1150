// The side menu: folded at once where the screen is narrow, else as it was left on this computer. Without JavaScript it is open.
const menu = document.querySelector("[data-menu]");
const KEPT = "menu-folded";

if (menu) {
  const narrow = window.matchMedia("(max-width: 52rem)").matches;
  try {
    menu.open = !narrow && localStorage.getItem(KEPT) !== "1";
    menu.addEventListener("toggle", () => {
      if (!narrow) localStorage.setItem(KEPT, menu.open ? "0" : "1");
    });
  } catch {
    menu.open = !narrow; // storage refused: nothing is remembered
  }
}
