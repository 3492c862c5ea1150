"""The law that comes with the software reads whole, agrees with the reference it was typed from, and a slip is caught."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from conference.data.scales import ScaleError, parse_rule_sets, parse_scale, parse_scales, shipped_scales
from conference.domain.relay import RULES
from conference.domain.scales import Scale

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "parametres_remuneration.csv"
UNITS = {
    "EUR brut/jour": "EUR/jour",
    "EUR brut/heure": "EUR/heure",
    "annees": "années",
    "/1 du SJR": "taux",
    "/1 du brut moyen 12 mois": "taux",
}

WHOLE = """code = "PLAFOND"
label = "Plafond mensuel"
unit = "EUR/mois"
values = [
  { from = 2024-04-01, to = 2025-03-31, amount = "756.63", law = "", source = "un journal", checked_on = 2026-11-23 },
  { from = 2025-04-01, amount = "769.49", law = "un décret", source = "un journal", checked_on = 2026-11-23, status = "to_check", note = "une date" },
]
"""  # noqa: E501
RULE_SETS = """rule_sets = [
  { code = "one", scheme = "aff", from = 2001-12-08, to = 2006-12-31, label = "Une", law = "un décret", payer = "assedic", funder = "etat", after = ["aref"], short_limit = "PLAFOND", opened_months = 7 },
  { code = "two", scheme = "rff", from = 2007-01-01, label = "Deux", law = "un décret", payer = "assedic", funder = "etat", after = ["aref", "asp"], limit = "PLAFOND", cap = "PLAFOND", interruption = 15 },
]
"""  # noqa: E501


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def test_whole_scale_is_read() -> None:
    found = parse_scale(WHOLE, "plafond.toml")
    assert (found.code, found.label, found.unit) == ("PLAFOND", "Plafond mensuel", "EUR/mois")
    first, last = found.values
    assert (first.first, first.last, first.amount) == (date(2024, 4, 1), date(2025, 3, 31), Decimal("756.63"))
    assert (first.law, first.source, first.checked_on) == ("", "un journal", date(2026, 11, 23))
    assert (first.to_check, first.note, first.is_local) == (False, "", False)
    assert (last.first, last.last, last.law) == (date(2025, 4, 1), None, "un décret")
    assert (last.to_check, last.note) == (True, "une date")


def test_whole_rule_sets_are_read() -> None:
    one, two = parse_rule_sets(RULE_SETS)
    assert (one.code, one.scheme, one.first, one.last) == ("one", "aff", date(2001, 12, 8), date(2006, 12, 31))
    assert (one.short_limit, one.opened_months, one.limit, one.cap, one.interruption) == (
        "PLAFOND",
        7,
        None,
        None,
        None,
    )
    assert (one.label, one.law, one.payer, one.funder) == ("Une", "un décret", "assedic", "etat")
    assert (two.last, two.after, two.interruption) == (None, {"aref", "asp"}, 15)
    assert (two.limit, two.cap, two.short_limit, two.opened_months) == ("PLAFOND", "PLAFOND", None, None)


LINE = "plafond.toml, line from 2025-04-01: "


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('unit = "EUR/mois"\n', "", "plafond.toml: missing unit"),
        ('unit = "EUR/mois"', 'unit = "EUR/an"', "plafond.toml: unknown unit EUR/an"),
        ('label = "Plafond mensuel"', 'label = ""', "plafond.toml: label must be a text, neither empty"),
        ('label = "Plafond mensuel"', "label = 12", "plafond.toml: label must be a text"),
        ('code = "PLAFOND"', 'code = "AUTRE"', "plafond.toml: the code AUTRE is not the upper case of the file's name"),
        ('code = "PLAFOND"', 'code = "plafond"', "plafond.toml: the code plafond is not the upper case"),
        ('unit = "EUR/mois"', 'unit = "EUR/mois"\nunits = 3', "plafond.toml: unknown units"),
        ("values = [", "values = [3,", "plafond.toml: values must be a list of lines"),
        ("values = [", "values = ", "plafond.toml: Invalid"),
        ('"769.49", ', '"769.49", ammount = "1", ', LINE + "unknown ammount"),
        (', amount = "769.49"', "", LINE + "missing amount"),
        ('law = "un décret", ', "", LINE + "missing law"),
        ('law = "un décret"', "law = 3", LINE + "law must be a text"),
        ('law = "un décret", source = "un journal"', 'law = "un décret", source = ""', LINE + "source must be a text"),
        ('law = "un décret"', 'law = "un décret "', LINE + "law must be a text, neither empty nor with blanks"),
        ('"769.49"', '"769,49"', LINE + "769,49 is not an amount above zero"),
        ('"769.49"', "769.49", LINE + "amount must be a text"),
        ('"769.49"', '"-769.49"', LINE + "-769.49 is not an amount"),
        ('"769.49"', '"0"', LINE + "0 is not an amount"),
        ('"769.49"', '"NaN"', LINE + "NaN is not an amount"),
        ('"769.49"', '"Infinity"', LINE + "Infinity is not an amount"),
        ('"to_check"', '"doubtful"', LINE + "unknown status 'doubtful'"),
        ('"to_check", note = "une date"', '"to_check"', LINE + "a value to check needs a note"),
        ('note = "une date"', 'note = ""', LINE + "note must be a text"),
        ("from = 2025-04-01", 'from = "2025-04-01"', LINE + "from must be a day"),
        (
            "from = 2025-04-01",
            "from = 2025-04-01T00:00:00",
            "plafond.toml, line from 2025-04-01 00:00:00: from must be",
        ),
        ("from = 2025-04-01", "from = 2025-04-31", "plafond.toml: "),
        ("from = 2025-04-01, ", "", "plafond.toml, line without a first day: missing from"),
        ("from = 2025-04-01", "from = 2025-04-01, to = 2025-03-31", LINE + "it ends before it begins, on 2025-03-31"),
        ("from = 2025-04-01", "from = 2025-04-01, to = 2026", LINE + "to must be a day"),
        ("2026-11-23, status", "20261123, status", LINE + "checked_on must be a day"),
        ("to = 2025-03-31", "to = 2025-04-01", LINE + "it overlaps the line from 2024-04-01"),
        ("from = 2025-04-01", "from = 2024-04-01", "plafond.toml, line from 2024-04-01: it must come after"),
        ("from = 2025-04-01", "from = 2024-03-01", "plafond.toml, line from 2024-03-01: it must come after"),
    ],
)
def test_slip_in_a_scale_is_caught(old: str, new: str, said: str) -> None:
    with pytest.raises(ScaleError, match="^" + re.escape(said)):
        parse_scale(changed(WHOLE, old, new), "plafond.toml")


def test_lines_that_follow_to_the_day_do_not_overlap() -> None:
    assert len(parse_scale(changed(WHOLE, "to = 2025-03-31", "to = 2024-04-01"), "plafond.toml").values) == 2


def test_scale_without_a_line_is_refused() -> None:
    head = WHOLE.split("values")[0]
    with pytest.raises(ScaleError, match=r"^plafond\.toml: values must be a list of lines, one at least"):
        parse_scale(head + "values = []", "plafond.toml")


@pytest.mark.parametrize("name", ["autre.toml", "PLAFOND.toml", "plafond.TOML"])
def test_scale_in_a_file_of_another_name_is_refused(name: str) -> None:
    # The name of a file being unique, no code can be given twice.
    with pytest.raises(ScaleError, match=re.escape(f"{name}: the code PLAFOND is not")):
        parse_scale(WHOLE, name)


ONE, TWO = "rule_sets.toml, line from 2001-12-08: ", "rule_sets.toml, line from 2007-01-01: "


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rule_sets = [", "sets = 3\nrule_sets = [", "rule_sets.toml: unknown sets"),
        ("rule_sets = [", "sets = [", "rule_sets.toml: missing rule_sets"),
        ('code = "two", ', "", TWO + "missing code"),
        ('code = "two"', 'code = "one"', "rule_sets.toml: two rule sets have the code one"),
        ('scheme = "rff"', 'scheme = "rft"', TWO + "['rft'] names a kind of right that is not known"),
        ("interruption = 15", "interuption = 15", TWO + "unknown interuption"),
        ("interruption = 15", 'interruption = "15"', TWO + "interruption must be a whole number above zero"),
        ("interruption = 15", "interruption = 0", TWO + "interruption must be a whole number above zero"),
        ("interruption = 15", "interruption = true", TWO + "interruption must be a whole number above zero"),
        ("opened_months = 7", "opened_months = 7.5", ONE + "opened_months must be a whole number above zero"),
        (", opened_months = 7", "", ONE + "short_limit and opened_months go together"),
        ('short_limit = "PLAFOND", ', "", ONE + "short_limit and opened_months go together"),
        ('["aref", "asp"]', '["aref", "asp2"]', TWO + "['aref', 'asp2'] names a kind"),
        ('["aref", "asp"]', "[]", TWO + "[] names a kind"),
        ('["aref", "asp"]', '"aref"', TWO + "'aref' names a kind"),
        ('limit = "PLAFOND", cap', 'limit = "", cap', TWO + "limit must be a text"),
        ('label = "Deux"', 'label = " "', TWO + "label must be a text"),
        ("to = 2006-12-31", "to = 2007-01-01", TWO + "it overlaps the line from 2001-12-08"),
        ("to = 2006-12-31", "to = 2001-12-07", ONE + "it ends before it begins"),
        ("from = 2007-01-01", "from = 1999-01-01", "rule_sets.toml, line from 1999-01-01: it must come after"),
    ],
)
def test_slip_in_the_rule_sets_is_caught(old: str, new: str, said: str) -> None:
    with pytest.raises(ScaleError, match="^" + re.escape(said)):
        parse_rule_sets(changed(RULE_SETS, old, new))


@pytest.mark.parametrize("key", ["short_limit", "limit", "cap"])
def test_rule_set_that_names_no_scale_is_refused(key: str) -> None:
    texts = {"plafond.toml": WHOLE, "rule_sets.toml": RULE_SETS}
    assert parse_scales(texts).by_code.keys() == {"PLAFOND"}
    code = "one" if key == "short_limit" else "two"
    texts["rule_sets.toml"] = changed(RULE_SETS, f' {key} = "PLAFOND"', f' {key} = "ABSENT"')
    with pytest.raises(ScaleError, match=rf"^rule_sets\.toml, {code}: no scale has the code ABSENT"):
        parse_scales(texts)


def test_folder_without_rule_sets_is_refused() -> None:
    with pytest.raises(ScaleError, match=r"^rule_sets\.toml: the file is missing"):
        parse_scales({"plafond.toml": WHOLE})


def shipped_texts() -> Iterator[tuple[str, str]]:
    for path in files("conference").joinpath("scales").iterdir():
        yield path.name, path.read_text(encoding="utf-8")


def every_scale() -> list[Scale]:
    return list(shipped_scales().by_code.values())


def test_every_shipped_file_is_read_once() -> None:
    assert {f"{scale.code.lower()}.toml" for scale in every_scale()} == dict(shipped_texts()).keys() - {
        "rule_sets.toml"
    }
    assert shipped_scales() is shipped_scales()


def test_shipped_labels_are_told_apart() -> None:
    labels = [scale.label for scale in every_scale()] + [rules.label for rules in shipped_scales().rule_sets]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(("name", "text"), sorted(shipped_texts()))
def test_shipped_text_is_in_good_typography(name: str, text: str) -> None:
    for said in re.findall(r'(?:label|law|source|note) = "([^"]*)"', text):
        assert not re.search(r"'| [;:!?%€»]|« |n°(?!\u00a0\d)|\s\s|\bdu du\b|\u2026\.", said), said
        assert not re.search(r"\d+\.\d+\.\d+\.\d+|\w:/|/\w+/\w+/", said), f"an address of a machine: {said}"
        assert not re.search(r"(?i)\b(decret|arrete|annees|duree|deliberation|unedic)\b(?!\.)", said), said


def test_each_rule_set_shipped_has_its_function() -> None:
    assert [rules.code for rules in shipped_scales().rule_sets] == list(RULES)


@pytest.mark.parametrize(
    ("registered", "code"),
    [
        (date(2001, 12, 7), None),
        (date(2001, 12, 8), "aff_2001"),
        (date(2007, 1, 14), "aff_2001"),
        (date(2007, 1, 15), "aff_2006"),
        (date(2008, 12, 31), "aff_2006"),
        (date(2009, 1, 1), "afdef_2009"),
        (date(2010, 12, 31), "afdef_2009"),
        (date(2011, 1, 1), "rff_2011"),
        (date(2019, 12, 31), "rff_2011"),
        (date(2020, 1, 1), "rff_2020"),
        (date(2023, 12, 31), "rff_2020"),
        (date(2024, 1, 1), "rff_2024"),
        (date(2026, 12, 31), "rff_2024"),
        (date(2027, 1, 1), None),
    ],
)
def test_rule_set_of_the_day_of_registration(registered: date, code: str | None) -> None:
    rules = shipped_scales().rule_set(registered)
    assert (rules and rules.code) == code


def test_every_length_of_a_rule_set_is_known_on_all_its_days() -> None:
    scales = shipped_scales()
    for rules in scales.rule_sets:
        for code in (rules.limit, rules.short_limit, rules.cap):
            if code is None:
                continue
            assert rules.last is not None
            starts = [day for day in scales.starts(code) if rules.first < day <= rules.last]
            for day in (rules.first, *starts, rules.last):
                assert scales.value(code, day) is not None, (rules.code, code, day)


@pytest.mark.parametrize(
    ("day", "amount", "to_check"),
    [
        (date(2010, 12, 31), None, False),
        (date(2011, 1, 1), "652.02", False),
        (date(2021, 12, 31), "652.02", False),
        (date(2022, 1, 1), "652.02", True),
        (date(2024, 3, 31), "652.02", True),
        (date(2024, 4, 1), "756.63", True),
        (date(2025, 3, 31), "756.63", True),
        (date(2025, 4, 1), "769.49", True),
        (date(2026, 11, 23), "769.49", True),
    ],
)
def test_ceiling_of_the_relay(day: date, amount: str | None, to_check: bool) -> None:
    line = shipped_scales().value("RFF_PLAFOND", day)
    if amount is None:
        assert line is None
    else:
        assert line is not None
        assert (line.amount, line.to_check) == (Decimal(amount), to_check)


def test_floor_of_the_benefit_is_not_known_from_july_2004_to_june_2005() -> None:
    floor = shipped_scales().by_code["AREF_PLANCHER"]
    assert [floor.on(day) is None for day in (date(2004, 6, 30), date(2004, 7, 1), date(2005, 6, 30))] == [
        False,
        True,
        True,
    ]
    assert floor.on(date(2005, 7, 1)) is not None


def reference() -> list[dict[str, str]]:
    if not REFERENCE.exists():
        return []
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference is not on this machine")
def test_reference_is_shipped_whole() -> None:
    assert len(reference()) == 150
    assert {row["code"] for row in reference()} == shipped_scales().by_code.keys()


@pytest.mark.parametrize("row", reference(), ids=lambda row: f"{row['code']}-{row['debut'] or row['fin']}")
def test_value_is_that_of_the_reference(row: dict[str, str]) -> None:
    scale = shipped_scales().by_code[row["code"]]
    first, last = (date.fromisoformat(row[key]) if row[key] else None for key in ("debut", "fin"))
    day = first or last
    assert day is not None
    line = scale.on(day)
    assert line is not None
    assert line.amount == Decimal(row["valeur"])
    assert scale.unit == UNITS.get(row["unite"], row["unite"])
    assert first is None or line.first == first
    assert line.to_check == (row["confiance"] != "high")
    if last is not None:
        end = scale.on(last)
        assert end is not None
        assert end.amount == line.amount
    if line.to_check:
        assert line.note
