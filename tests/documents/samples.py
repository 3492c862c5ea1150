"""Figures of a conférence of the size met in a region, made by a small rule so that each amount is different."""

from datetime import UTC, date, datetime
from decimal import Decimal

from conference.documents.summary_content import (
    ByFunder,
    ByMember,
    Compared,
    Crossing,
    CrossRow,
    FlowFigures,
    FunderFigures,
    FunderSent,
    Gaps,
    KeyNumbers,
    MemberFigures,
    MonthFigures,
    MonthSummary,
    Persons,
    WhoFundsWhat,
)
from conference.domain.figures import NO_SUMS, Sums
from conference.domain.french import next_month

MARCH = date(2026, 3, 1)
KNOWN = datetime(2026, 4, 9, 14, 32, 5, tzinfo=UTC)
FUNDERS = (
    "Région Bretagne",
    "France Travail",
    "Transitions Pro",
    "Agefiph",
    "OPCO Mobilités",
    "OPCO Santé",
    "Constructys",
    "OPCO EP",
    "Uniformation",
    "AKTO",
    "Fonds social européen",
    "Département du Finistère",
)
SCHEMES = ("Programme régional de formation", "Contrat de professionnalisation", "FNE-Formation", "AFPR")
AUDIENCES = ("Jeunes", "Demandeurs d’emploi", "Salariés")
TERRITORIES = ("Finistère", "Morbihan", "Côtes-d’Armor", "Ille-et-Vilaine", "Non renseigné")


def sums(committed: Decimal, persons: int = 40) -> Sums:
    """Sums whose paid part is 61 %."""
    paid = (committed * Decimal("0.61")).quantize(Decimal("0.01"))
    return Sums(committed, paid, paid, persons, 12, 31)


def compared(start: Decimal) -> Compared:
    """A period and the one before, that had nine tenths of it."""
    now, before = sums(start), sums((start * Decimal("0.9")).quantize(Decimal("0.01")))
    return Compared(now, before, now - before)


def amount(rank: int) -> Decimal:
    """An amount of its own for each rank."""
    return Decimal(rank * rank * 7919) + Decimal("1203.57") * rank


def funder(label: str, rank: int) -> FunderFigures:
    """A funder, or a sum of funders."""
    start = amount(rank)
    transferred = sums(Decimal(rank) * 100)
    return FunderFigures(
        f"f{rank}", label, compared(start), compared(start * 3), sums(start * 41), transferred, Persons(57, 61)
    )


def month_summary(
    funders: int = 12, *, provisional: bool = True, demo: bool = True, scope: tuple[str, str] | None = None
) -> MonthSummary:
    """A summary of March 2026; with no funder, that of a conférence that has no entry yet."""
    if not funders:
        return empty_summary(provisional=provisional, demo=demo)
    total = compared(amount(30) * 3)
    flows = tuple(
        FlowFigures(FUNDERS[rank % 12], SCHEMES[rank % 4], AUDIENCES[rank % 3], amount(rank + 1), amount(rank + 1) / 2)
        for rank in range(24)
    )
    territories = tuple(MemberFigures(name, name, compared(amount(9 - rank))) for rank, name in enumerate(TERRITORIES))
    natures = tuple(MemberFigures(name, name, compared(amount(rank))) for rank, name in ((7, "Frais"), (5, "Salaires")))
    columns = tuple(amount(rank) for rank in (3, 4, 5))
    rows = tuple(CrossRow(name, columns, sum(columns, Decimal(0)), amount(rank)) for rank, name in enumerate(SCHEMES))
    return MonthSummary(
        conference="Conférence des financeurs de Bretagne",
        region="Région Bretagne",
        month=MARCH,
        scope=scope,
        provisional=provisional,
        demo=demo,
        known_on=KNOWN,
        threshold=11,
        key=KeyNumbers(
            compared(amount(30)),
            total,
            compared(amount(30) * 41),
            Persons(503, 488),
        ),
        by_funder=ByFunder(
            tuple(funder(FUNDERS[rank % 12], rank + 1) for rank in range(funders)),
            funder("Somme des financeurs", 31),
            funder("Transferts internes", 4),
            funder("Total partagé", 30),
        ),
        crossing=Crossing(AUDIENCES, rows, CrossRow("Total partagé", columns, sum(columns, Decimal(0)), amount(12))),
        by_nature=ByMember(natures, natures, MemberFigures("", "Total partagé", total)),
        by_territory=ByMember(territories, territories, MemberFigures("", "Total partagé", total)),
        flows=WhoFundsWhat(flows, flows, flows[:22], FlowFigures("Total partagé", "", "", amount(30) * 3, amount(30))),
        twelve_months=_twelve_months(),
        twelve_total=compared(amount(29) * 5),
        sent=tuple(
            FunderSent(FUNDERS[rank % 12], True, 0 if rank == 3 else 7 + rank, date(2026, 3, 30), KNOWN)
            for rank in range(funders)
        ),
        gaps=Gaps(parcours=37, days=1243, need=Decimal("38457.20")),
        precautions=("Mars 2026 n’est pas clôturé\u202f: ses chiffres sont provisoires.",),
    )


def empty_summary(*, provisional: bool = True, demo: bool = True) -> MonthSummary:
    """What a conférence that has no entry yet shows."""
    nothing = Compared(NO_SUMS, NO_SUMS, NO_SUMS)
    nobody = Persons(0, 0)
    none = FunderFigures("", "Total partagé", nothing, nothing, NO_SUMS, NO_SUMS, nobody)
    members = ByMember((), (), MemberFigures("", "Total partagé", nothing))
    zero = Decimal(0)
    return MonthSummary(
        conference="Conférence des financeurs de Bretagne",
        region="",
        month=MARCH,
        scope=None,
        provisional=provisional,
        demo=demo,
        known_on=None,
        threshold=11,
        key=KeyNumbers(nothing, nothing, nothing, nobody),
        by_funder=ByFunder((), none, none, none),
        crossing=Crossing((), (), CrossRow("Total partagé", (), zero, zero)),
        by_nature=members,
        by_territory=members,
        flows=WhoFundsWhat((), (), (), FlowFigures("Total partagé", "", "", zero, zero)),
        twelve_months=tuple(MonthFigures(each.month, nothing) for each in _twelve_months()),
        twelve_total=nothing,
        sent=(),
        gaps=Gaps(0, 0, zero),
        precautions=(),
    )


def _twelve_months() -> tuple[MonthFigures, ...]:
    months = [date(2025, 4, 1)]
    while len(months) < 12:
        months.append(next_month(months[-1]))
    return tuple(MonthFigures(month, compared(amount(rank + 20))) for rank, month in enumerate(months))
