"""Which cases does a text in JSON hold?

JSON as Python reads it lets things pass that make a case doubtful: a key written twice (the last one wins in
silence), `NaN`, numbers as binary floats. Here numbers stay as they were written, and what is doubtful reaches
`read_case`, which names the case and the field.
"""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation

from conference.domain.case import Case
from conference.domain.case_fields import Doubled
from conference.domain.case_reading import read_case
from conference.domain.french import typeset

_LONGEST_INTEGER = 40


class TextError(ValueError):
    """A text is no JSON. `str(error)` is the whole French sentence."""


def read_cases(text: str) -> Case | list[Case]:
    """The case that an object holds, or the cases of a list, in order. Raises TextError for a text that is no JSON,
    CaseError for a case that makes no sense."""
    raw = parsed(text)
    if isinstance(raw, list):
        return [read_case(each, number) for number, each in enumerate(raw, start=1)]
    if isinstance(raw, dict):
        return read_case(raw, 1)
    raise TextError(typeset("Le texte ne contient pas de cas. Écrivez un cas { … } ou une liste de cas [ { … }, … ]."))


def parsed(text: str) -> object:
    """The JSON document, with each number as it was written. Raises TextError."""
    try:
        return json.loads(
            text, parse_int=_number, parse_float=_number, parse_constant=Decimal, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        where = f"ligne {error.lineno}, colonne {error.colno}"
        raise TextError(
            typeset(f"Le texte n’est pas du JSON : {where}, {_found(text, error)}. Corrigez-le à cet endroit.")
        ) from None
    except RecursionError:
        raise TextError(
            "Le texte contient trop de listes ou d’objets les uns dans les autres. Simplifiez-le."
        ) from None


def _found(text: str, error: json.JSONDecodeError) -> str:
    """What stands there, in words that need no knowledge of the parser."""
    rest = text[error.pos : error.pos + 1]
    if not rest:
        return "le texte s’arrête trop tôt"
    if error.msg.startswith("Unterminated string"):
        return "un guillemet s’ouvre et ne se ferme pas"
    if error.msg.startswith("Extra data"):
        return "le document est fini mais le texte continue"
    if error.msg.startswith("Invalid control character"):
        return "un texte contient un retour à la ligne ou un caractère invisible"
    return f"« {rest if rest.isprintable() else '…'} » ne peut pas se trouver là"


def _number(text: str) -> int | Decimal:
    """The number as written. One beyond any computer is infinite, and refused as such."""
    if text.lstrip("-").isdigit() and len(text) <= _LONGEST_INTEGER:
        return int(text)
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("Infinity")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            return Doubled(pairs, key)
        found[key] = value
    return found
