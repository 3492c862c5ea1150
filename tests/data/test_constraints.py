"""Does every rule of the database have its French sentence, and is a broken one told by it?"""

from datetime import date

import pytest
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from conference.data.constraints import SENTENCES, refusal_of
from conference.data.session import Database
from conference.data.tables import AnnualBudget, Organisation, metadata


def rules() -> set[str]:
    named = set()
    for table in metadata.tables.values():
        for constraint in table.constraints:
            if isinstance(constraint, CheckConstraint | UniqueConstraint):
                named.add(str(constraint.name))
        named.update(str(index.name) for index in table.indexes if index.unique)
    return named


def test_every_rule_has_its_sentence_and_no_sentence_is_orphan() -> None:
    assert rules() == set(SENTENCES)


def test_names_fit_the_limit_of_postgresql() -> None:
    assert all(len(name) <= 63 for name in rules())


def test_a_broken_check_and_a_broken_unique_are_told_in_french(database: Database) -> None:
    def organisation(**more: object) -> Organisation:
        return Organisation(code="x", name="X", short_name="X", kind="region", **more)

    with pytest.raises(IntegrityError) as twice, database.writing() as session:
        session.add(organisation())
        session.flush()
        session.add(organisation())
        session.flush()
    assert refusal_of(twice.value).field == "code"
    with pytest.raises(IntegrityError) as disorder, database.writing() as session:
        session.add(organisation(first=date(2026, 2, 1), last=date(2026, 1, 1)))
        session.flush()
    assert refusal_of(disorder.value).message.startswith("La date de fin")


def test_what_is_no_rule_of_ours_is_raised_again(database: Database) -> None:
    with pytest.raises(IntegrityError) as orphan, database.writing() as session:
        session.add(AnnualBudget(funder_id=12345, year=2026, amount=None))
        session.flush()
    with pytest.raises(IntegrityError):
        refusal_of(orphan.value)
