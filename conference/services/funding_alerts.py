"""How is a warning about what is paid twice lifted by the gesture that brings it?

The gesture has just opened the alert (`parcours_changes.note_change`): a motive settles it as lifted on the spot, with the
same decision as its own page; without a motive it stays open.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from conference.data.tables import Alert
from conference.domain.alert_words import AlertOutcome, AlertStatus
from conference.domain.funding_conflicts import Conflict
from conference.domain.permissions import Actor
from conference.services.alert_decisions import decide_alert


def lift_conflicts(
    session: Session, found: Iterable[tuple[int, Conflict]], *, motive: str, by: Actor, at: datetime
) -> int:
    """Lift the open alerts of these conflicts, as (parcours, conflict), for one motive; how many."""
    session.flush()
    lifted = 0
    for parcours_id, conflict in found:
        query = select(Alert.id).where(
            Alert.parcours_id == parcours_id,
            Alert.code == conflict.code,
            Alert.cause == conflict.cause,
            col(Alert.status) == AlertStatus.OPEN.value,
        )
        for alert_id in session.exec(query).all():
            decide_alert(session, alert_id or 0, outcome=AlertOutcome.LIFTED, motive=motive, by=by, at=at)
            lifted += 1
    return lifted
