"""Which mails wait, left, or could not leave?

For the administrators: who it was for, what it was about and what became of it; never the text, which is its reader's.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from conference.data.tables import Account, OutboxMessage
from conference.domain.permissions import Actor, Relation, require

PAGE = 50
"""Messages on one page."""


@dataclass(frozen=True)
class OutboxLine:
    """One message. `next_try_at`: when it will be tried again, None when it will not."""

    id: int
    kind: str
    address: str
    subject: str
    status: str
    created_at: datetime
    attempts: int
    next_try_at: datetime | None
    sent_at: datetime | None
    failure: str


@dataclass(frozen=True)
class OutboxPage:
    """One page of the messages in one status, the latest first, and how many there are in each."""

    lines: tuple[OutboxLine, ...]
    counts: dict[str, int]
    page: int
    pages: int


def outbox_page(session: Session, reader: Actor, *, status: str = "failed", page: int = 1) -> OutboxPage:
    """Messages in `status` (`waiting`, `sent`, `dropped`, `failed`). Raises Forbidden for who does not administer."""
    require(reader, "setting.manage", Relation.OTHER)
    counted = select(OutboxMessage.status, func.count()).group_by(col(OutboxMessage.status))
    counts = {name: int(count) for name, count in session.exec(counted)}
    pages = max(1, -(-counts.get(status, 0) // PAGE))
    page = min(max(page, 1), pages)
    query = (
        select(OutboxMessage, Account.email)
        .join(Account, col(Account.id) == col(OutboxMessage.account_id))
        .where(OutboxMessage.status == status)
        .order_by(col(OutboxMessage.id).desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return OutboxPage(tuple(_line(row, email) for row, email in session.exec(query)), counts, page, pages)


def _line(row: OutboxMessage, email: str) -> OutboxLine:
    return OutboxLine(
        id=row.id or 0,
        kind=row.kind,
        address=email,
        subject=row.subject,
        status=row.status,
        created_at=row.created_at,
        attempts=row.attempts,
        next_try_at=row.next_try_at,
        sent_at=row.sent_at,
        failure=row.failure,
    )
