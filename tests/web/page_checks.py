"""What is wrong with a page? Each check names the defects of one kind that it finds in an HTML text.

A check is a function `Page -> defects`, in one tuple: adding one is one function and one line. What users typed stands
in elements with the attribute `data-verbatim`, whose text is not asked for French typography.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as MESSAGES

SVG = "{http://www.w3.org/2000/svg}"
TITLE_END = " – "
UNREAD = {"script", "style", "template", "code", "kbd", "pre", "samp", "textarea", f"{SVG}style"}
INLINE = {
    "a", "abbr", "b", "bdi", "cite", "del", "dfn", "em", "i", "ins", "mark", "output", "q", "s", "small", "span",
    "strong", "sub", "sup", "time", "u",
}  # fmt: skip
SPOKEN = ("alt", "aria-label", "placeholder", "title", "data-select-total")
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "headers", "list", "form")
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
VERBATIM = "\ufffc"

_NOT_PROSE = re.compile(r"https?://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b\d{1,2}:\d{2}(?::\d{2})?\b")
_NO_SPACE_BEFORE = re.compile(r"(?<![\n\u00a0\u202f;:!?»…])[;:!?»]")
_NO_SPACE_AFTER = re.compile(r"«(?![\u00a0\u202f])")
_MACHINE_WORDS = re.compile(
    r"\b(?:None|undefined|Undefined|NaN|True|False)\b|\w+\.\w+ object at 0x|\{\{|\}\}|Decimal\(|datetime\."
)


@dataclass(frozen=True)
class Page:
    """A parsed page: its root, the parser's complaints, each element's parent, and the elements in order."""

    root: Element
    complaints: tuple[str, ...]
    parents: dict[Element, Element]

    @property
    def elements(self) -> Iterator[Element]:
        """Every element (comments are left out)."""
        return (each for each in self.root.iter() if isinstance(each.tag, str))

    def named(self, *tags: str) -> list[Element]:
        """The elements with one of these tags, in document order."""
        return [each for each in self.elements if each.tag in tags]

    def within(self, element: Element, test: Callable[[Element], bool]) -> bool:
        """Whether the element or one of those around it passes the test."""
        current: Element | None = element
        while current is not None:
            if test(current):
                return True
            current = self.parents.get(current)
        return False


Check = Callable[[Page], Iterable[str]]


def defects(html: str) -> list[str]:
    """All the defects of a page, in the order of the checks; empty for a page that may be shown."""
    page = read_page(html)
    return [f"{check.__name__}: {defect}" for check in CHECKS for defect in check(page)]


def read_page(html: str) -> Page:
    """Parse as a browser does, keeping what it would forgive in silence."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(html)
    complaints = tuple(f"line {where[0]}: {MESSAGES[code] % data}" for where, code, data in parser.errors)
    return Page(root, complaints, {child: parent for parent in root.iter() for child in parent})


def words(element: Element) -> str:
    """The text inside an element, spaces made single (no-break ones kept)."""
    return re.sub(r"[ \t\r\n]+", " ", "".join(element.itertext())).strip(" ")


def name_of(element: Element) -> str:
    """How a defect points at an element: `<input name=amount>`."""
    shown = [f"{key}={element.get(key)}" for key in ("id", "name", "href", "class") if element.get(key)]
    return f"<{' '.join([str(element.tag).removeprefix(SVG), *shown[:2]])}>"


def prose(page: Page) -> str:
    """The visible French of a page: a line per block; users' words, addresses and hours stand as one sign."""
    parts: list[str] = []
    _tell(page.root, parts)
    spoken = [each.get(key, "") for each in page.elements if not _is_verbatim(page, each) for key in SPOKEN]
    text = re.sub(r"[ \t\r]+", " ", "".join(parts)) + "\n" + "\n".join(spoken)
    return _NOT_PROSE.sub(VERBATIM, re.sub(r" ?\n ?", "\n", text))


def _tell(element: Element, parts: list[str]) -> None:
    edge = "" if element.tag in INLINE else "\n"
    parts.append(edge)
    if element.get("data-verbatim") is not None or element.tag in UNREAD:
        parts.append(VERBATIM)
    elif isinstance(element.tag, str):
        parts.append((element.text or "").replace("\n", " "))
        for child in element:
            _tell(child, parts)
            parts.append((child.tail or "").replace("\n", " "))
    parts.append(edge)


def _is_verbatim(page: Page, element: Element) -> bool:
    return page.within(element, lambda each: each.get("data-verbatim") is not None)


def parse_error(page: Page) -> Iterable[str]:
    """HTML5 syntax."""
    return page.complaints


def language(page: Page) -> Iterable[str]:
    """The page says that it is in French."""
    html = page.named("html")[0]
    return [] if html.get("lang") == "fr" else [f"lang is {html.get('lang')!r}"]


def title_and_heading(page: Page) -> Iterable[str]:
    """One h1, equal to the beginning of the title."""
    headings, titles = page.named("h1"), page.named("title")
    if len(headings) != 1 or len(titles) != 1:
        return [f"{len(headings)} h1 and {len(titles)} title"]
    heading, title = words(headings[0]), words(titles[0])
    if not heading or (title != heading and not title.startswith(heading + TITLE_END)):
        return [f"title {title!r} does not begin with h1 {heading!r}"]
    return []


