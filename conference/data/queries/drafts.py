"""Which forms did this person leave unfinished?"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from conference.data.tables import Draft
from conference.domain.permissions import Actor
from conference.domain.refusal import NotFound


@dataclass(frozen=True)
class DraftShown:
    """One unfinished form: its raw fields by name, each with the values that were sent."""

    id: int
    form: str
    title: str
    updated_at: datetime
    fields: dict[str, list[str]]


def list_drafts(session: Session, reader: Actor, form: str | None = None) -> list[DraftShown]:
    """Drafts of `reader`, the latest first; of one form when it is named."""
    query = select(Draft).where(Draft.account_id == (reader.account_id or 0))
    if form is not None:
        query = query.where(Draft.form == form)
    return [_shown(row) for row in session.exec(query.order_by(col(Draft.updated_at).desc(), col(Draft.id).desc()))]


def draft_page(session: Session, reader: Actor, draft_id: int) -> DraftShown:
    """One draft of `reader`. Raises NotFound when it is not theirs."""
    row = session.get(Draft, draft_id)
    if row is None or row.account_id != reader.account_id:
        raise NotFound()
    return _shown(row)


def _shown(row: Draft) -> DraftShown:
    return DraftShown(row.id or 0, row.form, row.title, row.updated_at, json.loads(row.payload))
