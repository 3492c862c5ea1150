"""What do tests start from? Small worlds made through the services, as a user could have made them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from conference.data.session import Database
from conference.data.tables import Account, Organisation
from conference.data.tables.organisation import OrganisationKind
from conference.domain.ledger import EntrySource
from conference.domain.permissions import CONSOLE, Actor, Role
from conference.services.commitments import CommitmentLine, commit_funds
from conference.services.instance import init_instance
from conference.services.organisations import add_organisation
from conference.services.sessions import actor_of, open_session

AT = datetime(2026, 4, 20, 8, 0, tzinfo=UTC)
"""The instant at which these worlds are made: 20 April 2026, ten in the morning in Paris."""

ORGANISATIONS = (
    ("region", "Région Exemple", OrganisationKind.REGION, True, "23750007900312"),
    ("opco", "OPCO Exemple", OrganisationKind.OPCO, True, "85215620700014"),
    ("france_travail", "France Travail", OrganisationKind.FRANCE_TRAVAIL, True, None),
    ("secretariat", "Secrétariat de la conférence", OrganisationKind.COORDINATION, False, None),
    ("centre", "Centre de formation du Bâtiment", OrganisationKind.PROVIDER, False, None),
)


@dataclass(frozen=True)
class World:
    """A conférence with three funders, a secretariat and a provider: identifiers by code, one actor per account."""

    organisations: dict[str, int]
    actors: dict[str, Actor]

    def __getitem__(self, code: str) -> int:
        return self.organisations[code]


def make_world(database: Database, *, first_month: date = date(2021, 1, 1)) -> World:
    """Init the instance, add ORGANISATIONS and accounts: `region`, `region_signatory`, `opco`, `opco_signatory`,
    `france_travail`, `coordinator`, `reader` (of the Région), `admin`."""
    with database.writing() as session:
        init_instance(session, by=CONSOLE, at=AT, name="Conférence Exemple", region="Exemple", first_month=first_month)
        for code, name, kind, is_funder, _ in ORGANISATIONS:
            add_organisation(session, code=code, name=name, kind=kind, is_funder=is_funder, by=CONSOLE, at=AT)
        organisations = {row.code: row.id or 0 for row in session.exec(select(Organisation))}
        accounts = (
            ("region", "region", Role.OFFICER),
            ("region_signatory", "region", Role.SIGNATORY),
            ("opco", "opco", Role.OFFICER),
            ("opco_signatory", "opco", Role.SIGNATORY),
            ("france_travail", "france_travail", Role.OFFICER),
            ("coordinator", "secretariat", Role.COORDINATOR),
            ("reader", "region", Role.READER),
            ("admin", "secretariat", Role.ADMIN),
        )
        actors = {}
        for login, code, role in accounts:
            account = Account(
                email=f"{login}@example.org",
                name=f"Compte {login}",
                organisation_id=organisations[code],
                role=role.value,
                created_at=AT,
            )
            session.add(account)
            session.flush()
            actors[login] = actor_of(session, account)
    return World(organisations, actors)


def commit(
    session: Session, world: World, who: str, amount: str, decided_on: date = date(2026, 3, 2), **more: Any
) -> int:
    """A commitment of the organisation of actor `who`; its identifier."""
    actor = world.actors[who]
    assert actor.organisation_id is not None
    line = CommitmentLine(funder_id=actor.organisation_id, amount=Decimal(amount), decided_on=decided_on, **more)
    commitment = commit_funds(session, line, by=actor, at=AT, source=EntrySource.FORM)
    assert commitment.id is not None
    return commitment.id


def sign_in_token(database: Database, actor: Actor, at: datetime | None = None) -> str:
    """The token of a fresh session of `actor`, for the cookie `conference_session`."""
    with database.writing() as session:
        account = session.get_one(Account, actor.account_id)
        return open_session(session, account, at=at or datetime.now(UTC), awaits_totp=False, browser="test")
