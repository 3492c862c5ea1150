"""What the tests of documents share: the reference validator and the text read back from a PDF."""

import shutil
import subprocess
from collections.abc import Callable

import pytest

from tests.documents.verapdf.validator import Validator


@pytest.fixture(scope="session")
def validator(tmp_path_factory: pytest.TempPathFactory) -> Validator:
    return Validator(tmp_path_factory.mktemp("verapdf"))


@pytest.fixture
def read_text() -> Callable[[bytes], str]:
    """The text of a PDF as poppler lays it out; poppler gives every kind of space as a plain one."""
    assert shutil.which("pdftotext"), "poppler-utils is needed (Debian: poppler-utils)"

    def read(content: bytes) -> str:
        command = ["pdftotext", "-layout", "-enc", "UTF-8", "-", "-"]
        return subprocess.run(command, input=content, check=True, capture_output=True).stdout.decode("utf-8")

    return read
