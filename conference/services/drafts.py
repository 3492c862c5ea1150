"""How is what someone was typing kept until it is recorded or thrown away?

The raw fields, valid or not, as they were sent: what a form refuses is not lost. Seen by its author alone, and in no
total, list or journal, since nothing was decided yet.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from conference.data.tables import Draft
from conference.domain.permissions import Actor
from conference.domain.refusal import NotFound, Refusal

Fields = Mapping[str, Sequence[str]]
LARGEST = 100_000
"""Characters of the fields of one draft."""


def save_draft(
    session: Session, *, form: str, title: str, fields: Fields, by: Actor, at: datetime, draft_id: int | None = None
) -> Draft:
    """Keep `fields` as a new draft of `form`, or over the draft `draft_id`. Raises NotFound when it is not `by`'s."""
    if by.account_id is None:
        raise Refusal("La ligne de commande n’a pas de brouillon.", code="draft_owner")
    payload = json.dumps({name: list(values) for name, values in fields.items()}, ensure_ascii=False)
    if len(payload) > LARGEST:
        raise Refusal("Ce brouillon est trop long pour être gardé.", code="draft_size")
    draft = own_draft(session, draft_id, by) if draft_id else Draft(account_id=by.account_id, form=form, updated_at=at)
    draft.title, draft.payload, draft.updated_at = title[:200], payload, at
    draft.version += 1
    session.add(draft)
    session.flush()
    return draft


def discard_draft(session: Session, draft_id: int, *, by: Actor) -> None:
    """Throw a draft away: asked by its author, or once what it held is recorded. NotFound when not theirs."""
    session.delete(own_draft(session, draft_id, by))
    session.flush()


def own_draft(session: Session, draft_id: int, by: Actor) -> Draft:
    """The draft, when it is `by`'s; else NotFound."""
    draft = session.get(Draft, draft_id)
    if draft is None or by.account_id is None or draft.account_id != by.account_id:
        raise NotFound()
    return draft
