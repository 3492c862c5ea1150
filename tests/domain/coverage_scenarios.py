"""How is a scenario of the law read, and what of it must hold?

A scenario is a TOML file: `name` and `article` (the text of law), sometimes a `note` where the texts leave a doubt;
`given`, a case with the keys of `conference coverage`; `expected`, only what must be equal:

- `days`, `need` and `reduced`; "à vérifier" for an amount that is not known;
- `segments`: each is `[first, last, status]`, or a table of which each key given must be equal;
- `dead_time` and `overlaps`: tables, in the same way;
- `takeover`: by scheme, the verdict that every one of its rows must have, or "absent" where there must be none;
- `why`: by scheme, the verdict of conditions that each of its rows must hold.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from conference.domain.case import Case
from conference.domain.case_reading import read_case
from conference.domain.period import Period
from conference.domain.segment import Coverage, Overlap, Segment

FOLDER = Path(__file__).parent / "scenarios" / "coverage"
PATHS = sorted(FOLDER.glob("*/*.toml"))
TO_CHECK = "à vérifier"
KEYS = {"name", "article", "note", "given", "expected"}
EXPECTED = {"days", "need", "reduced", "segments", "dead_time", "overlaps", "takeover", "why"}


@dataclass(frozen=True)
class Scenario:
    """One file: its case, and what must be equal."""

    name: str
    case: Case
    expected: Mapping[str, Any]


def scenario(path: Path) -> Scenario:
    raw = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    assert set(raw) <= KEYS and raw["name"] and raw["article"], path
    assert set(raw["expected"]) <= EXPECTED and raw["expected"], path
    return Scenario(raw["name"], read_case(raw["given"], 1), raw["expected"])


def answer(found: Coverage, expected: Mapping[str, Any]) -> dict[str, Any]:
    """What the engine says of each thing that the scenario asks, in the words of the scenario."""
    said: dict[str, Any] = {}
    for key, asked in expected.items():
        said[key] = ANSWERS[key](found, asked)
    return said


def days(found: Coverage, asked: Mapping[str, int]) -> dict[str, int]:
    return {name: getattr(found.days, name) for name in asked}


def need(found: Coverage, asked: str) -> str:
    return money(found.need)


def reduced(found: Coverage, asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"days": found.reduced.days, "loss": money(found.reduced.loss)}


def segments(found: Coverage, asked: Sequence[Any]) -> list[Any]:
    return in_words([segment_row(each) for each in found.segments], asked)


def segment_row(segment: Segment) -> dict[str, Any]:
    return {
        "first": segment.first,
        "last": segment.last,
        "days": segment.days,
        "status": segment.status.value,
        "kind": None if segment.kind is None else segment.kind.value,
        "payer": segment.payer,
        "daily_amount": money(segment.daily_amount),
        "amount": money(segment.amount),
        "reason": segment.reason.code.value,
    }


def in_words(rows: Sequence[Mapping[str, Any]], asked: Sequence[Any]) -> list[Any]:
    """Each row with the keys asked of it; those that nobody asked about are told whole, so that a failure shows them."""
    told: list[Any] = []
    for number, row in enumerate(rows):
        wanted = asked[number] if number < len(asked) else row
        if isinstance(wanted, list):
            told.append([row["first"], row["last"], row["status"]])
        else:
            told.append({key: row[key] for key in wanted})
    return told


def dead_time(found: Coverage, asked: Sequence[Any]) -> list[Any]:
    return in_words([run_row(run) for run in found.dead_time], asked)


def run_row(run: Period) -> dict[str, Any]:
    return {"first": run.first, "last": run.last, "days": run.days}


def overlaps(found: Coverage, asked: Sequence[Any]) -> list[Any]:
    return in_words([overlap_row(each) for each in found.overlaps], asked)


def overlap_row(overlap: Overlap) -> dict[str, Any]:
    kinds = [kind.value for kind in overlap.kinds]
    return run_row(overlap.period) | {"kinds": kinds, "payers": list(overlap.payers)}


def takeover(found: Coverage, asked: Mapping[str, str]) -> dict[str, str]:
    told = {}
    for scheme in asked:
        verdicts = {row.verdict.value for row in found.takeover if row.scheme == scheme}
        told[scheme] = " and ".join(sorted(verdicts)) or "absent"
    return told


def why(found: Coverage, asked: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    return {scheme: conditions(found, scheme, codes) for scheme, codes in asked.items()}


def conditions(found: Coverage, scheme: str, codes: Mapping[str, str]) -> dict[str, str]:
    rows = [row for row in found.takeover if row.scheme == scheme]
    told = {}
    for code in codes:
        each = [{one.verdict.value for one in row.why if one.code == code} or {"absent"} for row in rows]
        told[code] = " and ".join(sorted(set().union(*each))) if each else "absent"
    return told


def money(amount: Decimal | None) -> str:
    return TO_CHECK if amount is None else str(amount)


ANSWERS: dict[str, Callable[[Coverage, Any], Any]] = {
    "days": days,
    "need": need,
    "reduced": reduced,
    "segments": segments,
    "dead_time": dead_time,
    "overlaps": overlaps,
    "takeover": takeover,
    "why": why,
}
