"""Does the matrix say what the visibility rules say? (PRODUCT §2, SEMANTICS §4)"""

import pytest

from conference.domain.permissions import (
    CONSOLE,
    LINE_COLUMNS,
    MATRIX,
    Actor,
    Relation,
    Role,
    is_granted,
    is_granted_somewhere,
    require,
)
from conference.domain.refusal import Forbidden

HIDDEN = {"reference", "object", "provider", "persons", "funder_reference", "decision_reference", "accounting_number"}
PEOPLE = {name for name in MATRIX if name.startswith(("parcours.", "alert."))}


def actor(role: Role) -> Actor:
    return Actor(1, "x", role, 7, "x")


def test_of_others_lines_only_the_granted_columns_are_seen() -> None:
    assert LINE_COLUMNS[Relation.OTHER] == set(
        "funder scheme audience nature territory month committed paid still_to_pay".split()
    )
    assert not LINE_COLUMNS[Relation.OTHER] & HIDDEN
    assert LINE_COLUMNS[Relation.OWN] >= HIDDEN


def test_a_reader_sees_no_line_and_no_person() -> None:
    for action in MATRIX:
        if action.startswith(("commitment.", "entry.", "attachment.", "import.")) or action in PEOPLE:
            assert not is_granted_somewhere(actor(Role.READER), action), action


def test_an_administrator_sees_nothing_nominative() -> None:
    assert not any(is_granted_somewhere(actor(Role.ADMIN), action) for action in PEOPLE)


@pytest.mark.parametrize("action", sorted(MATRIX))
def test_nobody_writes_in_the_books_of_another(action: str) -> None:
    if action.split(".")[0] in {"commitment", "entry", "budget", "threshold", "attachment"} and not action.endswith(
        (".list", ".export")
    ):
        for role in Role:
            if role is not Role.CONSOLE:
                assert not is_granted(actor(role), action, Relation.OTHER), role


def test_require_raises_where_the_matrix_does_not_grant() -> None:
    with pytest.raises(Forbidden):
        require(actor(Role.READER), "commitment.create", Relation.OWN)
    require(actor(Role.OFFICER), "commitment.create", Relation.OWN)
    require(CONSOLE, "commitment.create", Relation.OTHER)


def test_relation_is_own_only_for_ones_own_organisation() -> None:
    assert actor(Role.OFFICER).relation_to(7) is Relation.OWN
    assert actor(Role.OFFICER).relation_to(8) is Relation.OTHER
    assert Actor(1, "x", Role.OFFICER, None).relation_to(None) is Relation.OTHER


def test_a_menu_shows_what_is_granted_on_some_object() -> None:
    assert is_granted_somewhere(actor(Role.OFFICER), "commitment.create") is True
    assert is_granted_somewhere(actor(Role.READER), "dashboard.read") is True
    assert is_granted_somewhere(actor(Role.READER), "commitment.create") is False
    assert is_granted_somewhere(CONSOLE, "journal.read") is True
    assert is_granted(CONSOLE, "no.such.action", Relation.OWN) is False
    assert CONSOLE.relation_to(7) is Relation.OWN
