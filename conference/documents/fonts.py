"""Which type do documents and charts use, and what happens to a character that it lacks?

One family, Source Sans 3 (SIL OFL), in two weights, the same on screen and on paper. ReportLab's paragraphs take the
narrow no-break space (U+202F) for an ordinary space and break amounts on it: inside a paragraph it travels as a
private character with the same glyph, and the font gives it back as U+202F in the text that readers copy and search.
A character missing from the font becomes a visible white square, never an error and never a silent hole.
"""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportlab.lib.rl_accel import escapePDF
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "SourceSans3"
STRONG = "SourceSans3-SemiBold"
FAMILY = "Source Sans 3"
FOLDER = Path(__file__).resolve().parents[2] / "static" / "fonts"
NARROW = 0x202F
UNBROKEN = 0xE02F
MISSING = "□"
_ESCAPED = tuple(str(escapePDF(bytes([code]))) for code in range(256))


class DocumentFont(TTFont):
    """A TrueType font that knows a private twin of U+202F and restores it in the text layer."""

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(name, str(path))
        self.face.charToGlyph[UNBROKEN] = self.face.charToGlyph[NARROW]
        self.face.charWidths[UNBROKEN] = self.face.charWidths[NARROW]

        self._widths = {chr(code): width for code, width in self.face.charWidths.items()}
        self._units = lru_cache(4096)(self._counted)

    def stringWidth(self, text: str | bytes, size: float, encoding: str = "utf8") -> float:
        """Points; a word is counted once, since documents say the same ones."""
        return 0.001 * size * self._units(text if isinstance(text, str) else text.decode(encoding))

    def _counted(self, text: str) -> float:
        widths, unknown = self._widths, self.face.defaultWidth
        return sum([widths.get(character, unknown) for character in text])

    def splitString(self, text: str | bytes, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:
        """As ReportLab's, at once where the document's first subset holds every character already."""
        known = self._known(doc)
        try:
            codes = [known[character] for character in text]
        except KeyError:
            parts: list[tuple[int, bytes]] = super().splitString(text, doc, encoding)
            if isinstance(text, str) and len(parts) == 1 and parts[0][0] == 0:
                known.update(zip(text, parts[0][1], strict=True))
            return parts
        return [(0, bytes(codes))] if codes else []

    def operand(self, text: str, canvas: Any) -> str | None:
        """`text` as what an operator shows in the document of `canvas`; None when empty, or not held by one subset."""
        parts = self.splitString(text, canvas._doc)
        if len(parts) != 1 or parts[0][0] != 0:
            return None
        return "".join([_ESCAPED[code] for code in parts[0][1]])

    def _known(self, doc: Any) -> dict[Any, int]:
        """Codes of characters in the first subset that the document has of this font."""
        known: dict[Any, int] = self._assignState(doc).__dict__.setdefault("known", {})
        return known

    def addObjects(self, doc: Any) -> None:
        for subset in self.state[doc].subsets:
            subset[:] = [NARROW if code == UNBROKEN else code for code in subset]
        super().addObjects(doc)


def _register() -> None:
    for name, file in ((REGULAR, "SourceSans3-Regular.ttf"), (STRONG, "SourceSans3-SemiBold.ttf")):
        pdfmetrics.registerFont(DocumentFont(name, FOLDER / file))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=STRONG, italic=REGULAR, boldItalic=STRONG)


_register()
_KNOWN = frozenset(pdfmetrics.getFont(REGULAR).face.charToGlyph) - {UNBROKEN, 0}
_SHOWN = frozenset(map(chr, _KNOWN)) - frozenset("\n\r\t\v\f\u2028\u2029")
"""Characters that are printed as they are."""


def printable(text: str) -> str:
    """`text` on one line, composed (NFC), with each character that the font lacks shown as a white square."""
    composed = unicodedata.normalize("NFC", text)
    return composed if _SHOWN.issuperset(composed) else "".join(map(_shown, composed))


def _shown(character: str) -> str:
    if character in "\n\r\t\v\f\u2028\u2029":
        return " "
    if ord(character) in _KNOWN:
        return character
    invisible = unicodedata.category(character) in ("Cc", "Cf") or "\ufe00" <= character <= "\ufe0f"
    return "" if invisible else MISSING


def unbroken(text: str) -> str:
    """`text` for a paragraph: its narrow no-break spaces are kept from being taken for places to break a line."""
    return text.replace(chr(NARROW), chr(UNBROKEN))


def text_width(text: str, size: float, *, strong: bool = False) -> float:
    """Width of `text` in points at `size` points."""
    return float(pdfmetrics.stringWidth(text, STRONG if strong else REGULAR, size))
