"""A process that tries night after night: `python runs_process.py NAME PERIODS`.

Each period's work adds one message, and now and then rests in the middle of its transaction so that a kill finds it there.
It goes round until every period is done, with its own idea of the time: ten minutes more at each round.
"""

import random
import sys
import time
from datetime import timedelta

from sqlmodel import Session, select

from conference.data.session import Database
from conference.data.tables import Account, OutboxMessage
from conference.services.runs import Task, done_scopes, perform
from conference.settings import load_settings
from tests.seeds import AT


def effect(session: Session, period: str) -> str:
    """One message for the period, written slowly."""
    account = session.exec(select(Account.id).order_by(Account.id)).first()
    assert account is not None
    # No UNIQUE key of the message helps here: a second effect would be a second row.
    key = f"{period}:{random.getrandbits(60)}"
    session.add(OutboxMessage(key=key, kind="test", account_id=account, subject=period, body="", created_at=AT))
    session.flush()
    time.sleep(random.random() * 0.03)
    return period


def main() -> None:
    """Try until all is done."""
    name, periods = sys.argv[1], [f"period-{number}" for number in range(int(sys.argv[2]))]
    database, at = Database(load_settings().url), AT
    while True:
        for period in random.sample(periods, len(periods)):
            perform(database, Task("test", period), lambda session, p=period: effect(session, p), at=at, owner=name)
        with database.reading() as session:
            if all(done_scopes(session, "test", period) for period in periods):
                return
        at += timedelta(minutes=10)


if __name__ == "__main__":
    main()
