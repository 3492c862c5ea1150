"""From which file, sheet and row do a parcours, its steps and its rights come?

Whoever reaches the parcours is told who sent the file and when; its name and its page are for those who may see that file,
since a name chosen by somebody may say more than it should.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from conference.data.queries.parcours import reached_parcours
from conference.data.tables import Account, ImportFile, IncomeRight, Organisation, Parcours, Step
from conference.domain.permissions import Actor, Relation, is_granted


@dataclass(frozen=True)
class Origin:
    """One row of a file that became a parcours, a step (`title`) or a right (`right_kind`). `filename` and `import_id` are
    None for who may not see the file; `sender` is None for the console; `by`: who imported it."""

    title: str | None
    right_kind: str | None
    sender: str | None
    by: str
    filename: str | None
    import_id: int | None
    sheet: str | None
    row: int | None
    imported_at: datetime


def origins_of(session: Session, reader: Actor, parcours_id: int) -> tuple[Origin, ...]:
    """The parcours first, then its steps and rights that are not withdrawn; empty when `reader` does not reach it."""
    found: list[Origin] = []
    for table in (Parcours, Step, IncomeRight):
        owner = col(table.id) if table is Parcours else table.parcours_id  # type: ignore[union-attr]
        query: Any = (
            select(table, ImportFile, Organisation.short_name, Organisation.id, Account.name)  # type: ignore[call-overload]
            .join(ImportFile, col(ImportFile.id) == table.import_file_id)
            .join(Account, col(Account.id) == col(ImportFile.imported_by), isouter=True)
            .join(Organisation, col(Organisation.id) == col(Account.organisation_id), isouter=True)
            .where(owner == parcours_id, reached_parcours(reader, owner))
            .order_by(col(table.id))
        )
        if table is not Parcours:
            query = query.where(table.withdrawn_at.is_(None))  # type: ignore[union-attr]
        found += (_origin(reader, *each) for each in session.execute(query))
    return tuple(found)


def _origin(
    reader: Actor, row: Any, file: ImportFile, sender: str | None, sender_id: int | None, account: str | None
) -> Origin:
    own = Relation.OWN in (reader.relation_to(file.funder_id), reader.relation_to(sender_id))
    may_see = is_granted(reader, "import.read", Relation.OWN if own else Relation.OTHER)
    return Origin(
        title=row.title if isinstance(row, Step) else None,
        right_kind=row.kind if isinstance(row, IncomeRight) else None,
        sender=sender,
        by=f"{account}, {sender}" if account and sender else account or "console",
        filename=file.filename if may_see else None,
        import_id=file.id if may_see else None,
        sheet=row.source_sheet,
        row=row.source_row,
        imported_at=file.imported_at,
    )
