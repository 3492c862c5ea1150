"""What do the words in braces of an article stand for, and what does it say once they are filled?

An article keeps `{premier_jour}` in its text, so that a date that changes is changed once. Doubled braces are one brace. A
variable whose value is not known yet is filled with « [à compléter : …] », which nobody can take for the text itself, and
`missing` tells it. Those that begin with `clause_` are a sentence of their own: nothing, where there is nothing to say.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from conference.domain.convention import PartyRole
from conference.domain.convention_facts import ActionFacts, ConventionFacts, PartyFacts, total_of
from conference.domain.convention_words import (
    EVERYBODY,
    EVERYWHERE,
    ROLES,
    daily,
    instalment,
    lasting,
    listed,
    percent,
    tiers,
)
from conference.domain.french import NARROW, NBSP, format_date, format_euros, format_number, typeset

VARIABLES: Mapping[str, str] = {
    "titre": "intitulé de la convention",
    "numero": "numéro de la convention",
    "conference": "nom de la conférence des financeurs",
    "region": "nom de la région",
    "lieu": "lieu de la signature",
    "decision": "délibération ou décision qui autorise la convention",
    "clause_decision": "visa de cette délibération, s’il y en a une",
    "exemplaires": "nombre d’exemplaires originaux, un par partie",
    "parties": "noms de toutes les parties",
    "financeurs": "noms des parties qui financent",
    "beneficiaire": "nom de qui reçoit les fonds",
    "gestionnaire": "nom de la partie qui gère les fonds pour les autres",
    "engagements": "engagements propres à chaque partie, en une liste",
    "premier_jour": "premier jour de la convention",
    "dernier_jour": "dernier jour de la convention",
    "duree": "durée de la convention",
    "annees": "années du plan de financement",
    "montant_total": "total du plan de financement",
    "financement": "ce que chaque partie apporte, en une liste",
    "plafond": "plafond des engagements",
    "clause_plafond": "phrase qui rappelle le plafond, s’il y en a un",
    "echeancier": "versements prévus, en une liste",
    "conditions_de_versement": "conditions du versement",
    "actions": "actions de formation concernées, en une liste",
    "payeur": "nom de la partie qui verse la rémunération",
    "revenu": "nature de la rémunération versée",
    "montant_par_jour": "montant de chaque jour rémunéré",
    "public": "public concerné",
    "territoire": "territoire concerné",
    "constat": "ce que les parties ont constaté, avec les chiffres du besoin quand ils peuvent être écrits",
    "personnes": "nombre de personnes du besoin constaté",
    "jours": "nombre de jours sans revenu du besoin constaté",
    "besoin": "montant du besoin constaté",
    "prix": "prix auquel le bonus et le malus s’appliquent",
    "paliers": "paliers du bonus et du malus, en une liste",
    "avenant": "numéro de l’avenant",
    "convention_modifiee": "numéro et intitulé de la convention que l’avenant modifie",
    "modifications": "ce que l’avenant modifie",
}
"""Each variable with what it is in French; the only ones that a text may hold."""

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_BLANK = re.compile(r"[ \t]*\n(?:[ \t]*\n)+")
_MARK = "[à compléter"


def variables_of(facts: ConventionFacts) -> Mapping[str, str]:
    """Every variable with its value, ready to stand in the text of a version."""
    known = {name: maker(facts) for name, maker in _MAKERS.items()}
    return {name: known[name] if known[name] is not None else to_fill(told) for name, told in VARIABLES.items()}  # type: ignore[misc]


def missing(facts: ConventionFacts) -> tuple[str, ...]:
    """The variables that the articles of the version hold and whose value is not known, whole; in the order of VARIABLES."""
    used = {name for article in facts.articles for name in (*names_in(article.title), *names_in(article.text))}
    values = variables_of(facts)
    return tuple(name for name in VARIABLES if name in used and _MARK in values[name])


def filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with its variables replaced; a name that `values` does not know is left in its braces."""

    def value(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        return values.get(found[1] or "", found[0])

    return _BLANK.sub("\n\n", _BRACES.sub(value, text)).strip()


def names_in(text: str) -> tuple[str, ...]:
    """The names in single braces, each once, in order; a brace that stands alone is told as itself."""
    found = (each for each in _BRACES.finditer(text) if each[0] not in ("{{", "}}"))
    return tuple(dict.fromkeys(each[0] if each[1] is None else each[1] for each in found))


def unknown_variables(text: str) -> tuple[str, ...]:
    """What stands in braces and is no variable, in order: a text that holds any cannot be signed."""
    return tuple(name for name in names_in(text) if name not in VARIABLES)


def to_fill(told: str) -> str:
    """What stands for a value that is not known yet."""
    return f"{_MARK}\u202f: {told}]"


def items(lines: Iterable[str]) -> str:
    """Paragraphs of a list, each after a dash, the last one closed by a full stop."""
    kept = [line.strip().rstrip(" \u202f;.") for line in lines]
    return "\n\n".join(
        f"–{NBSP}{line}{'.' if place == len(kept) else NARROW + ';'}" for place, line in enumerate(kept, 1)
    )


def _names(role: PartyRole | None = None) -> Callable[[ConventionFacts], str | None]:
    def names(facts: ConventionFacts) -> str | None:
        return listed([each.name for each in facts.parties if role in (None, each.role)]) or None

    return names


def _decision(facts: ConventionFacts) -> str:
    """The decision as a visa names it: « la délibération … », whatever the capital and the article that were typed."""
    told = facts.decision_reference.strip().rstrip(" .,;\u202f")
    lowered = told[:1].lower() + told[1:]
    if lowered.startswith(("la ", "le ", "les ", "l’", "l'")):
        return lowered
    if lowered.startswith(("délibération", "décision", "convention")):
        return f"la {lowered}"
    if lowered.startswith(("arrêté", "acte", "avis")):
        return f"l’{lowered}"
    return f"l’acte de référence suivant{NARROW}: {told}" if told else ""


def _beneficiary(facts: ConventionFacts) -> str | None:
    return facts.beneficiary or _names(PartyRole.BENEFICIARY)(facts)


def _duties(facts: ConventionFacts) -> str | None:
    return "\n\n".join(_duties_of(each) for each in facts.parties) or None


def _duties_of(party: PartyFacts) -> str:
    head = f"{party.name}, {ROLES[party.role]}, s’engage à\u202f:"
    duties = [_lowered(typeset(duty)) for duty in party.duties]
    return f"{head}\n\n{items(duties or [to_fill(f'engagements de {party.name}')])}"


def _lowered(text: str) -> str:
    """A capital of the first word goes in a list, not that of an acronym."""
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def _duration(facts: ConventionFacts) -> str | None:
    return lasting(facts.first, facts.last) if facts.first and facts.last else None


def _funding(facts: ConventionFacts) -> str | None:
    if not facts.shares:
        return None
    sums = ((each.name, total_of(facts.shares, organisation_id=each.organisation_id)) for each in facts.parties)
    return items(f"{name}\u202f: {format_euros(amount)}{_part(amount, facts.total)}" for name, amount in sums if amount)


def _part(amount: Decimal, total: Decimal) -> str:
    part = (amount * 100 / total).quantize(Decimal("0.01"))
    return f", soit {percent(part)} du total" if part * total == amount * 100 else ""


def _ceiling_clause(facts: ConventionFacts) -> str:
    if facts.ceiling is None:
        return ""
    most = format_euros(facts.ceiling)
    return f"Les engagements pris au titre de la présente convention ne peuvent excéder ensemble {most}."


def _schedule(facts: ConventionFacts) -> str | None:
    return items(instalment(line, facts.parties) for line in facts.instalments) or None


def _actions(facts: ConventionFacts) -> str | None:
    return items(_action(each) for each in facts.actions) or None


def _action(action: ActionFacts) -> str:
    parts = [
        f"«\u202f{action.title}\u202f»",
        f"conduite par {action.provider}" if action.provider else "",
        f"du {format_date(action.first)} au {format_date(action.last)}",
        f"{format_number(action.hours)} heures" if action.hours else "",
        f"{format_number(action.places)} places" if action.places else "",
    ]
    return ", ".join(filter(None, parts))


def _finding(facts: ConventionFacts) -> str:
    if facts.persons is None or facts.days is None or facts.need is None:
        return (
            "que des personnes engagées dans une formation voient s’achever, avant la fin de celle-ci, le revenu dont elles "
            "disposaient, sans qu’aucun autre ne prenne le relais"
        )
    return (
        f"que les parcours suivis en commun font apparaître {format_number(facts.persons)} personnes sans revenu pendant "
        f"{format_number(facts.days)} jours de formation, pour un besoin évalué à {format_euros(facts.need)}"
    )


def _tiers(facts: ConventionFacts) -> str | None:
    return items(f"{rates}\u202f: {effect}" for rates, effect in tiers(facts.bonuses, facts.bonus_base)) or None


def _amended(facts: ConventionFacts) -> str | None:
    if not facts.rank:
        return None
    number = f"n°{NBSP}{facts.number} " if facts.number else ""
    return f"{number}«\u202f{facts.amends or facts.title}\u202f»"


def _count(value: int | None) -> str | None:
    return None if value is None else format_number(value)


def _euros(value: Decimal | None) -> str | None:
    return None if value is None else format_euros(value)


def _years(facts: ConventionFacts) -> Sequence[str]:
    return [str(year) for year in facts.years]


_MAKERS: Mapping[str, Callable[[ConventionFacts], str | None]] = {
    "titre": lambda facts: facts.title or None,
    "numero": lambda facts: facts.number,
    "conference": lambda facts: facts.conference,
    "region": lambda facts: facts.region,
    "lieu": lambda facts: facts.place or None,
    "decision": lambda facts: _decision(facts) or None,
    "clause_decision": lambda facts: f"Vu {_decision(facts)}{NARROW};" if facts.decision_reference else "",
    "exemplaires": lambda facts: str(len(facts.parties)) if facts.parties else None,
    "parties": _names(),
    "financeurs": _names(PartyRole.FUNDER),
    "beneficiaire": _beneficiary,
    "gestionnaire": _names(PartyRole.MANAGER),
    "engagements": _duties,
    "premier_jour": lambda facts: format_date(facts.first) if facts.first else None,
    "dernier_jour": lambda facts: format_date(facts.last) if facts.last else None,
    "duree": _duration,
    "annees": lambda facts: listed(_years(facts)) or None,
    "montant_total": lambda facts: format_euros(facts.total) if facts.shares else None,
    "financement": _funding,
    "plafond": lambda facts: _euros(facts.ceiling),
    "clause_plafond": _ceiling_clause,
    "echeancier": _schedule,
    "conditions_de_versement": lambda facts: facts.payment_conditions or None,
    "actions": _actions,
    "payeur": lambda facts: facts.income.payer or None if facts.income else None,
    "revenu": lambda facts: _lowered(facts.income.kind) or None if facts.income else None,
    "montant_par_jour": lambda facts: daily(facts.income) if facts.income else None,
    "public": lambda facts: facts.income.audience or EVERYBODY if facts.income else None,
    "territoire": lambda facts: facts.income.territory or EVERYWHERE if facts.income else None,
    "constat": _finding,
    "personnes": lambda facts: _count(facts.persons),
    "jours": lambda facts: _count(facts.days),
    "besoin": lambda facts: _euros(facts.need),
    "prix": lambda facts: _euros(facts.bonus_base),
    "paliers": _tiers,
    "avenant": lambda facts: str(facts.rank) if facts.rank else None,
    "convention_modifiee": _amended,
    "modifications": lambda facts: listed([change.lower() for change in facts.changes]) or None,
}
