"""What is this conférence called, and is it the demo?"""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from conference.data.tables import ConferenceProfile


@dataclass(frozen=True)
class ShownProfile:
    """What pages and documents say of the conférence. `needs_setup`: its first page has not been filled in."""

    name: str
    region: str
    first_month: date
    is_demo: bool
    needs_setup: bool
    exists: bool


def shown_profile(session: Session) -> ShownProfile:
    """The profile, or what stands for it before `init`."""
    row = session.get(ConferenceProfile, 1)
    if row is None:
        return ShownProfile("Conférence des financeurs", "", date(2000, 1, 1), False, True, False)
    return ShownProfile(row.name, row.region, row.first_month, row.is_demo, row.needs_setup, True)


def profile_version(session: Session) -> int:
    """Version of the profile, that a form carries; 0 before `init`."""
    row = session.get(ConferenceProfile, 1)
    return row.version if row is not None else 0
