// How far a file is: [data-work] holds [data-told] and a <progress>, told again each second until the page is another one. Without
// JavaScript the page reloads itself.
const work = document.querySelector("[data-work]");

async function follow() {
  let next = null;
  try {
    const answer = await fetch(location.href, { redirect: "manual", headers: { Accept: "text/html" } });
    if (answer.type === "opaqueredirect" || !answer.ok) return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.title !== document.title) return location.reload();
    next = page.querySelector("[data-work]");
  } catch {
    // The network fails for a while: ask again.
  }
  if (next) tell(next);
  setTimeout(follow, 1000);
}

function tell(next) {
  for (const name of ["[data-part]", "[data-told]"]) work.querySelector(name).textContent = next.querySelector(name).textContent;
  const value = next.querySelector("progress").getAttribute("value");
  if (value !== null) work.querySelector("progress").value = Number(value);
}

if (work) setTimeout(follow, 1000);
