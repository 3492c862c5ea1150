"""Does `conference convention pdf` give the file that was kept, a draft that says so, and a sentence for what is not there?"""

import hashlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest

from conference.data.session import Database
from conference.services.files import file_path
from conference.settings import Settings
from tests.cli.conftest import Console
from tests.seeds import make_world
from tests.services.drafted_conventions import completed, drafted, to_sign

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Put = Callable[[], str]


@pytest.fixture
def put(console: Console, database: Database, settings: Settings) -> Put:
    """A convention put to signature; the SHA-256 of its kept file."""

    def made() -> str:
        world = make_world(database)
        with database.writing() as session:
            version = drafted(session, world)
            completed(session, world, version)
            to_sign(session, world, settings.instance, version)
            return version.file_sha256 or ""

    return made


def test_text_put_to_signature_is_the_kept_file(put: Put, console: Console, tmp_path: Path) -> None:
    kept, file = put(), tmp_path / "folder" / "text.pdf"
    answer = console("convention", "pdf", "c-2026-001", "--out", file, "--json")
    assert (answer.code, answer.json["kept"], answer.json["sha256"]) == (0, True, kept)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == kept
    assert len(answer.json["fingerprint"]) == 64


def test_kept_file_that_is_gone_is_said(put: Put, console: Console, settings: Settings, tmp_path: Path) -> None:
    file_path(settings.instance, put()).unlink()
    answer = console("convention", "pdf", "C-2026-001", "--out", tmp_path / "text.pdf")
    assert (answer.code, answer.out) == (2, "")
    assert "gone" in answer.err


def test_draft_is_made_as_it_reads_and_says_so(console: Console, database: Database, tmp_path: Path) -> None:
    world = make_world(database)
    with database.writing() as session:
        number = drafted(session, world).convention_id
    file = tmp_path / "text.pdf"
    answer = console("convention", "pdf", f"projet-{number}", "--out", file)
    assert (answer.code, answer.out) == (0, f"{file}\n")
    with closing(pypdfium2.PdfDocument(file)) as pdf, closing(pdf[1]) as page, closing(page.get_textpage()) as text:
        assert f"Projet {number} – page 2/{len(pdf)}" in text.get_text_bounded()
    again = tmp_path / "again.pdf"
    console("convention", "pdf", f"projet-{number}", "--out", again)
    assert again.read_bytes() == file.read_bytes()


@pytest.mark.parametrize("name", ["C-2026-009", "projet-9", "C-2026-001-A1", "C-2026", "rien", "projet-٣"])
def test_name_of_nothing_is_misuse(console: Console, tmp_path: Path, name: str) -> None:
    answer = console("convention", "pdf", name, "--out", tmp_path / "text.pdf")
    assert (answer.code, answer.out) == (2, "")
    assert not (tmp_path / "text.pdf").exists()


def test_folder_that_cannot_be_made_is_misuse(put: Put, console: Console, tmp_path: Path) -> None:
    put()
    (tmp_path / "file").write_text("")
    assert console("convention", "pdf", "C-2026-001", "--out", tmp_path / "file" / "text.pdf").code == 2
