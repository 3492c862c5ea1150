"""What the tests of services share: the reference validator of documents."""

import pytest

from tests.documents.verapdf.validator import Validator


@pytest.fixture(scope="session")
def validator(tmp_path_factory: pytest.TempPathFactory) -> Validator:
    return Validator(tmp_path_factory.mktemp("verapdf"))
