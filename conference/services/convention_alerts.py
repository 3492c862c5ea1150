"""Which alerts does the money of conventions raise, and which close?

Every night, after the parcours: an instalment that falls due or is late raises one for the organisation that pays it; paid, or
its convention ended, it closes by itself.
"""

from collections import Counter
from datetime import date, datetime

from sqlmodel import Session, col, select

from conference.data.glossary import label
from conference.data.queries.instalments import InstalmentRow, all_due
from conference.data.queries.thresholds import thresholds_of
from conference.data.tables import Alert
from conference.domain.alert_facts import Finding
from conference.domain.alert_words import AlertStatus
from conference.domain.convention_checks import Instalment, instalment_due
from conference.services.alerts import CONVENTION, settle_alerts


def settle_convention_alerts(session: Session, *, on: date, at: datetime) -> Counter[str]:
    """Bring the alerts about conventions to what is found on the day `on`; what happened to them, counted."""
    ahead = thresholds_of(session)["instalment_ahead"]
    found: dict[int, list[Finding]] = {number: [] for number in _told_of(session)}
    for row in all_due(session, on, ahead):
        found.setdefault(row.convention_id, []).extend(instalment_due([_fact(row)], on, ahead))
    if not found:
        return Counter()
    told = settle_alerts(session, found, at=at, subject=CONVENTION)
    return Counter(change["alert"] for changes in told.values() for change in changes)


def _told_of(session: Session) -> list[int]:
    """The conventions of which something is told now."""
    query = select(Alert.convention_id).where(
        col(Alert.convention_id).is_not(None), Alert.status != AlertStatus.CLOSED.value
    )
    return sorted({number for number in session.exec(query) if number is not None})


def _fact(row: InstalmentRow) -> Instalment:
    kind = label("instalment_kind", row.kind)
    return Instalment(row.reference, row.key, row.organisation_id, kind, row.due_on, row.amount, row.left)
