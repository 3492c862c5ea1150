"""How does the effect of a value read before it is saved: how many parcours, which days, which euros?

Sums whose parts are not all known say how many are missing, never a figure that looks whole.
"""

from dataclasses import dataclass

from conference.domain.french import format_euros, format_number
from conference.domain.suppression import shown_count
from conference.services.scale_effects import ChangedParcours, ScaleEffect, Sum


@dataclass(frozen=True)
class MeasureRow:
    """One measure in words, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ToldEffect:
    """What the page says. `is_hidden`: fewer than `threshold` persons, of whom nothing more is told."""

    examined: int
    threshold: int
    parcours: int
    sentence: str
    rows: tuple[MeasureRow, ...]
    listed: tuple[ChangedParcours, ...]
    is_hidden: bool


def told_effect(found: ScaleEffect) -> ToldEffect:
    """The effect as the page prints it."""
    return ToldEffect(
        examined=found.examined,
        threshold=found.threshold,
        parcours=found.parcours,
        sentence=_sentence(found),
        rows=tuple(_rows(found)),
        listed=found.listed,
        is_hidden=found.is_hidden,
    )


def _sentence(found: ScaleEffect) -> str:
    many = found.parcours > 1
    changed = f"{format_number(found.parcours)} parcours {'changeraient' if many else 'changerait'} de résultat"
    days = f"{format_number(found.days)} jour{'s' if found.days > 1 else ''}"
    return f"{changed}, sur {format_number(found.examined)} examinés : {days} d’un autre état ou d’un autre montant."


def _rows(found: ScaleEffect) -> list[MeasureRow]:
    before, after = found.before, found.after
    days = [
        ("Jours couverts", before.covered, after.covered),
        ("Jours présumés", before.presumed, after.presumed),
        ("Jours mobilisables", before.available, after.available),
        ("Jours sans revenu", before.gap, after.gap),
        ("Jours dont le montant n’est pas connu", before.unknown_days, after.unknown_days),
    ]
    euros = [
        ("Besoin en euros des jours sans revenu", before.need, after.need),
        ("Euros présumés", before.presumed_euros, after.presumed_euros),
    ]
    rows = [MeasureRow(name, format_number(old), format_number(new)) for name, old, new in days]
    return rows + [MeasureRow(name, _sum(old, found), _sum(new, found)) for name, old, new in euros]


def _sum(total: Sum, found: ScaleEffect) -> str:
    if not total.unknown:
        return format_euros(total.euros)
    few = found.masks_few and shown_count(total.unknown, found.threshold) is None
    number = f"moins de {found.threshold}" if few else format_number(total.unknown)
    rest = f"{number} parcours au montant non connu"
    return f"{format_euros(total.euros)}, et {rest}" if total.euros else rest
