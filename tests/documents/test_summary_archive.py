"""Does the document that the service makes, of a real ledger or of none, keep both standards of archiving and access?"""

from datetime import date

import pytest

from conference.data.session import Database
from conference.services.summaries import made_summary
from tests.documents.verapdf.validator import Validator
from tests.seeds import commit, make_world

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.mark.parametrize("scope", [None, "region"])
@pytest.mark.parametrize("has_entries", [True, False])
def test_document_of_the_service_keeps_both_standards(
    database: Database, validator: Validator, scope: str | None, has_entries: bool
) -> None:
    world = make_world(database)
    if has_entries:
        with database.writing() as session:
            commit(session, world, "region", "1000.00", persons=3, to_funder_id=world["opco"], object="<&> \u0000 =1+1")
            commit(session, world, "opco", "1000.00", date(2025, 2, 1), persons=40)
    with database.reading() as session:
        made = made_summary(session, date(2026, 3, 1), threshold=11, scope=scope)
    assert validator.broken_rules(made.files[f"{made.summary.reference}.pdf"]) == []
