"""Which tests must be run by the same process, when several share them out?

Those that open a page, which share a server and a browser. They are the largest group, so xdist gives them out first and
no worker ends alone with them. This is what `xdist_group` says, which pytest-xdist 3.8 no longer sees with pytest 9.2
(pytest-xdist issue 1386): its mark travelled in a name that pytest now keeps to itself.
"""

from xdist.scheduler import LoadScopeScheduling

FOLDER = "tests/e2e/"
WITHOUT_PAGES = ("tests/e2e/test_crash.py",)


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """The tests that open a page together, the others one by one."""

    def _split_scope(self, nodeid: str) -> str:
        opens_pages = nodeid.startswith(FOLDER) and not nodeid.startswith(WITHOUT_PAGES)
        return "browser" if opens_pages else nodeid
