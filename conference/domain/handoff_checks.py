"""Which handoffs need somebody's eye: left without an answer, or refused and not proposed again?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from conference.domain.alert_facts import AlertFacts, Finding, HandoffFacts
from conference.domain.alert_words import AlertSeverity
from conference.domain.french import format_date
from conference.domain.handoff import HandoffStatus

FAILED = (HandoffStatus.REFUSED, HandoffStatus.EXPIRED)


def handoff_unanswered(facts: AlertFacts) -> Iterator[Finding]:
    """A proposal that has used half of its delay, urgent from its last day on. Its receiver should act."""
    for handoff in facts.followed.handoffs:
        if handoff.status is not HandoffStatus.PROPOSED or handoff.proposed_on is None or handoff.answer_by is None:
            continue
        half = handoff.proposed_on + timedelta(days=((handoff.answer_by - handoff.proposed_on).days + 1) // 2)
        if not facts.today.reached(half):
            continue
        severity = AlertSeverity.URGENT if facts.today.reached(handoff.answer_by) else AlertSeverity.IMPORTANT
        message = (
            f"Le relais {handoff.reference} proposé le {format_date(handoff.proposed_on)} attend une réponse, "
            f"au plus tard le {format_date(handoff.answer_by)}."
        )
        due = handoff.answer_by
        yield _finding("handoff_unanswered", handoff, severity, handoff.receiver_id, message)._replace(due_on=due)


def handoff_refused(facts: AlertFacts) -> Iterator[Finding]:
    """A handoff refused or expired that no later one of the same step replaces, until its step is over. Its sender should
    act."""
    for handoff in facts.followed.handoffs:
        if handoff.status not in FAILED or _replaced(facts, handoff):
            continue
        steps = [facts.followed.step(each) for each in (handoff.from_step_id, handoff.to_step_id) if each]
        lasts = [step.period.last for step in steps if step is not None]
        if not lasts or facts.today.passed(max(lasts)):
            continue
        said = "a été refusé" if handoff.status is HandoffStatus.REFUSED else "a expiré sans réponse"
        message = (
            f"Le relais {handoff.reference}, pour les jours à partir du {format_date(handoff.first_day)}, {said} "
            "et aucun autre n’est proposé."
        )
        begun = facts.today.reached(handoff.first_day)
        severity = AlertSeverity.URGENT if begun else AlertSeverity.IMPORTANT
        yield _finding("handoff_refused", handoff, severity, handoff.sender_id, message)


def _replaced(facts: AlertFacts, handoff: HandoffFacts) -> bool:
    """Is there a later handoff of the same step that was not given up? A draft is not yet one."""
    gone = (HandoffStatus.DRAFT, HandoffStatus.WITHDRAWN)
    return any(
        other.from_step_id == handoff.from_step_id and other.id > handoff.id and other.status not in gone
        for other in facts.followed.handoffs
    )


def _finding(code: str, handoff: HandoffFacts, severity: AlertSeverity, organisation_id: int, message: str) -> Finding:
    first = handoff.first_day
    return Finding(code, str(handoff.id), severity, first, first, 0, None, organisation_id, message)
