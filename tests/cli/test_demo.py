"""`conference demo` fills an empty instance once, and everything it made is true."""

from pathlib import Path

from conference.domain.permissions import Role
from tests.cli.conftest import Console


def test_demo_once_with_an_account_per_role_and_verify_green(bare_console: Console) -> None:
    answer = bare_console("demo", "--json")
    assert answer.code == 0
    assert {account["role"] for account in answer.json["accounts"]} == {role.value for role in Role} - {"console"}
    again = bare_console("demo")
    assert (again.code, again.out) == (1, "")
    assert bare_console("verify", "--json").json["fault"] is None
    assert bare_console("seal", "--json").json["sealed"] != []
    assert bare_console("seal", "--json").json == {"sealed": []}


def test_summary_twice_gives_the_same_bytes(console: Console, tmp_path: Path) -> None:
    first = console("summary", "2026-03", "--out", tmp_path / "a", "--json")
    assert first.json["files"] == console("summary", "2026-03", "--out", tmp_path / "b", "--json").json["files"]
    for name in ("SYN-2026-03.pdf", "SYN-2026-03-annexe.xlsx"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
