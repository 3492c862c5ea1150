// A click anywhere in a row follows the link of its first cell, unless one was choosing text or pressing something else.
for (const body of document.querySelectorAll(".region tbody")) {
  body.addEventListener("click", (event) => {
    if (event.target.closest("a, button, input, select, label, summary") || String(window.getSelection())) return;
    const link = event.target.closest("tr")?.querySelector("th[scope=row] a[href]");
    if (!link) return;
    if (event.ctrlKey || event.metaKey) window.open(link.href);
    else link.click();
  });
}
