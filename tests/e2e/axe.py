"""Does a page keep WCAG 2.1 AA, as far as axe-core can tell?

The script is run through the browser's debugging channel, so that the page's strict content policy stays in force while
it is judged.
"""

import json
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")
_SCRIPT = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe-core finds wrong on the open page, by rule."""
    session = page.context.new_cdp_session(page)
    try:
        _evaluate(session, _SCRIPT + ";undefined")
        options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
        found = _evaluate(session, f"axe.run(document, {json.dumps(options)}).then(result => result.violations)")
    finally:
        session.detach()
    return list(found)


def _evaluate(session: Any, expression: str) -> Any:
    answer = session.send("Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True})
    if "exceptionDetails" in answer:
        raise RuntimeError(str(answer["exceptionDetails"]))
    return answer["result"].get("value")


def axe(page: Page) -> None:
    """Fail, naming each rule and element, when the open page has a violation."""
    found = violations(page)
    assert not found, "\n" + readable(page.url, found)


def readable(url: str, found: list[dict[str, Any]]) -> str:
    """The violations as a person reads them: rule, help, then each element with what is wrong with it."""
    lines = [f"axe: {len(found)} rule(s) broken on {url}"]
    for rule in found:
        lines.append(f"- {rule['id']} ({rule['impact']}): {rule['help']}")
        for node in rule["nodes"]:
            lines.append(f"    {' '.join(map(str, node['target']))}: {node['html'][:160]}")
            lines.extend(f"        {line.strip()}" for line in node["failureSummary"].splitlines()[1:])
    return "\n".join(lines)
