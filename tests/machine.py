"""What happens to a test when this machine lacks what it needs?"""

import os
from typing import NoReturn

import pytest


def lacking(what: str) -> NoReturn:
    """Skip the test for want of `what`, or fail it where everything must be there (CI=true)."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is not optional when CI=true", pytrace=False)
    pytest.skip(f"{what} is not installed")
