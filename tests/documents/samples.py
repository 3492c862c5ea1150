"""Figures of a conférence of the size met in a region, made by a small rule so that each amount is different."""

from datetime import UTC, date, datetime
from decimal import Decimal

from conference.documents.summary import Amounts, GapFigures, MonthSummary, SummaryLine

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


def amounts(committed: Decimal) -> Amounts:
    paid = (committed * Decimal("0.61")).quantize(Decimal("0.01"))
    return Amounts(committed, paid, committed - paid)


def line(label: str, rank: int) -> SummaryLine:
    start = Decimal(rank * rank * 7919) + Decimal("1203.57") * rank
    return SummaryLine(label, amounts(start), amounts(start * 3), amounts(start * 41))


def month_summary(funders: int = 12, *, provisional: bool = True, demo: bool = True) -> MonthSummary:
    months = [date(2025 + (3 + rank) // 12, (3 + rank) % 12 + 1, 1) for rank in range(12)]
    return MonthSummary(
        conference="Conférence des financeurs de Bretagne",
        region="Région Bretagne",
        month=date(2026, 3, 1),
        provisional=provisional,
        demo=demo,
        known_on=datetime(2026, 4, 9, 14, 32, 5, tzinfo=UTC),
        lines=tuple(line(FUNDERS[rank % 12], rank + 1) for rank in range(funders)),
        sum_of_funders=line("Somme des financeurs", 31),
        internal_transfers=line("Transferts internes", 4),
        shared_total=line("Total commun", 30),
        twelve_months=tuple(
            (day, Decimal(310_000 + 41_777 * (rank * 5 % 7)), Decimal(250_000 + 33_331 * (rank * 3 % 8)))
            for rank, day in enumerate(months)
        ),
        gaps=GapFigures(parcours=37, days=1243, need=Decimal("38457.20")),
        completeness="11 financeurs sur 12 ont envoyé leurs chiffres de mars 2026.",
    )
