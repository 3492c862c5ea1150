"""What does the server take for a page, over a whole generated ledger, for an officer who is signed in?

Through the whole application (Flask's client): session, rights, queries, template. The officer is one of the Région; each
address is the one that a click gives.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from flask.testing import FlaskClient
from sqlmodel import select
from warm import tell

from conference import create_app
from conference.data.session import Database
from conference.data.tables import Account, Organisation
from conference.domain.permissions import Role
from conference.services.sessions import open_session
from conference.settings import load_settings

ADDRESSES = {
    "dashboard": "/tableau-de-bord",
    "dashboard, all years": "/tableau-de-bord?annee=toutes",
    "dashboard by territory": "/tableau-de-bord/par/territoire",
    "dashboard crossed": "/tableau-de-bord/croiser",
    "dashboard flows": "/tableau-de-bord/flux",
    "list": "/engagements",
    "list of a funder": "/engagements?financeur=region",
    "list of a funder and year": "/engagements?financeur=region&annee={year}",
    "list, words sought": "/engagements?q=formation",
}


def main(repeat: str) -> None:
    """Ask for every page `repeat` times, tell how long."""
    settings = load_settings()
    database = Database(settings.url)
    now = datetime.now(UTC)
    client = create_app(settings).test_client()
    client.set_cookie("conference_session", _token(database, now))
    addresses = {label: address.format(year=now.year - 1) for label, address in ADDRESSES.items()}
    tell({label: lambda address=address: _page(client, address) for label, address in addresses.items()}, int(repeat))


def _page(client: FlaskClient, address: str) -> list[tuple[str]]:
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status}")
    return [(answer.text,)]


def _token(database: Database, now: datetime) -> str:
    with database.writing() as session:
        region = session.exec(select(Organisation).where(Organisation.code == "region")).one()
        account = session.exec(select(Account).where(Account.email == "bench@example.org")).one_or_none()
        if account is None:
            account = Account(
                email="bench@example.org",
                name="Agent de la Région",
                organisation_id=region.id,
                role=Role.OFFICER.value,
                created_at=now,
            )
            session.add(account)
            session.flush()
        return open_session(session, account, at=now, awaits_totp=False, browser="bench")


if __name__ == "__main__":
    main(*sys.argv[1:])
