"""What must a reader know before using these figures?

The national method for regional dashboards asks for a notice of *précautions* (breaks in series, comparability). Here it is
computed from the figures themselves: a sentence stands only where it holds for the selection.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, select

from conference.data.glossary import label
from conference.data.queries.cells import Cells, comparison, known_until, read_cells
from conference.data.queries.commitment_filters import Filters
from conference.data.queries.completeness import Sent, sent_by_funder
from conference.data.tables import ConferenceProfile, MonthState, Organisation
from conference.data.tables.reference import UNKNOWN
from conference.domain.figures import LIST_AXES
from conference.domain.french import format_date, format_month, typeset

TOLD = Decimal("0.01")
"""Share of the committed sum from which a datum that is not known is said."""


def precautions(session: Session, filters: Filters, *, today: date, cells: Cells | None = None) -> tuple[str, ...]:
    """French sentences, the gravest first. `cells`: those of `filters` with the six lists, when they are read already."""
    known = cells or read_cells(session, filters, axes=LIST_AXES)
    before = comparison(filters, known_until(session, today))
    sentences = [
        *_silent(sent_by_funder(session, filters)),
        *_open_months(session, filters),
        *_before_the_first_month(session, filters),
        *_unknown(known),
        *_successions(session, filters, before),
        *_transfers(known, filters),
        *_compared(filters, before),
        *_remaining(known, filters),
        *_persons(known),
    ]
    return tuple(typeset(each) for each in sentences)


def _silent(sent: Sequence[Sent]) -> Iterator[str]:
    silent = [each.name for each in sent if each.is_expected and not each.entries]
    if silent:
        verb = "n’a" if len(silent) == 1 else "n’ont"
        yield f"{_listed(silent)} {verb} aucune écriture dans cette période : les totaux sont sans {_them(silent)}."
    present = [each for each in sent if each.last_on]
    if len(present) > 1:
        first = min(present, key=lambda each: (each.last_on or date.min, each.name))
        last = max(each.last_on or date.min for each in present)
        if first.last_on and (last.year, last.month) != (first.last_on.year, first.last_on.month):
            yield (
                f"Les financeurs ne sont pas connus jusqu’au même jour : {first.name} l’est jusqu’au "
                f"{format_date(first.last_on)}, le plus avancé jusqu’au {format_date(last)}."
            )


def _them(names: Sequence[str]) -> str:
    return "lui" if len(names) == 1 else "eux"


def _open_months(session: Session, filters: Filters) -> Iterator[str]:
    query = select(MonthState).where(col(MonthState.entry_count) > 0)
    if filters.first_month:
        query = query.where(col(MonthState.month) >= filters.first_month)
    if filters.last_month:
        query = query.where(col(MonthState.month) <= filters.last_month)
    months = session.exec(query.order_by(col(MonthState.month))).all()
    opened = [row.month for row in months if row.closed_at is None]
    if not opened:
        return
    if len(opened) == len(months):
        yield "Aucun mois de la période n’est clôturé : ces chiffres sont provisoires."
    elif len(opened) == 1:
        yield f"{format_month(opened[0]).capitalize()} n’est pas clôturé : ses chiffres sont provisoires."
    else:
        yield (
            f"{len(opened)} mois ne sont pas clôturés, de {format_month(opened[0])} à {format_month(opened[-1])} : leurs "
            "chiffres sont provisoires."
        )


def _before_the_first_month(session: Session, filters: Filters) -> Iterator[str]:
    profile = session.get(ConferenceProfile, 1)
    if profile is None or (filters.first_month and filters.first_month >= profile.first_month):
        return
    older = select(col(MonthState.month)).where(
        col(MonthState.month) < profile.first_month, col(MonthState.entry_count) > 0
    )
    if filters.first_month:
        older = older.where(col(MonthState.month) >= filters.first_month)
    if filters.last_month:
        older = older.where(col(MonthState.month) <= filters.last_month)
    if session.exec(older.limit(1)).first() is not None:
        yield (
            f"La conférence tient ses comptes depuis {format_month(profile.first_month)} : ce qui précède est une reprise et "
            "peut être incomplet."
        )


def _unknown(cells: Cells) -> Iterator[str]:
    whole = cells.total().shared.committed
    if whole <= 0:
        return
    parts = {axis: part / whole for axis, part in cells.committed_of(UNKNOWN).items()}
    told = [(axis, share) for axis, share in parts.items() if share >= TOLD]
    found = [f"{label('axis', axis).lower()} {round(share * 100)}\u202f%" for axis, share in told]
    if found:
        yield f"Part de l’engagé dont un élément n’est pas renseigné : {', '.join(found)}."


def _successions(session: Session, filters: Filters, before: Filters | None) -> Iterator[str]:
    """Funders that took over from one another inside the period or the one that it is compared with."""
    first = (before or filters).first_month
    rows = {row.id: row for row in session.exec(select(Organisation).where(col(Organisation.is_funder)))}
    for row in sorted(rows.values(), key=lambda row: (row.last or date.max, row.code)):
        heir = rows.get(row.successor_id) if row.successor_id is not None else None
        if heir is None or row.last is None or (first and row.last < first):
            continue
        if filters.last_month and row.last.replace(day=1) > filters.last_month:
            continue
        if filters.funders and not {row.code, heir.code} & set(filters.funders):
            continue
        if first is None and not _counts(session, row):
            continue
        yield f"Rupture de série : {heir.short_name} a succédé à {row.short_name} après le {format_date(row.last)}."


def _counts(session: Session, funder: Organisation) -> bool:
    return any(each.entries for each in sent_by_funder(session, Filters(funders=(funder.code,))))


def _transfers(cells: Cells, filters: Filters) -> Iterator[str]:
    internal = cells.total().internal
    if internal.committed or internal.paid:
        yield (
            "Ce qu’un financeur verse à travers un autre est compté chez les deux et retiré une fois du total partagé ; un "
            "côté comptabilisé un autre mois compte dans son propre mois."
        )
    elif len(filters.funders) == 1:
        yield "Chiffres d’un seul financeur : ce qu’il verse à travers un autre n’est pas retiré."


def _compared(filters: Filters, before: Filters | None) -> Iterator[str]:
    if before is None or before.first_month is None or before.last_month is None or filters.last_month is None:
        return
    if before.last_month.month != filters.last_month.month:
        yield (
            f"L’année n’est pas finie : elle est comparée à la période de {format_month(before.first_month)} à "
            f"{format_month(before.last_month)}."
        )


def _remaining(cells: Cells, filters: Filters) -> Iterator[str]:
    if filters.by_month and cells.total().shared.still_to_pay < 0:
        yield (
            "Le reste à payer est l’engagé moins le payé de la période : il est négatif quand des engagements plus anciens y "
            "sont payés."
        )


def _persons(cells: Cells) -> Iterator[str]:
    if cells.total().gross.persons:
        yield (
            "Les personnes prévues sont comptées par décision : une personne que trois décisions financent compte trois fois. "
            "Un nombre trop faible n’est pas montré, ni la moyenne qui en dépend. Rien n’empêche de l’approcher en comparant "
            "deux périodes, deux sélections ou ses propres lignes : ces chiffres sont à diffuser avec la même prudence."
        )


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"
