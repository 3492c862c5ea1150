"""What does the law publish of a convention that grants money (décret 2017-779), in the schema SCDL subventions 2.1.1?

One row per payer and beneficiary. The amount is that of the payer before it is shared among beneficiaries, the percentage the
part of one of them: the schema asks for it so. What a row lacks to be published is told, never guessed.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from io import StringIO

from conference.domain.money import ZERO

FIELDS = (
    "nomAttribuant idAttribuant dateConvention referenceDecision nomBeneficiaire idBeneficiaire rnaBeneficiaire objet "
    "montant nature conditionsVersement datesPeriodeVersement idRAE notificationUE pourcentageSubvention dispositifAide"
).split()
"""The columns of the schema, in its order."""
IN_MONEY = "aide en numéraire"
ONCE, SPREAD = "unique", "échelonné"
LONGEST = 256
SMALLEST = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation as it is published."""

    name: str
    siret: str | None


@dataclass(frozen=True, slots=True)
class Grant:
    """What one payer of a signed convention gives one beneficiary. Amounts in euros; `whole` is the payer's to all of them.

    `due`: the days of its instalments, in order; without any, the money falls within `first` to `last`.
    """

    number: str
    payer: Body
    beneficiary: Body
    signed_on: date
    decision: str
    object: str
    amount: Decimal
    whole: Decimal
    conditions: str
    due: tuple[date, ...]
    first: date
    last: date
    eu_notified: bool


def lacks_of(grant: Grant) -> Iterator[str]:
    """What keeps a row from being published, in French."""
    if grant.payer.siret is None:
        yield f"{grant.payer.name} n’a pas de SIRET"
    if grant.beneficiary.siret is None:
        yield f"{grant.beneficiary.name} n’a pas de SIRET"


def row_of(grant: Grant) -> tuple[str, ...]:
    """The cells of a row, in the order of FIELDS."""
    return (
        grant.payer.name,
        grant.payer.siret or "",
        grant.signed_on.isoformat(),
        grant.decision or grant.number,
        grant.beneficiary.name,
        grant.beneficiary.siret or "",
        "",
        _cut(grant.object),
        f"{grant.whole:.2f}",
        IN_MONEY,
        _cut(grant.conditions) or (ONCE if len(grant.due) == 1 else SPREAD),
        _days(grant),
        "",
        "oui" if grant.eu_notified else "non",
        _part(grant.amount, grant.whole),
        "",
    )


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """The file that the schema describes: a head, commas, line feeds."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIELDS)
    writer.writerows(rows)
    return out.getvalue()


def _days(grant: Grant) -> str:
    """« 2026-03-01 », or a period « 2026-03-01/2026-12-01 »."""
    if len(grant.due) == 1:
        return grant.due[0].isoformat()
    first, last = (grant.due[0], grant.due[-1]) if grant.due else (grant.first, grant.last)
    return f"{first.isoformat()}/{last.isoformat()}" if first != last else first.isoformat()


def _part(amount: Decimal, whole: Decimal) -> str:
    """The part as the schema writes it, from 0.01 to 1.00: « 0.45 »; four decimals where two are not enough."""
    if amount == whole or whole == ZERO:
        return "1.00"
    part = amount / whole
    short = part.quantize(Decimal("0.01"), ROUND_HALF_UP)
    shown = short if short * whole == amount else part.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return f"{min(max(shown, SMALLEST), Decimal(1))}"


def _cut(text: str) -> str:
    """`text` within what the schema takes, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= LONGEST:
        return line
    return line[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
