"""What do the forms of a convention show again: its terms as they are kept, by identifiers?"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from conference.data.tables import (
    ConventionBonus,
    ConventionIncome,
    ConventionInstalment,
    ConventionParty,
    ConventionShare,
    ConventionVersion,
)
from conference.domain.refusal import NotFound

Lines = tuple[dict[str, Any], ...]
TERMS = (
    "title first last ceiling beneficiary_id place decision_reference is_grant payment_conditions eu_notified"
).split()


@dataclass(frozen=True)
class StoredTerms:
    """A version as its forms fill themselves: `terms` by name, and lines by column. A share or an instalment given in per cent
    shows its per cent and not its euros."""

    terms: dict[str, Any]
    parties: Lines
    shares: Lines
    instalments: Lines
    bonuses: Lines
    income: dict[str, Any]
    bonus_base: Decimal | None


def stored_terms(session: Session, version_id: int) -> StoredTerms:
    """The terms of a version. Asks no right: who calls it has read the version. Raises NotFound."""
    version = session.get(ConventionVersion, version_id)
    if version is None:
        raise NotFound()
    income = session.get(ConventionIncome, version_id)
    names = ("payer_id", "kind", "daily_amount", "audience_id", "territory_id")
    return StoredTerms(
        terms={name: getattr(version, name) for name in TERMS},
        parties=_lines(
            session, ConventionParty, version_id, "rank", ("organisation_id", "role", "authority", "duties")
        ),
        shares=_lines(
            session,
            ConventionShare,
            version_id,
            "id",
            ("organisation_id", "year", "nature_id", "amount", "percent", "beneficiary_id"),
        ),
        instalments=_lines(
            session,
            ConventionInstalment,
            version_id,
            "due_on",
            ("organisation_id", "kind", "due_on", "amount", "percent", "condition", "key"),
        ),
        bonuses=_lines(session, ConventionBonus, version_id, "from_rate", ("from_rate", "percent")),
        income={name: getattr(income, name) for name in names} if income is not None else {},
        bonus_base=version.bonus_base,
    )


def _lines(session: Session, table: type[Any], version_id: int, order: str, names: tuple[str, ...]) -> Lines:
    rows = session.exec(
        select(table).where(col(table.version_id) == version_id).order_by(col(getattr(table, order)))
    ).all()
    found = []
    for row in rows:
        line = {name: getattr(row, name) for name in names}
        if table is not ConventionBonus and line.get("percent") is not None:
            line["amount"] = None
        found.append(line)
    return tuple(found)
