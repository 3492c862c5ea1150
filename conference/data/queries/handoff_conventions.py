"""Under which convention of the receiver does the engagement of a handoff fall?

Where one convention of the kind relay is in force between the two funders, under that one; where there are several, or another
convention of the receiver pays such courses, the receiver says which.
"""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from conference.data.queries.convention_choices import ConventionChoice, choices_of
from conference.data.tables import Handoff
from conference.domain.convention import ConventionKind


@dataclass(frozen=True)
class HandoffConventions:
    """The conventions of the receiver in which the days of a handoff fall: `relays`, those of that kind between the two."""

    relays: tuple[ConventionChoice, ...]
    others: tuple[ConventionChoice, ...]

    @property
    def by_itself(self) -> ConventionChoice | None:
        """The one that applies where nobody chooses: the only one between the two."""
        return self.relays[0] if len(self.relays) == 1 else None

    @property
    def all(self) -> tuple[ConventionChoice, ...]:
        """Those that may be chosen."""
        return (*self.relays, *self.others)


def handoff_conventions(session: Session, handoff_id: int, on: date) -> HandoffConventions:
    """Those of a handoff that is answered on the day `on`. The caller has checked that its reader answers for the receiver."""
    handoff = session.get_one(Handoff, handoff_id)
    fitting = [each for each in choices_of(session, handoff.receiver_id) if _fits(each, handoff.first_day, on)]
    shared = {each.id for each in choices_of(session, handoff.receiver_id, handoff.sender_id)}
    relays = [each for each in fitting if each.kind == ConventionKind.RELAY and each.id in shared]
    ids = {each.id for each in relays}
    return HandoffConventions(tuple(relays), tuple(each for each in fitting if each.id not in ids))


def _fits(choice: ConventionChoice, first_day: date, on: date) -> bool:
    return choice.last is None or max(first_day, on) <= choice.last
