"""Does the project keep the rules of the house, and does each rule catch a file that breaks it?"""

from pathlib import Path, PurePosixPath

import pytest

from tests.house.rules import RULES, Rule, faults, project_files
from tests.house.rules import clock as reads_clock

DOC = '"""What?"""\n'
SHORT = DOC + "def f() -> None:\n" + "    f()\n" * 59
BAD: dict[str, list[tuple[str, str]]] = {
    "long_file": [("conference/domain/money.py", DOC + "x = 1\n" * 600), ("static/site.css", "a {}\n" * 601)],
    "long_function": [
        ("conference/domain/money.py", SHORT + "    f()\n"),
        ("tests/domain/test_money.py", DOC + "def f() -> None:\n" + "    f()\n" * 90),
    ],
    "missing_docstring": [("conference/domain/money.py", "x = 1\n"), ("conference/web/__init__.py", "")],
    "drawer": [
        ("conference/web/utils.py", DOC),
        ("conference/data/base/money.py", DOC),
        ("conference/services/form_helpers.py", DOC),
        ("templates/common/list.html", ""),
    ],
    "file_name": [("conference/web/Money.py", DOC), ("templates/money/new-entry.html", ""), ("static/Site.css", "")],
    "leftover": [
        ("conference/web/money.py", "# TO" + "DO later"),
        ("README.md", "FIX" + "ME"),
        ("scripts/run", "XX" + "X"),
    ],
    "machine_path": [
        ("scripts/run", "cd /wo" + "rk/main"),
        ("README.md", "see /ro" + "ot/x"),
        ("README.md", "/ho" + "me/ada"),
    ],
    "registry": [
        ("requirements.lock", "--index-url https://py" + "pi.org/simple"),
        ("README.md", "deb.deb" + "ian.org"),
    ],
    "inline_code": [
        ("templates/money/list.html", "<script>go()</script>"),
        ("templates/money/list.html", '<p\n style="color: red">'),
        ("templates/money/list.html", '<a href="{{ 1 if a > b }}" onclick="go()">'),
        ("templates/money/list.html", "<style>p {}</style>"),
        ("templates/money/list.html", '<a href="javascript:go()">'),
        ("templates/money/list.html", "{{ name | safe }}"),
    ],
    "clock": [
        ("conference/services/money.py", "date.today()"),
        ("conference/domain/money.py", "datetime.datetime.now(UTC)"),
        ("conference/data/money.py", "x = datetime.utcnow()"),
        ("conference/documents/money.py", "time.time()"),
    ],
    "foreign_import": [
        ("conference/domain/money.py", "import numpy"),
        ("conference/domain/money.py", "from conference.data.session import Database"),
        ("conference/domain/money.py", "from . import money"),
        ("conference/domain/money.py", "def f() -> None:\n    import sqlmodel"),
    ],
    "mock": [
        ("tests/web/test_money.py", "from unittest.mock import patch"),
        ("tests/web/test_money.py", "import mock"),
    ],
}
GOOD = {
    "conference/domain/money.py": SHORT + "import decimal\nfrom conference.domain import period\n",
    "conference/web/database.py": DOC + "date.today()\n",
    "templates/_ui/field.html": '<script src="/static/a.js"></script><p class="x">{{ a > b }}</p>{# style="" #}',
    "templates/money/list.html": '<a href="/x" data-on="1" lang="fr">{{ on }} = one</a> <option value="a">',
    "scripts/run": "cd /workshop; cat /rooted ../root ./home/x",
    "tests/domain/test_money.py": "import pytest\n",
}


def test_project_keeps_every_rule() -> None:
    assert faults() == []


def test_every_rule_has_a_bad_sample() -> None:
    assert set(BAD) == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_rule_catches_its_bad_samples_and_accepts_good_ones(rule: Rule) -> None:
    for path, text in BAD[rule.__name__]:
        assert list(rule(PurePosixPath(path), text)), (path, text)
    for path, text in GOOD.items():
        assert list(rule(PurePosixPath(path), text)) == [], (path, text)


def test_each_fault_is_reported_with_its_place() -> None:
    found = list(reads_clock(PurePosixPath("conference/services/money.py"), "\n\nday = date.today()\n"))
    assert found == ["line 3: date.today() reads the clock"]


def test_faults_of_a_bad_project_are_all_found(tmp_path: Path) -> None:
    (tmp_path / "conference" / "web").mkdir(parents=True)
    (tmp_path / "conference" / "web" / "utils.py").write_text("x = 1\n")
    assert faults(tmp_path) == [
        "conference/web/utils.py: missing_docstring: no module docstring",
        "conference/web/utils.py: drawer: utils is a drawer: find the noun",
    ]


def test_rules_see_the_files_of_every_room() -> None:
    seen = {path.name for path in project_files()}
    assert {"settings.py", "setup", "run", "requirements.lock", "rules.py", "pyproject.toml"} <= seen
