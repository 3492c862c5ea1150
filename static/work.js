// How far a file is: [data-work] holds [data-told] and a <progress>, told again each second until the page is another one. Without
// JavaScript the page reloads itself.
const work = document.querySelector("[data-work]");

async function follow() {
  let next = null;
  try {
    const answer = await fetch(location.href, { redirect: "manual", headers: { Accept: "text/html" } });
    if (answer.type === "opaqueredirect" || !answer.ok) return location.reload();
    next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-work]");
    if (!next || next.querySelector("label").textContent !== work.querySelector("label").textContent) return location.reload();
  } catch {
    // The network fails for a while: ask again.
  }
  if (next) tell(next);
  setTimeout(follow, 1000);
}

function tell(next) {
  work.querySelector("[data-told]").textContent = next.querySelector("[data-told]").textContent;
  const value = next.querySelector("progress").getAttribute("value");
  if (value !== null) work.querySelector("progress").value = Number(value);
}

if (work) setTimeout(follow, 1000);
