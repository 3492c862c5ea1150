"""Which field does a heading name?

Compared without case, accents, kind of apostrophe, doubled spaces, brackets and punctuation, by code, by title and by usual
variants. « Attributaire » is who gives for some authors and who receives for others: it is decided by what the other
columns name, and left open where they do not tell. An amount told in thousands is left open too: read as euros it would be
wrong in silence.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from conference.domain.importing.field import PEOPLE
from conference.domain.importing.fields import FIELDS, Field, Target, template_fields

_GIVER = {Field.FUNDER_NAME: Field.BENEFICIARY_NAME, Field.FUNDER_SIRET: Field.BENEFICIARY_SIRET}
_ATTRIBUTAIRE = {
    "name": (Field.FUNDER_NAME, Field.BENEFICIARY_NAME),
    "siret": (Field.FUNDER_SIRET, Field.BENEFICIARY_SIRET),
}
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_WORDS = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ODD_UNIT = re.compile(
    r"\b[km]\s?(?:€|eur)|\bmilliers?\b|\bmillions?\b|\bmilliards?\b|\bfrancs?\b|\bxpf\b|\bdollars?\b|[$£]"
)
_TITLE_UNIT = re.compile(r"(?:\ben\s+|\bunité\s*:?\s*|\()(?:[km]\s?(?:€|eur)|milliers?\b|millions?\b|francs?\b)")
_SMALL = frozenset({"de", "du", "des", "la", "le", "les", "l", "d", "en", "a"})


@lru_cache(maxsize=4096)
def plain(heading: str) -> str:
    """`heading` as headings are compared: « N° SIRET de l’attribuant (14 chiffres) » → "n siret attribuant"."""
    text = _BRACKETS.sub(" ", heading).replace("°", " ").replace("œ", "oe").replace("Œ", "oe").replace("º", " ")
    text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    words = [word for word in _WORDS.split(text.casefold()) if word]
    kept = [word for word in words if word not in _SMALL] or words
    return " ".join(kept)


def _squeezed(heading: str) -> str:
    """Codes are compared without their spaces: `date_convention`, `DateConvention` and `dateconvention` are one."""
    return plain(heading).replace(" ", "")


def _names() -> dict[Target, dict[str, Field]]:
    found: dict[Target, dict[str, Field]] = {target: {} for target in Target}
    for facts in FIELDS:
        told = (facts.label, *facts.titles, *facts.aliases, *([facts.code] if facts.code else []))
        for target in facts.targets:
            for name in told:
                found[target].setdefault(_squeezed(name), facts.field)
    return found


_NAMES = _names()
_CODES = {_squeezed(facts.code): facts.field for facts in FIELDS if facts.code}
_TITLES = {_squeezed(title): facts.field for facts in FIELDS for title in facts.titles}


def name_columns(headings: Sequence[str], target: Target) -> tuple[Field | None, ...]:
    """The field that each heading names, None where it names none or where two headings name the same."""
    found = [_NAMES[target].get(_squeezed(heading)) for heading in headings]
    found = [None if f is Field.AMOUNT and has_odd_unit(h) else f for h, f in zip(headings, found, strict=True)]
    if target is Target.COMMITMENTS:
        _settle_attributaire(headings, found)
    return tuple(None if field is not None and found.count(field) > 1 else field for field in found)


def has_odd_unit(heading: str) -> bool:
    """Does a heading say that its amounts are not in euros: thousands, millions, another money?"""
    return bool(_ODD_UNIT.search(" ".join(heading.casefold().split())))


def tells_odd_unit(title: str) -> bool:
    """Does a line above the headings say so (« Montants en milliers d’euros »)?"""
    return bool(_TITLE_UNIT.search(" ".join(title.casefold().split())))


def repeated_fields(headings: Sequence[str], target: Target) -> tuple[Field, ...]:
    """Fields that several headings name."""
    found = [field for heading in headings if (field := _NAMES[target].get(_squeezed(heading))) is not None]
    return tuple(sorted({field for field in found if found.count(field) > 1}))


def scdl_count(headings: Sequence[str]) -> int:
    """How many headings are codes or titles of the SCDL schema."""
    return sum(1 for heading in headings if (each := _squeezed(heading)) in _CODES or each in _TITLES)


def template_target(headings: Sequence[str]) -> Target | None:
    """The sheet of the template whose headings these are: all of its required ones, under their very labels."""
    named = {_squeezed(heading) for heading in headings}
    for target in Target:
        fields = template_fields(target)
        required = {_squeezed(facts.label) for facts in fields if facts.required}
        known = len(named & {_squeezed(facts.label) for facts in fields})
        if required <= named and (target in PEOPLE or known >= len(required) + 1):
            return target
    return None


def _settle_attributaire(headings: Sequence[str], found: list[Field | None]) -> None:
    """Who gives where someone else receives, who receives where someone else gives."""
    open_columns = {}
    for i, heading in enumerate(headings):
        words = plain(heading).split()
        if found[i] is None and "attributaire" in words:
            kind = "siret" if {"siret", "identification", "id"} & set(words) else "name"
            open_columns[i] = kind
    if not open_columns:
        return
    given = any(field in _GIVER for field in found)
    received = any(field in _GIVER.values() for field in found)
    if given == received:
        return
    for i, kind in open_columns.items():
        found[i] = _ATTRIBUTAIRE[kind][1 if given else 0]
