"""In which French words is an import told: how far it is, what a group of remarks is, what a column may be?"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conference.data.queries.imports import RemarkGroup
from conference.domain.french import NBSP, format_number
from conference.domain.importing.field import PEOPLE
from conference.domain.importing.fields import FACTS, Field, Target
from conference.services.staging import Stage, StagedState

_FIELD_GROUPS: tuple[tuple[str, frozenset[Field]], ...] = (
    (
        "L’essentiel",
        frozenset({Field.AMOUNT, Field.DECIDED_ON, Field.YEAR, Field.OBJECT, Field.FUNDER_REFERENCE}),
    ),
    (
        "Les organismes",
        frozenset(
            {
                *(Field.FUNDER_NAME, Field.FUNDER_SIRET, Field.BENEFICIARY_NAME, Field.BENEFICIARY_SIRET),
                *(Field.BENEFICIARY_RNA, Field.PAYER, Field.MANAGER, Field.RECEIVER),
            }
        ),
    ),
    (
        "À quoi sert la somme",
        frozenset({Field.SCHEME, Field.AUDIENCE, Field.COST_NATURE, Field.LEVEL, Field.TERRITORY, Field.SECTOR}),
    ),
    ("La période et les personnes", frozenset({Field.FIRST, Field.LAST, Field.PERSONS})),
)
_OTHERS = "Autres renseignements"
_ENTRY_GROUP = "Si chaque ligne est un paiement ou une autre écriture"

# Singular and plural of a group of remarks, by code; a code that is not here is « ligne », and its sentence says the rest.
_GROUPS: dict[str, tuple[str, str]] = {
    "amount": ("montant illisible", "montants illisibles"),
    "amount_missing": ("montant manquant", "montants manquants"),
    "amount_positive": ("montant nul ou négatif", "montants nuls ou négatifs"),
    "date": ("date illisible", "dates illisibles"),
    "date_missing": ("date manquante", "dates manquantes"),
    "date_elsewhere": ("date prise ailleurs", "dates prises ailleurs"),
    "year_alone": ("année seule", "années seules"),
    "dates": ("date incohérente", "dates incohérentes"),
    "future": ("date future", "dates futures"),
    "siret": ("SIRET faux", "SIRET faux"),
    "siret_lost": ("SIRET perdu par le tableur", "SIRET perdus par le tableur"),
    "persons": ("nombre illisible", "nombres illisibles"),
    "object": ("objet manquant", "objets manquants"),
    "reference": ("référence manquante", "références manquantes"),
    "beneficiary": ("bénéficiaire manquant", "bénéficiaires manquants"),
    "too_long": ("texte trop long", "textes trop longs"),
    "commas": ("ligne remise en colonnes", "lignes remises en colonnes"),
    "columns": ("ligne décalée", "lignes décalées"),
    "shifted": ("ligne décalée", "lignes décalées"),
    "quotes": ("guillemet non fermé", "guillemets non fermés"),
    "unknown_column": ("colonne inconnue", "colonnes inconnues"),
    "no_column": ("colonne absente", "colonnes absentes"),
    "repeated": ("ligne répétée", "lignes répétées"),
    "repeated_reference": ("référence répétée", "références répétées"),
    "funder": ("financeur manquant", "financeurs manquants"),
    "other_funder": ("ligne d’un autre financeur", "lignes d’autres financeurs"),
    "forbidden_funder": ("ligne d’un autre financeur", "lignes d’autres financeurs"),
    "commitment_reference": ("engagement non indiqué", "engagements non indiqués"),
    "unknown_commitment": ("engagement inconnu", "engagements inconnus"),
    "entry_kind": ("type d’écriture inconnu", "types d’écriture inconnus"),
    "awaiting": ("engagement à confirmer", "engagements à confirmer"),
    "scheme": ("dispositif inconnu", "dispositifs inconnus"),
    "audience": ("public inconnu", "publics inconnus"),
    "cost_nature": ("nature inconnue", "natures inconnues"),
    "level": ("niveau inconnu", "niveaux inconnus"),
    "territory": ("territoire inconnu", "territoires inconnus"),
    "sector": ("secteur inconnu", "secteurs inconnus"),
    "payer": ("payeur laissé", "payeurs laissés"),
    "manager": ("gestionnaire laissé", "gestionnaires laissés"),
    "receiver": ("destinataire laissé", "destinataires laissés"),
    "identity_column": ("colonne d’identité laissée", "colonnes d’identité laissées"),
    "nir_left": ("colonne laissée, numéro de sécurité sociale", "colonnes laissées, numéros de sécurité sociale"),
    "nir": ("numéro de sécurité sociale", "numéros de sécurité sociale"),
    "missing": ("case vide", "cases vides"),
    "number": ("nombre illisible", "nombres illisibles"),
    "yes_no": ("réponse illisible", "réponses illisibles"),
    "parcours": ("parcours inconnu", "parcours inconnus"),
    "kind": ("type inconnu", "types inconnus"),
    "organisation": ("organisme inconnu", "organismes inconnus"),
    "withdrawn": ("retirée depuis", "retirées depuis"),
    "merged": ("parcours réuni à un autre", "parcours réunis à un autre"),
    "double_funding": ("double financement", "doubles financements"),
    "not_cumulable": ("aides non cumulables", "aides non cumulables"),
    "changed_since": ("changement fait sur la page", "changements faits sur la page"),
}
_STAGES = {
    Stage.ASKING: ("colonnes à expliquer", "warning"),
    Stage.READY: ("à confirmer", "warning"),
    Stage.CONFIRMED: ("en cours d’enregistrement", "info"),
    Stage.WRITING: ("en cours d’enregistrement", "info"),
}
_WORK = {
    Stage.SENT: "Lecture du fichier",
    Stage.READING: "Lecture du fichier",
    Stage.CONFIRMED: "Enregistrement des lignes",
    Stage.WRITING: "Enregistrement des lignes",
}


@dataclass(frozen=True)
class GroupTold:
    """A group of remarks: « 3 dates illisibles », its places « F12, F40, F77 », its first sentence."""

    title: str
    places: str
    message: str
    code: str


@dataclass(frozen=True)
class ProgressTold:
    """What is going on and the part of it in hand, and how far it is: « 34 % », `ratio` from 0 to 100 (None: not yet)."""

    work: str
    part: str
    ratio: int | None
    told: str


def groups_told(groups: Iterable[RemarkGroup]) -> tuple[GroupTold, ...]:
    """Each group in words."""
    return tuple(GroupTold(_title(each), _places(each), _message(each), each.code) for each in groups)


def progress_told(state: StagedState) -> ProgressTold:
    """How far a file is that is being read or written."""
    work = part = _WORK.get(state.stage, "")
    # A file is read in bytes, or with the blank rows of its sheets; then the rows that were read are planned.
    if state.stage is Stage.READING and 0 < state.total <= state.rows:
        part = "Vérification des lignes"
    waits = state.stage in (Stage.SENT, Stage.CONFIRMED) or not state.total  # what it tells is of the work before
    ratio = 0 if waits else min(100, state.done * 100 // state.total)
    return ProgressTold(work, part, None if waits else ratio, f"{ratio}{NBSP}%")


def stage_told(state: StagedState) -> tuple[str, str]:
    """Where a staged file is, and the shape of its badge."""
    return _STAGES.get(state.stage, ("en cours de lecture", "info"))


def choices_of() -> tuple[tuple[str, tuple[tuple[Field, str], ...]], ...]:
    """What a column may be, in groups: (title, ((field, label), …))."""
    groups: dict[str, list[tuple[Field, str]]] = {title: [] for title, _ in _FIELD_GROUPS}
    groups |= {_OTHERS: [], _ENTRY_GROUP: []}
    for each in FACTS.values():
        if each.targets <= PEOPLE:  # known by its own heading, never explained
            continue
        title = next((title for title, fields in _FIELD_GROUPS if each.field in fields), _OTHERS)
        groups[title if Target.COMMITMENTS in each.targets else _ENTRY_GROUP].append((each.field, each.label))
    return tuple((title, tuple(fields)) for title, fields in groups.items())


def repeated(chosen: Sequence[Field | None]) -> frozenset[Field]:
    """Fields given to more than one column."""
    return frozenset(each for each, count in Counter(chosen).items() if each is not None and count > 1)


def _title(group: RemarkGroup) -> str:
    count = format_number(group.count)
    one, many = _GROUPS.get(group.code, ("ligne", "lignes"))
    return f"{count} {many if group.count > 1 else one}"


def _places(group: RemarkGroup) -> str:
    named = ", ".join(told_places(group.places))
    left = group.count - len(group.places)
    if not named:
        return ""
    return f"{named} et {format_number(left)} autre{'s' if left > 1 else ''}" if left > 0 else named


def told_places(places: Sequence[str]) -> list[str]:
    """ "C2", "C3", "C4", "ligne 7", "ligne 8" → "C2 à C4", "lignes 7 et 8": column by column, runs told by their ends."""
    columns: dict[str, list[int]] = {}
    others: list[str] = []
    for place in places:
        if found := re.fullmatch(r"(.*?)([1-9]\d*)", place, re.DOTALL):
            columns.setdefault(found[1], []).append(int(found[2]))
        else:
            others.append(place)
    return [each for before, rows in columns.items() for each in _told_column(before, rows)] + others


def _told_column(before: str, rows: Sequence[int]) -> list[str]:
    """`before` is what stands before the number: « C », « ligne », with the name of the sheet where there is one."""
    if before.endswith("ligne "):
        where = before.removesuffix("ligne ")
        return [f"{before}{rows[0]}"] if len(rows) == 1 else [f"{where}lignes {', '.join(_told_runs(rows, ''))}"]
    where, comma, column = before.rpartition(", ")
    return [f"{where}{comma}{told}" for told in _told_runs(rows, column)]


def _told_runs(rows: Sequence[int], column: str) -> list[str]:
    told: list[str] = []
    for first, last in _runs(rows):
        ends = [f"{column}{row}" for row in sorted({first, last})]
        told += [" à ".join(ends)] if last > first + 1 else ends
    return told


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each run of numbers that follow one another."""
    runs: list[tuple[int, int]] = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


def _message(group: RemarkGroup) -> str:
    return group.message if group.alike or group.count == 1 else f"Par exemple : {group.message}"
