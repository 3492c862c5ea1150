"""The README's guide adds rules of its own as it says: two lines of TOML and one function."""

import re
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from conference.data.scales import parse_scales
from conference.domain import relay
from conference.domain.case import Case, Person, Step, StepKind
from conference.domain.coverage import CoverageStatus, coverage
from conference.domain.period import Period
from conference.domain.rights import Right, RightKind
from conference.domain.scales import Scales

README = Path(__file__).parents[2] / "README.md"
COURSE = Period(date(2027, 1, 4), date(2027, 6, 30))


def guide() -> tuple[str, str, str]:
    """The line of the rule set, that of the ceiling, and the function, as the README gives them."""
    text = README.read_text(encoding="utf-8").split("### A new value, a new rule")[1]
    [rule, value] = [line for line in re.findall(r"```toml\n(.*?)```", text, re.S)[0].splitlines() if line]
    return rule, value, re.findall(r"```python\n(.*?)```", text, re.S)[0]


def with_lines(rule: str, value: str) -> Scales:
    folder = files("conference").joinpath("scales")
    texts = {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir() if each.name.endswith(".toml")}
    for name, line in (("rule_sets.toml", rule), ("rff_plafond.toml", value)):
        head, end = texts[name].rsplit("]", 1)
        texts[name] = f"{head}  {line}\n]{end}"
    return parse_scales(texts)


def case(entry: date) -> Case:
    step = Step(
        "F1",
        StepKind.TRAINING,
        Period(entry, entry.replace(month=6, day=30)),
        True,
        weekly_hours=Decimal(35),
        prescribed=True,
        qualifying=True,
        shortage_occupation=False,
    )
    paid = Period(entry, entry.replace(month=5, day=14))
    return Case(None, Person(), (step,), (Right(RightKind.AREF, "france_travail", paid, Decimal("31.00")),))


def test_guide_adds_rules_with_two_lines_and_one_function(monkeypatch: pytest.MonkeyPatch) -> None:
    rule, value, function = guide()
    scales = with_lines(rule, value)
    monkeypatch.setattr(relay, "RULES", dict(relay.RULES))
    exec(compile(function, "README.md", "exec"), vars(relay).copy())
    found = coverage(case(date(2027, 1, 4)), scales)
    presumed = [each for each in found.segments if each.status is CoverageStatus.PRESUMED]
    assert [(one.first, one.last, str(one.amount)) for one in presumed] == [
        (date(2027, 5, 15), date(2027, 5, 31), "438.71"),
        (date(2027, 6, 1), date(2027, 6, 30), "800.00"),
    ]
    assert coverage(case(date(2026, 1, 5)), scales).days.gap == 47, "courses registered before keep their rules"


def test_open_line_ends_where_the_next_begins() -> None:
    _, value, _ = guide()
    scales = with_lines("", value)
    assert [(line.last, line.amount) for line in scales.by_code["RFF_PLAFOND"].values][-2:] == [
        (date(2026, 12, 31), Decimal("769.49")),
        (None, Decimal("800.00")),
    ]
