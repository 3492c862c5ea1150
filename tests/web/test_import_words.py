"""How an import is told: places in the file, groups of remarks, what a column may be."""

import pytest

from conference.data.queries.imports import grouped
from conference.domain.importing.field import PEOPLE
from conference.domain.importing.fields import FACTS, Field
from conference.domain.importing.remarks import Remark
from conference.services.staging import Stage, StagedState
from conference.web.import_words import choices_of, groups_told, progress_told, repeated, told_places


@pytest.mark.parametrize(
    ("places", "told"),
    [
        (["F12", "F40", "F77"], "F12, F40, F77"),
        (["C2", "H2", "C3", "H3", "C4"], "C2 à C4, H2, H3"),
        (["ligne 7"], "ligne 7"),
        (["ligne 2", "ligne 3", "ligne 4", "ligne 9", "ligne 8"], "lignes 2 à 4, 8, 9"),
        (
            ["Feuille 1, C2", "Feuille 1, C3", "Feuille 1, C4", "Feuille 1, ligne 9"],
            "Feuille 1, C2 à C4, Feuille 1, ligne 9",
        ),
        (["2019, lot 3, C2"], "2019, lot 3, C2"),
        ([], ""),
    ],
)
def test_places_are_told_by_runs(places: list[str], told: str) -> None:
    assert ", ".join(told_places(places)) == told


def test_remarks_of_one_code_are_one_group_with_its_places_and_first_sentence() -> None:
    remarks = [Remark(row, f"F{row}", "date", f"La date « {row} » n’est pas lisible.") for row in (12, 40, 77)]
    [group] = groups_told(grouped(remarks))
    assert (group.title, group.places) == ("3 dates illisibles", "F12, F40, F77")
    assert group.message == "Par exemple : La date « 12 » n’est pas lisible."


def test_a_long_group_says_how_many_places_it_does_not_name() -> None:
    [group] = groups_told(grouped(Remark(row, f"F{row}", "date", "Même phrase.") for row in range(2, 1232)))
    assert (group.title, group.places, group.message) == (
        "1\u202f230 dates illisibles",
        "F2 à F21 et 1\u202f210 autres",
        "Même phrase.",
    )


def test_unknown_code_is_a_line_and_its_sentence() -> None:
    [group] = groups_told(grouped([Remark(3, None, "ledger", "Une règle.")]))
    assert (group.title, group.places, group.message) == ("1 ligne", "ligne 3", "Une règle.")


def test_every_field_is_offered_once() -> None:
    offered = [field for _, fields in choices_of() for field, _ in fields]
    assert sorted(offered) == sorted(field for field in Field if not FACTS[field].targets <= PEOPLE)
    assert len(offered) == len(set(offered))


def test_field_given_twice_is_found() -> None:
    assert repeated([Field.AMOUNT, None, Field.YEAR, None, Field.AMOUNT]) == {Field.AMOUNT}


@pytest.mark.parametrize(
    ("stage", "done", "total", "rows", "part", "told"),
    [
        (Stage.SENT, 0, 0, 0, "Lecture du fichier", "0\xa0%"),
        (Stage.READING, 34, 100, 0, "Lecture du fichier", "34\xa0%"),
        (Stage.READING, 5, 10, 10, "Vérification des lignes", "50\xa0%"),
        (Stage.CONFIRMED, 10, 10, 10, "Enregistrement des lignes", "0\xa0%"),
        (Stage.WRITING, 12, 10, 10, "Enregistrement des lignes", "100\xa0%"),
    ],
)
def test_progress_says_what_is_going_on(stage: Stage, done: int, total: int, rows: int, part: str, told: str) -> None:
    state = StagedState("x", 1, "f.csv", "0" * 64, 100, stage=stage, done=done, total=total, rows=rows)
    assert (progress_told(state).part, progress_told(state).told) == (part, told)
