"""Which test is the first to notice a change? Examples, in milliseconds; properties of many examples only when none has."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests of one mutant."""
    items.sort(key=lambda item: (bool(item.get_closest_marker("hypothesis")), item.nodeid))
