"""Does `conference summary` write both files, say what they hold, and refuse what it does not know?"""

import hashlib
from pathlib import Path

import pytest

from tests.cli.conftest import Console

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def test_facts_and_files_of_an_empty_conference(console: Console, tmp_path: Path) -> None:
    answer = console("summary", "2026-03", "--out", tmp_path, "--json")
    told = answer.json
    assert (answer.code, told["month"], told["scope"], told["provisional"]) == (0, "2026-03", "conference", True)
    assert told["known_on"] is None
    nothing = {"committed": "0.00", "paid": "0.00", "still_to_pay": "0.00"}
    assert told["shared_total"]["all_time"] == nothing
    assert sorted(each["name"] for each in told["files"]) == ["SYN-2026-03-annexe.xlsx", "SYN-2026-03.pdf"]
    for each in told["files"]:
        content = (tmp_path / each["name"]).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (each["sha256"], each["bytes"])


def test_paths_are_printed_without_json(console: Console, tmp_path: Path) -> None:
    answer = console("summary", "2026-03", "--out", tmp_path)
    assert answer.out.split() == [str(tmp_path / "SYN-2026-03.pdf"), str(tmp_path / "SYN-2026-03-annexe.xlsx")]


def test_unknown_funder_month_and_folder_are_misuse(console: Console, tmp_path: Path) -> None:
    unknown = console("summary", "2026-03", "--scope", "nobody", "--out", tmp_path)
    assert (unknown.code, unknown.out) == (2, "")
    assert "nobody" in unknown.err
    assert console("summary", "mars", "--out", tmp_path).code == 2
    (tmp_path / "file").write_text("")
    assert console("summary", "2026-03", "--out", tmp_path / "file" / "below").code == 2
