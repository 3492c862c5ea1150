"""How does a conférence choose its delays and thresholds?

A chosen value is a row; going back to the default takes the row away. Both are in the journal, and take effect at the next
change of a parcours or at the next nightly run.
"""

from datetime import datetime

from sqlmodel import Session

from conference.data.journal import write_journal
from conference.data.tables import Setting
from conference.domain.french import format_number
from conference.domain.permissions import Actor, Relation, require
from conference.domain.refusal import NotFound, Refusal
from conference.domain.thresholds import threshold


def set_threshold(session: Session, code: str, value: int | None, *, by: Actor, at: datetime) -> None:
    """Choose a value, or the default (None). Raises NotFound for an unknown code, Refusal outside of its bounds."""
    require(by, "limit.manage", Relation.OTHER)
    try:
        known = threshold(code)
    except KeyError:
        raise NotFound() from None
    if value is not None and not known.least <= value <= known.most:
        raise Refusal(
            f"Cette valeur va de {format_number(known.least)} à {format_number(known.most)}.",
            field=code,
            code="threshold",
        )
    row = session.get(Setting, code)
    before = row.value if row is not None else known.default
    after = known.default if value is None else value
    if before == after:
        return
    if after == known.default and row is not None:
        session.delete(row)
    else:
        row = row or Setting(code=code, value=after, changed_at=at)
        row.value, row.changed_at, row.changed_by = after, at, by.account_id
        session.add(row)
    session.flush()
    write_journal(
        session,
        by=by,
        at=at,
        verb="set_threshold",
        object_kind="setting",
        object_label=code,
        changes={code: [before, after]},
    )