def heading_levels(page: Page) -> Iterable[str]:
    """No level is skipped on the way down."""
    previous = 0
    for heading in page.named("h1", "h2", "h3", "h4", "h5", "h6"):
        level = int(str(heading.tag)[1])
        if level > previous + 1:
            yield f"h{level} {words(heading)!r} after h{previous}"
        if not words(heading):
            yield f"empty h{level}"
        previous = level


def unique_ids(page: Page) -> Iterable[str]:
    """An id names one element."""
    counts = Counter(each.get("id") for each in page.elements if each.get("id") is not None)
    return [f"{name!r} is used {count} times" for name, count in counts.items() if count > 1]


def references(page: Page) -> Iterable[str]:
    """What an attribute or a link inside the page points at exists."""
    known = {each.get("id") for each in page.elements}
    for each in page.elements:
        targets = [target for key in REFERENCES for target in (each.get(key) or "").split()]
        href = each.get("href") or ""
        targets += [href[1:]] if each.tag == "a" and href.startswith("#") else []
        yield from (f"{name_of(each)} points at {target!r}" for target in targets if target not in known)


def labels(page: Page) -> Iterable[str]:
    """Every field has a label in words."""
    labelled = {each.get("for") for each in page.named("label") if words(each)}
    for each in page.named("input", "select", "textarea"):
        if each.tag == "input" and each.get("type") in UNLABELLED:
            continue
        wrapped = page.within(each, lambda around: around.tag == "label" and bool(words(around)))
        spoken = (each.get("aria-label") or "").strip() or each.get("aria-labelledby")
        if not (wrapped or spoken or each.get("id") in labelled):
            yield f"{name_of(each)} has no label"


def link_and_button_words(page: Page) -> Iterable[str]:
    """A link and a button say what they do."""
    for each in page.named("a", "button", "summary"):
        if not words(each) and not (each.get("aria-label") or "").strip():
            yield f"{name_of(each)} has no words"


def drawings(page: Page) -> Iterable[str]:
    """An image or a drawing has a text, or says that it is decoration."""
    for each in page.named("img"):
        if each.get("alt") is None:
            yield f"{name_of(each)} has no alt"
    for each in page.named(f"{SVG}svg"):
        title = each.find(f"{SVG}title")
        titled = title is not None and bool(words(title))
        spoken = each.get("role") == "img" and (titled or each.get("aria-label") or each.get("aria-labelledby"))
        if each.get("aria-hidden") != "true" and not spoken:
            yield f"{name_of(each)} has neither role=img with a title nor aria-hidden"


def inline_code(page: Page) -> Iterable[str]:
    """Nothing that the content policy would block."""
    for each in page.elements:
        if each.tag in ("style", f"{SVG}style") or (each.tag in ("script", f"{SVG}script") and not each.get("src")):
            yield f"inline {name_of(each)}"
        for key, value in each.attrib.items():
            if str(key) == "style" or str(key).startswith("on") or value.strip().lower().startswith("javascript:"):
                yield f"{name_of(each)} carries {key}"


def forgery_tokens(page: Page) -> Iterable[str]:
    """A form that changes something carries its token."""
    for form in page.named("form"):
        if (form.get("method") or "get").lower() == "post":
            tokens = [each for each in form.iter("input") if each.get("name") == "csrf_token" and each.get("value")]
            if len(tokens) != 1:
                yield f"{name_of(form)} action={form.get('action')} has {len(tokens)} tokens"


def table_heads(page: Page) -> Iterable[str]:
    """A table has a caption and headings."""
    for table in page.named("table"):
        caption = table.find("caption")
        if caption is None or not words(caption):
            yield f"{name_of(table)} has no caption"
        if not any(True for _ in table.iter("th")):
            yield f"{name_of(table)} has no heading"


def typography(page: Page) -> Iterable[str]:
    """French apostrophes, guillemets and no-break spaces."""
    text = prose(page)
    yield from (f"straight {found[1]} in {_around(text, found)}" for found in re.finditer("(['\"])", text))
    yield from (f"no-break space missing in {_around(text, found)}" for found in _NO_SPACE_BEFORE.finditer(text))
    yield from (f"no-break space missing in {_around(text, found)}" for found in _NO_SPACE_AFTER.finditer(text))


def machine_words(page: Page) -> Iterable[str]:
    """No word of the program on the page."""
    text = prose(page)
    return [f"{found[0]!r} in {_around(text, found)}" for found in _MACHINE_WORDS.finditer(text)]


def _around(text: str, found: re.Match[str]) -> str:
    return repr(text[max(0, found.start() - 25) : found.end() + 25].strip())


CHECKS: tuple[Check, ...] = (
    parse_error,
    language,
    title_and_heading,
    heading_levels,
    unique_ids,
    references,
    labels,
    link_and_button_words,
    drawings,
    inline_code,
    forgery_tokens,
    table_heads,
    typography,
    machine_words,
)
