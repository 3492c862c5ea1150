"""What does a cell of the template accept?

The rules of the import, said where the mistake is made: what it refuses is refused by the cell, what it would only warn of
is asked about. Excel keeps 32 characters of a title and 255 of a message.
"""

from datetime import date
from typing import Any

from conference.documents.template_people import KINDS
from conference.domain.french import typeset
from conference.domain.importing.fields import Field, FieldFacts, ValueKind
from conference.domain.importing.people_rows import LENGTHS as _LENGTHS
from conference.domain.importing.rows import LENGTHS

_FIRST_DAY, _LAST_DAY = date(1950, 1, 1), date(2100, 12, 31)
_LONGEST_ITEM = 200
_MOST_PERSONS = 9_999_999
_LONGEST_TITLE = 32


def rule_of(facts: FieldFacts, column: str, values: str | None) -> dict[str, Any]:
    """The validation of a column, as XlsxWriter takes it. `column`: its letter; `values`: the range of its list."""
    rule = {"ignore_blank": True, **_accepted(facts, column, values)}
    for name in ("error_message", "input_message"):
        if name in rule:
            rule[name] = typeset(rule[name])
    return rule


def _accepted(facts: FieldFacts, column: str, values: str | None) -> dict[str, Any]:
    told = _input(facts)
    if values is not None:
        return {**_listed(facts, values), **told}
    if facts.kind is ValueKind.YES_NO:
        return {**_yes_no(), **told}
    if facts.kind is ValueKind.NUMBER:
        return {**_number(), **told}
    if facts.field in _LENGTHS:
        return {**_text(_LENGTHS[facts.field]), **told}
    if facts.kind is ValueKind.AMOUNT:
        return {**_amount(column), **told}
    if facts.kind is ValueKind.DAY:
        return {**_day(), **told}
    if facts.kind is ValueKind.SIRET:
        return {**_siret(column), **told}
    if facts.kind is ValueKind.COUNT:
        return {**(_count() if facts.field is Field.PERSONS else _whole()), **told}
    return {**_text(LENGTHS.get(facts.field, _LONGEST_ITEM)), **told}


def _input(facts: FieldFacts) -> dict[str, Any]:
    """The hint shown when the cell is chosen; none where the heading says it all."""
    if not facts.hint:
        return {}
    return {"input_title": facts.label[:_LONGEST_TITLE], "input_message": facts.hint}


def _listed(facts: FieldFacts, values: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"validate": "list", "source": values}
    if facts.field is Field.ENTRY_KIND:
        message = "Ce type d’écriture n’est pas connu. Choisissez-le dans la liste. Une case vide est un paiement."
        return {**rule, "error_title": "Type inconnu", "error_message": message}
    if facts.field in KINDS:
        message = "Cette valeur n’est pas dans la liste : la ligne serait refusée. Choisissez-la dans la liste."
        return {**rule, "error_title": "Hors de la liste", "error_message": message}
    if facts.kind is not ValueKind.ITEM:  # a name that is suggested: any other is as good
        return {**rule, "show_error": False}
    message = "Cette valeur n’est pas dans la liste en vigueur. Gardez-la seulement si elle l’a été."
    return {**rule, "error_type": "warning", "error_title": "Hors de la liste", "error_message": message}


def _amount(column: str) -> dict[str, Any]:
    cell = f"{column}2"
    return {
        "validate": "custom",
        "value": f"=AND(ISNUMBER({cell}),{cell}>0,ROUND({cell},2)={cell})",
        "error_title": "Montant à revoir",
        "error_message": "Écrivez un montant en euros, supérieur à zéro, avec deux décimales au plus. Exemple : 1250,00.",
    }


def _day() -> dict[str, Any]:
    return {
        "validate": "date",
        "criteria": "between",
        "minimum": _FIRST_DAY,
        "maximum": _LAST_DAY,
        "error_title": "Date à revoir",
        "error_message": "Écrivez une date de 1950 à 2100, avec son jour et son mois. Exemple : 14/05/2026.",
    }


def _siret(column: str) -> dict[str, Any]:
    digits = f'SUBSTITUTE({column}2," ","")'
    return {
        "validate": "custom",
        "value": f"=AND(LEN({digits})=14,ISNUMBER(VALUE({digits})))",
        "error_type": "warning",
        "error_title": "SIRET à vérifier",
        "error_message": "Un SIRET compte 14 chiffres. Sans eux, le SIRET n’est pas repris ; la ligne est gardée.",
    }


def _count() -> dict[str, Any]:
    return {
        "validate": "integer",
        "criteria": "between",
        "minimum": 1,
        "maximum": _MOST_PERSONS,
        "error_type": "warning",
        "error_title": "Nombre à vérifier",
        "error_message": "Écrivez un nombre entier de personnes, au moins 1. Sans lui, le nombre n’est pas repris.",
    }


def _whole() -> dict[str, Any]:
    return {
        "validate": "integer",
        "criteria": "between",
        "minimum": 1,
        "maximum": 100_000,
        "error_type": "warning",
        "error_title": "Nombre à vérifier",
        "error_message": "Écrivez un nombre entier, au moins 1. Sinon, ce nombre n’est pas repris.",
    }


def _number() -> dict[str, Any]:
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": 0.5,
        "maximum": 60,
        "error_title": "Nombre à revoir",
        "error_message": "Écrivez un nombre d’heures par semaine, 60 au plus. Exemple : 35 ou 17,5.",
    }


def _yes_no() -> dict[str, Any]:
    return {
        "validate": "list",
        "source": ["oui", "non"],
        "error_type": "warning",
        "error_title": "Oui ou non",
        "error_message": "Écrivez oui ou non, ou laissez la case vide. Une autre réponse n’est pas reprise.",
    }


def _text(longest: int) -> dict[str, Any]:
    return {
        "validate": "length",
        "criteria": "<=",
        "value": longest,
        "error_type": "warning",
        "error_title": "Texte trop long",
        "error_message": f"L’outil garde {longest} caractères : la fin de ce texte ne sera pas reprise.",
    }
