"""What does the server take for the pages of parcours, for an officer and for the coordinator, who are signed in?

Through the whole application, as `pages`. The parcours is one of those that lack days.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlmodel import Session, select
from warm import tell

from conference import create_app
from conference.data.session import Database
from conference.data.tables import Account, Organisation
from conference.domain.permissions import Role
from conference.services.sessions import open_session
from conference.settings import load_settings

ADDRESSES = {
    "a parcours": ("officer", "/parcours/{parcours}"),
    "list of parcours": ("officer", "/parcours"),
    "needs, coordinator": ("coordinator", "/alertes/besoins"),
    "needs, officer (small sums hidden)": ("officer", "/alertes/besoins"),
    "gaps behind a sum, coordinator": ("coordinator", "/alertes/besoins/trous?{cell}"),
    "gaps behind a sum, officer": ("officer", "/alertes/besoins/trous?{cell}"),
    "alerts, coordinator": ("coordinator", "/alertes"),
}
FOUND = (
    "SELECT g.parcours_id, g.month, t.code FROM gap g JOIN parcours p ON p.id = g.parcours_id "
    "JOIN territory t ON t.id = g.territory_id JOIN organisation o ON o.id = p.referent_id "
    "WHERE o.code = 'region' ORDER BY g.id DESC LIMIT 1"
)


def main(repeat: str) -> None:
    """Ask for every page `repeat` times, tell how long."""
    settings = load_settings()
    database = Database(settings.url)
    app, now = create_app(settings), datetime.now(UTC)
    with database.writing() as session:
        clients = {role.value: _client(app, session, role, now) for role in (Role.OFFICER, Role.COORDINATOR)}
        parcours, month, territory = session.connection().execute(text(FOUND)).one()
    cell = f"du={month // 100}-{month % 100:02d}&au={month // 100}-{month % 100:02d}&territoire={territory}"
    asked = {label: (who, address.format(parcours=parcours, cell=cell)) for label, (who, address) in ADDRESSES.items()}
    tell({label: lambda each=each: _page(clients[each[0]], each[1]) for label, each in asked.items()}, int(repeat))


def _page(client: FlaskClient, address: str) -> list[tuple[str]]:
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status}")
    return [(answer.text,)]


def _client(app: Flask, session: Session, role: Role, now: datetime) -> FlaskClient:
    """A browser of an account of the Région with that role."""
    region = session.exec(select(Organisation).where(Organisation.code == "region")).one()
    email = f"bench-{role.value}@example.org"
    account = session.exec(select(Account).where(Account.email == email)).one_or_none()
    if account is None:
        account = Account(
            email=email, name="Agent de la Région", organisation_id=region.id, role=role.value, created_at=now
        )
        session.add(account)
        session.flush()
    client = app.test_client()
    token = open_session(session, account, at=now, awaits_totp=False, browser="bench")
    client.set_cookie("conference_session", token)
    return client


if __name__ == "__main__":
    main(*sys.argv[1:])
