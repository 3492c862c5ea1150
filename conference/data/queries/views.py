"""Which views of the dashboard did this person keep?"""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from conference.data.queries.commitment_order import sort_key
from conference.data.tables import NamedView
from conference.domain.permissions import Actor


@dataclass(frozen=True)
class KeptView:
    """A page of the dashboard under its name; `address` is a path with its query."""

    id: int
    name: str
    address: str


def kept_views(session: Session, reader: Actor) -> tuple[KeptView, ...]:
    """The views of `reader`, by name."""
    rows = session.exec(select(NamedView).where(col(NamedView.account_id) == (reader.account_id or 0))).all()
    return tuple(
        KeptView(row.id or 0, row.name, row.address)
        for row in sorted(rows, key=lambda row: (sort_key(row.name), row.name))
    )
