"""A value of the law holds from its first day to its last; the plain loop over days and lines is the oracle of the merge."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference.domain.scales import DatedValue, RuleSet, Scale, Scales, closed, merged, missing

ONE_DAY = timedelta(days=1)
ORIGIN = date(2024, 1, 1)
HORIZON = 130


def line(first: date, last: date | None, amount: str, *, local: bool = False) -> DatedValue:
    return DatedValue(first, last, Decimal(amount), "un décret", "un journal", date(2026, 11, 23), is_local=local)


def rules(code: str, first: date, last: date | None) -> RuleSet:
    return RuleSet(code, "rff", code, first, last, "un texte", "pole_emploi", "pole_emploi", frozenset({"aref"}))


def scale(*values: DatedValue) -> Scale:
    return Scale("PLAFOND", "Plafond mensuel", "EUR/mois", values)


def scales(*values: DatedValue) -> Scales:
    return Scales({"PLAFOND": scale(*values)}, ())


def told(values: tuple[DatedValue, ...]) -> list[tuple[date, date | None, str, bool]]:
    return [(each.first, each.last, str(each.amount), each.is_local) for each in values]


OLD = line(date(2024, 4, 1), date(2025, 3, 31), "756.63")
NOW = line(date(2025, 4, 1), None, "769.49")


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (date(2024, 3, 31), None),
        (date(2024, 4, 1), "756.63"),
        (date(2025, 3, 31), "756.63"),
        (date(2025, 4, 1), "769.49"),
        (date(2099, 12, 31), "769.49"),
    ],
)
def test_value_on_the_days_around_a_change(day: date, amount: str | None) -> None:
    found = scales(OLD, NOW).value("PLAFOND", day)
    assert (found and str(found.amount)) == amount


def test_no_value_on_a_day_between_two_lines_that_do_not_meet() -> None:
    floor = scales(line(date(2003, 7, 1), date(2004, 6, 30), "17.74"), line(date(2005, 7, 1), None, "17.92"))
    assert floor.value("PLAFOND", date(2004, 6, 30)) is not None
    assert floor.value("PLAFOND", date(2004, 7, 1)) is None
    assert floor.value("PLAFOND", date(2005, 6, 30)) is None
    assert floor.value("PLAFOND", date(2005, 7, 1)) is not None


def test_asking_again_gives_the_same_line() -> None:
    ceiling = scales(OLD, NOW)
    day = date(2024, 6, 1)
    assert ceiling.value("PLAFOND", day) is ceiling.value("PLAFOND", day) is OLD


def test_scale_without_a_line_has_no_value() -> None:
    assert scales().value("PLAFOND", ORIGIN) is None


def test_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError):
        scales(NOW).value("INCONNU", ORIGIN)
    with pytest.raises(KeyError):
        scales(NOW).with_local([("INCONNU", NOW)])


def test_missing_value_is_named_with_its_day() -> None:
    said = missing(scale(), date(2004, 7, 1))
    assert (
        said == "La valeur « Plafond mensuel » n’est pas connue au 1er\N{NO-BREAK SPACE}juillet\N{NO-BREAK SPACE}2004."
    )


def test_starts_are_the_days_on_which_the_value_changes() -> None:
    ceiling = scales(line(date(2024, 1, 1), date(2024, 2, 29), "1"), OLD, NOW)
    assert ceiling.starts("PLAFOND") == (date(2024, 1, 1), date(2024, 3, 1), date(2024, 4, 1), date(2025, 4, 1))


def test_starts_stand_a_line_that_ends_on_the_last_day_of_all() -> None:
    assert scales(line(ORIGIN, date.max, "1")).starts("PLAFOND") == (ORIGIN,)


def test_rule_set_is_that_of_the_day() -> None:
    first = rules("aff_2001", date(2001, 12, 8), date(2007, 1, 14))
    last = rules("aff_2006", date(2007, 1, 15), date(2008, 12, 31))
    both = Scales({}, (first, last))
    assert both.rule_set(date(2001, 12, 7)) is None
    assert both.rule_set(date(2001, 12, 8)) is first
    assert both.rule_set(date(2007, 1, 14)) is first
    assert both.rule_set(date(2007, 1, 15)) is last
    assert both.rule_set(date(2008, 12, 31)) is last
    assert both.rule_set(date(2009, 1, 1)) is None


def test_rule_set_without_a_last_day_is_still_open() -> None:
    still = rules("rff_2024", date(2024, 1, 1), None)
    assert Scales({}, (still,)).rule_set(date(2040, 1, 1)) is still


def test_an_open_line_ends_where_the_next_begins() -> None:
    assert closed([NOW, line(date(2024, 1, 1), None, "1")]) == [line(date(2024, 1, 1), date(2025, 3, 31), "1"), NOW]


def test_a_closed_line_keeps_its_last_day() -> None:
    early = line(date(2024, 1, 1), date(2024, 1, 31), "1")
    assert closed([early, NOW]) == [early, NOW]


def test_of_two_lines_from_one_day_the_last_given_stays() -> None:
    assert closed([NOW, NOW._replace(amount=Decimal("1"))]) == [NOW._replace(amount=Decimal("1"))]


def test_a_new_local_value_ends_the_open_one_that_was_shipped() -> None:
    assert told(merged([OLD, NOW], [line(date(2026, 4, 1), None, "780")])) == [
        (date(2024, 4, 1), date(2025, 3, 31), "756.63", False),
        (date(2025, 4, 1), date(2026, 3, 31), "769.49", False),
        (date(2026, 4, 1), None, "780", True),
    ]


def test_an_open_local_value_ends_where_the_next_shipped_one_begins() -> None:
    assert told(merged([OLD, NOW], [line(date(2024, 1, 1), None, "700")])) == [
        (date(2024, 1, 1), date(2024, 3, 31), "700", True),
        (date(2024, 4, 1), date(2025, 3, 31), "756.63", False),
        (date(2025, 4, 1), None, "769.49", False),
    ]


def test_a_closed_local_value_wins_on_its_days_within_a_closed_one() -> None:
    assert told(merged([OLD], [line(date(2024, 6, 1), date(2024, 6, 30), "700")])) == [
        (date(2024, 4, 1), date(2024, 5, 31), "756.63", False),
        (date(2024, 6, 1), date(2024, 6, 30), "700", True),
        (date(2024, 7, 1), date(2025, 3, 31), "756.63", False),
    ]


def test_a_closed_local_value_from_the_first_day_of_a_longer_one_leaves_its_other_days() -> None:
    assert told(merged([OLD], [line(OLD.first, date(2024, 6, 30), "700")])) == [
        (date(2024, 4, 1), date(2024, 6, 30), "700", True),
        (date(2024, 7, 1), date(2025, 3, 31), "756.63", False),
    ]


@pytest.mark.parametrize("first", [NOW.first, NOW.first + ONE_DAY])
def test_an_open_value_does_not_come_back_after_a_closed_local_one(first: date) -> None:
    both = scales(OLD, NOW).with_local([("PLAFOND", line(first, date(2025, 12, 31), "800"))])
    found = both.value("PLAFOND", date(2025, 12, 31))
    assert found is not None
    assert found.is_local
    assert both.value("PLAFOND", date(2026, 1, 1)) is None


def test_a_local_value_may_replace_a_shipped_one_whole() -> None:
    both = merged([OLD, NOW], [OLD._replace(amount=Decimal("757")), NOW._replace(amount=Decimal("770"))])
    assert told(both) == [
        (date(2024, 4, 1), date(2025, 3, 31), "757", True),
        (date(2025, 4, 1), None, "770", True),
    ]


def test_local_lines_leave_the_scales_given_and_the_other_codes_as_they_are() -> None:
    ours = Scales({"PLAFOND": scale(OLD, NOW), "AUTRE": Scale("AUTRE", "Autre", "jours", (OLD,))}, ())
    day = date(2026, 6, 1)
    assert ours.value("PLAFOND", day) is NOW
    both = ours.with_local([("PLAFOND", line(date(2026, 4, 1), None, "780"))])
    found = both.value("PLAFOND", day)
    assert found is not None
    assert (found.amount, found.is_local) == (Decimal("780"), True)
    assert ours.value("PLAFOND", day) is NOW
    assert both.by_code["AUTRE"] is ours.by_code["AUTRE"]


@st.composite
def lines_without_overlap(draw: st.DrawFn, start: int) -> list[DatedValue]:
    """Some lines in any order, open or closed, no two of which hold a day by their written ends."""
    firsts = sorted(draw(st.sets(st.integers(0, HORIZON - 10), max_size=4)))
    found = []
    for place, first in enumerate(firsts):
        longest = (firsts[place + 1] if place + 1 < len(firsts) else HORIZON) - first
        days = draw(st.none() | st.integers(1, longest))
        last = None if days is None else ORIGIN + timedelta(days=first + days - 1)
        found.append(line(ORIGIN + timedelta(days=first), last, str(start + place)))
    return draw(st.permutations(found))


def expected(day: date, shipped: list[DatedValue], local: list[DatedValue]) -> Decimal | None:
    """One day at a time: a closed line holds to its last day, an open one until any other begins; local before shipped."""
    firsts = [each.first for each in (*shipped, *local)]
    for layer, above in ((local, []), (shipped, local)):
        for each in layer:
            if each.first > day or (each.last is not None and day > each.last):
                continue
            followed = any(each.first < first <= day for first in firsts)
            replaced = any(each.first == other.first for other in above)
            if each.last is not None or not (followed or replaced):
                return each.amount
    return None


@given(lines_without_overlap(1), lines_without_overlap(100))
def test_merged_lines_are_those_of_a_loop_over_days(shipped: list[DatedValue], local: list[DatedValue]) -> None:
    both = scales(*merged(shipped, local))
    values = both.by_code["PLAFOND"].values
    starts = both.starts("PLAFOND")
    before = None
    for day in (ORIGIN + timedelta(days=n) for n in range(-1, HORIZON + 20)):
        found = both.value("PLAFOND", day)
        amount = found.amount if found else None
        assert amount == expected(day, shipped, local)
        assert sum(each.holds(day) for each in values) == (found is not None)
        assert amount == before or day in starts
        before = amount
    assert all(each.is_local == (each.amount >= 100) for each in values)
