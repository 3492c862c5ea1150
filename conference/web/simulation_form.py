"""How is a case typed as a form, and read as the command reads it?

The fields of each step, right and convention are named after the case's own (`step0_first`), so that what `read_case`
refuses is shown at its field: the page and the command refuse the same things with the same sentences. A block left
blank does not count.
"""

import re
from decimal import Decimal
from typing import Any

from wtforms import HiddenField

from conference.data.glossary import labels
from conference.domain.case import Case
from conference.domain.case_reading import CaseError, read_case
from conference.domain.refusal import Refusal
from conference.web.fields import ChoiceField, DayField, EurosField, TextField, TypedField, WholeField
from conference.web.forms import Form

MOST = {"steps": 4, "rights": 4, "conventions": 2}
"""Blocks of each kind that one case may hold."""
TOLD = (("yes", "Oui"), ("no", "Non"))
UNKNOWN = "Je ne sais pas"
_FIELD = re.compile(r"(step|right|convention)s\[(\d+)\]\.(\w+)")
_INTERRUPTION = re.compile(r"steps\[(\d+)\]\.interruptions\[0\](?:\.(first|last))?")


def parse_hours(text: str) -> Decimal:
    """A number of hours such as "35" or "17,5". Raises Refusal (code `hours`)."""
    if not re.fullmatch(r"\d{1,3}(?:[.,]\d{1,2})?", text, re.ASCII):
        raise Refusal(f"Le nombre d’heures « {text} » n’est pas lisible. Écrivez par exemple 35 ou 17,5.", code="hours")
    return Decimal(text.replace(",", "."))


class HoursField(TypedField[Decimal]):
    """A number of hours that may have decimals, such as 17,5."""

    parse = staticmethod(parse_hours)

    def show(self, value: Decimal) -> str:
        """`Decimal("35.0000")` → "35", `Decimal("17.5")` → "17,5"."""
        return f"{value.normalize():f}".replace(".", ",")


def case_form(steps: int, rights: int, conventions: int, **options: Any) -> Form:
    """A form of so many blocks of each kind, at most those of `MOST`."""
    fields: dict[str, Any] = dict(_person())
    counts = {"steps": steps, "rights": rights, "conventions": conventions}
    for kind, count in counts.items():
        fields[kind] = HiddenField(default=str(count))
        for number in range(count):
            fields |= {f"{kind[:-1]}{number}_{name}": field for name, field in _BLOCKS[kind]().items()}
    return type("CaseForm", (Form,), fields)(**options)


def _person() -> dict[str, Any]:
    return {
        "known_on": DayField("Situation connue au", description="Les droits enregistrés après ce jour sont ignorés."),
        "birth_date": DayField("Date de naissance", description="Elle n’est ni enregistrée ni envoyée ailleurs."),
        "no_benefit": _told("Entrée en formation sans aucune allocation"),
        "worked_6_of_12": _told("A travaillé 6 mois sur 12, ou 12 mois sur 24, avant l’entrée"),
        "single_parent": _told("Élève seul un enfant, ou situation assimilée"),
        "disabled": _told("Reconnu travailleur handicapé"),
    }


def _step() -> dict[str, Any]:
    return {
        "kind": ChoiceField("Nature de l’étape", choices=list(labels("step_kind").items()), blank="Choisissez"),
        "first": DayField("Premier jour"),
        "last": DayField("Dernier jour"),
        "registered_on": DayField("Inscription ou prescription", description="À défaut, le premier jour."),
        "weekly_hours": HoursField("Heures par semaine"),
        "needs_income": _told("La personne a besoin d’un revenu pendant l’étape"),
        "prescribed": _told("Formation prescrite"),
        "qualifying": _told("Mène à une qualification reconnue"),
        "shortage_occupation": _told("Métier sur la liste des métiers en tension"),
        "approved_for_pay": _told("Agréée pour la rémunération des stagiaires"),
        "funders": TextField(
            "Qui finance la formation", description="Codes séparés par des virgules : region, france_travail."
        ),
        "interrupted_first": DayField("Interrompue à partir du"),
        "interrupted_last": DayField("Interrompue jusqu’au"),
    }


def _right() -> dict[str, Any]:
    return {
        "kind": ChoiceField("Droit", choices=list(labels("right_kind").items()), blank="Choisissez"),
        "payer": TextField("Payeur", description="Un code : france_travail, assedic, region."),
        "first": DayField("Premier jour"),
        "last": DayField("Dernier jour"),
        "days_left": WholeField("Ou jours restants au premier jour"),
        "daily_amount": EurosField("Montant par jour"),
        "monthly_amount": EurosField("Ou montant par mois"),
        "right_months": WholeField("Durée du droit ouvert, en mois"),
    }


