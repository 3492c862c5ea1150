"""A file that says who somebody is: nothing of it is kept but what the rows say of a parcours, and nothing quotes a NIR."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from conference.data.queries.imports import import_result
from conference.data.session import Database
from conference.domain.importing.remarks import RemarkKind
from conference.services.files import file_path
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import make_world
from tests.services.sending import send, staged
from tests.services.test_people_import import book

NIR = "2 85 05 78 006 084 36"
STEPS = "Référence du parcours;Référence de l’étape;Type d’étape;Intitulé de l’étape;Premier jour;Dernier jour;Nombre d’heures"
PARCOURS = "Référence du parcours;Type de parcours;Situation clé"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("text", "refused", "warned", "is_kept"),
    [
        (f"{PARCOURS}\nD-1;Insertion;1\n", [], [], True),
        (f"{PARCOURS};Prénom\nD-1;Insertion;1;Camille\n", [], ["identity_column"], False),
        (
            f"{PARCOURS};Suivi\nD-1;Insertion;1;{NIR}\nD-2;Insertion;1;{NIR}\n",
            [],
            ["unknown_column", "nir_left"],
            False,
        ),
        (f"{PARCOURS};Sans allocation à l’entrée\nD-1;Insertion;1;{NIR}\n", ["nir"], [], False),
        (f"{STEPS}\nD-1;S-1;Formation;Soudure;{NIR};31/07/2026;\n", ["nir"], [], False),
        (f"{STEPS}\nD-1;S-1;Formation;Soudure;04/05/2026;31/07/2026;2850578006084\n", ["nir"], [], False),
    ],
)
def test_a_file_that_names_somebody_is_not_kept(
    database: Database, settings: Settings, text: str, refused: list[str], warned: list[str], is_kept: bool
) -> None:
    world = make_world(database)
    region = world.actors["region"]
    sent = send(database, text.encode(), by=region, filename="gens.csv", instance=settings.instance)
    assert (sent.codes(), sent.codes(RemarkKind.WARNING)) == (refused, warned)
    quoted = [each.message for remarks in sent.remarks.values() for each in remarks]
    assert not any("006" in message or "Camille" in message for message in quoted)
    number = sent.state.import_file_id
    with database.reading() as session:
        if number is not None:
            assert import_result(session, region, number).is_kept is is_kept
        assert verify(session, instance=settings.instance).first_fault is None
    assert file_path(settings.instance, sent.state.sha256).exists() is (is_kept and number is not None)
    told = [path.read_bytes() for path in settings.instance.rglob("*") if path.is_file()]
    assert not any(shape in content for content in told for shape in (NIR.encode(), b"2850578006084", b"Camille"))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("title", "is_kept"), [("Stagiaires", False), ("Mode d’emploi", True)])
def test_a_sheet_of_names_beside_is_enough(database: Database, settings: Settings, title: str, is_kept: bool) -> None:
    region = make_world(database).actors["region"]
    made: Any = openpyxl.load_workbook(BytesIO(book([{}])))
    for cells in (["Nom", "Prénom"], ["Durand", "Camille"]):
        made[title].append(cells) if title in made else made.create_sheet(title).append(cells)
    out = BytesIO()
    made.save(out)
    sent = send(database, out.getvalue(), by=region, filename="gens.xlsx", instance=settings.instance)
    assert sent.state.created == 1
    assert file_path(settings.instance, sent.state.sha256).exists() is is_kept
    with database.reading() as session:
        assert import_result(session, region, sent.state.import_file_id or 0).is_kept is is_kept
        assert verify(session, instance=settings.instance).first_fault is None


def test_what_was_sent_goes_once_it_is_written(database: Database, settings: Settings) -> None:
    region = make_world(database).actors["region"]
    text = f"{PARCOURS};Nom de naissance\nD-1;Insertion;1;Durand\n"
    with staged(database, text.encode(), by=region, filename="gens.csv", instance=settings.instance) as (_, found):
        assert found.path.exists()
    sent = send(database, text.encode(), by=region, filename="gens.csv", instance=settings.instance)
    written = settings.instance / "staged" / sent.state.id
    assert (sent.state.created, written.exists(), (written / "file").exists()) == (1, True, False)
    with database.reading() as session:
        assert verify(session, instance=settings.instance).first_fault is None