def _convention() -> dict[str, Any]:
    return {
        "kind": ChoiceField("Ce qu’elle paie", choices=list(labels("right_kind").items()), blank="Choisissez"),
        "payer": TextField("Payeur", description="Un code : region."),
        "first": DayField("Premier jour"),
        "last": DayField("Dernier jour"),
        "left": EurosField("Reste disponible"),
        "daily_amount": EurosField("Montant par jour", description="À défaut, le barème des stagiaires."),
    }


_BLOCKS = {"steps": _step, "rights": _right, "conventions": _convention}


def _told(label: str) -> ChoiceField:
    return ChoiceField(label, choices=TOLD, blank=UNKNOWN)


def case_of(form: Form) -> Case | None:
    """The case typed, or None once what is wrong with it is shown on the form."""
    try:
        return read_case(raw_case(form), 1)
    except CaseError as error:
        _show(form, error)
        return None


def raw_case(form: Form) -> dict[str, Any]:
    """The case typed, in the shape of the command."""
    person = {name: _value(form[name].data) for name in _person() if name != "known_on"}
    blocks = {kind: [_raw(form, kind, number) for number in _filled(form, kind)] for kind in MOST}
    return {"known_on": form["known_on"].data, "person": person, **blocks}


def _filled(form: Form, kind: str) -> list[int]:
    """The numbers of the blocks that hold something."""
    return [number for number in range(MOST[kind]) if f"{kind[:-1]}{number}_first" in form and _raw(form, kind, number)]


def _raw(form: Form, kind: str, number: int) -> dict[str, Any]:
    """One block; nothing when it is blank."""
    block = {name: _value(form[f"{kind[:-1]}{number}_{name}"].data) for name in _BLOCKS[kind]()}
    block = {name: value for name, value in block.items() if value is not None}
    if not block:
        return {}
    if kind == "steps":
        block["id"] = f"Étape {number + 1}"
        interrupted = {name: block.pop(f"interrupted_{name}", None) for name in ("first", "last")}
        if any(interrupted.values()):
            block["interruptions"] = [interrupted]
        block["funders"] = [code.strip() for code in str(block.get("funders", "")).split(",") if code.strip()]
    return block


def _value(data: Any) -> Any:
    if data in ("yes", "no"):
        return data == "yes"
    return None if data == "" else data


def _show(form: Form, error: CaseError) -> None:
    """Put what the reader of cases refuses where it was typed, or at the head of the form."""
    if (inside := _INTERRUPTION.fullmatch(error.field)) is not None:
        name = f"step{_filled(form, 'steps')[int(inside[1])]}_interrupted_{inside[2] or 'first'}"
    elif (found := _FIELD.fullmatch(error.field)) is not None:
        name = f"{found[1]}{_filled(form, f'{found[1]}s')[int(found[2])]}_{found[3]}"
    else:
        name = error.field.removeprefix("person.")
    sentence = _in_words(form, name, error.sentence)
    if name in form:
        form[name].errors = (*form[name].errors, sentence)
    else:
        form.form_errors.append(sentence)


def _in_words(form: Form, name: str, sentence: str) -> str:
    """The sentence of the reader of cases with the labels of the form instead of the names of fields."""
    block = name.split("_")[0]

    def label(found: re.Match[str]) -> str:
        field = f"{block}_{found[1]}"
        return f"« {form[field].label.text} »" if field in form else found[0]

    written = re.sub("« ([a-z_]+) »", label, sentence)
    return written[:1].upper() + written[1:]


EXAMPLE: dict[str, Any] = {
    "known_on": "05/01/2026",
    "birth_date": "11/04/1982",
    "no_benefit": "no",
    "disabled": "no",
    "step0_kind": "training",
    "step0_first": "05/01/2026",
    "step0_last": "30/06/2026",
    "step0_weekly_hours": "35",
    "step0_needs_income": "yes",
    "step0_prescribed": "yes",
    "step0_qualifying": "yes",
    "step0_shortage_occupation": "no",
    "step0_funders": "region",
    "right0_kind": "aref",
    "right0_payer": "france_travail",
    "right0_first": "05/01/2026",
    "right0_last": "14/05/2026",
    "right0_daily_amount": "31,00",
}
"""Rights that end 47 days before the course, for an occupation that is not on the list."""
