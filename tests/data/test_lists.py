"""The shipped lists are whole, dated, and count what the official lists count."""

import re
from collections import Counter
from datetime import date

import pytest

from conference.data.lists import NAMES, ShippedItem, parse, shipped_list
from conference.data.tables.organisation import OrganisationKind


def by_code(name: str) -> dict[str, ShippedItem]:
    return {item.code: item for item in shipped_list(name)}


def in_force(name: str, kind: str, on: date) -> list[ShippedItem]:
    return [
        item
        for item in shipped_list(name)
        if item.kind == kind and (item.first or date.min) <= on <= (item.last or date.max)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_items_fit_their_table_and_read_well(name: str) -> None:
    for item in shipped_list(name):
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,59}|[A-U]|\d{2}", item.code), item.code
        assert 0 < len(item.label) <= 200
        for text in filter(None, (item.label, item.definition, item.version)):
            assert not re.search(r"['\"]|[^\u202f][;:?!]", text), text
        assert item.definition is None or re.fullmatch(r"[A-ZÀÉ].*\.", item.definition), item.code
        assert len(item.version or "") in range(1, 121)


@pytest.mark.parametrize("name", NAMES)
def test_labels_are_told_apart_within_a_kind(name: str) -> None:
    counts = Counter((item.kind, item.label) for item in shipped_list(name))
    assert [pair for pair, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("name", NAMES)
def test_successor_takes_over_the_day_after_where_both_days_are_known(name: str) -> None:
    items = by_code(name)
    for item in items.values():
        follower = items.get(item.successor or "")
        if follower and follower.first and item.last:
            assert follower.first <= date.fromordinal(item.last.toordinal() + 1), item.code


def test_six_natures() -> None:
    assert [item.code for item in shipped_list("natures")] == [
        "pedagogique",
        "remuneration",
        "accompagnement",
        "annexes",
        "ingenierie",
        "investissement",
    ]


def test_four_audiences_of_the_annex_come_first_and_hold_the_finer_ones() -> None:
    annex = ["jeunes", "demandeurs_emploi", "salaries_prive", "agents_publics"]
    assert [item.code for item in shipped_list("audiences")][:4] == annex
    assert {item.parent for item in shipped_list("audiences") if item.parent} <= set(annex)
    assert by_code("audiences")["beneficiaires_rmi"].successor == "beneficiaires_rsa"


@pytest.mark.parametrize(
    ("on", "kind", "lheo"), [("2019-01-08", "1969", range(2, 9)), ("2019-01-09", "2019", range(11, 19))]
)
def test_levels_change_on_9_january_2019(on: str, kind: str, lheo: range) -> None:
    day = date.fromisoformat(on)
    assert [item.lheo for item in in_force("levels", kind, day)] == [str(code) for code in lheo]
    other = "2019" if kind == "1969" else "1969"
    assert in_force("levels", other, day) == []


@pytest.mark.parametrize(
    ("on", "regions"),
    [("2008-01-01", 26), ("2011-03-30", 26), ("2015-12-31", 27), ("2016-01-01", 18), ("2026-01-01", 18)],
)
def test_regions_in_force(on: str, regions: int) -> None:
    """Twenty-two in metropolitan France and four overseas, then Mayotte, then the law of 16 January 2015."""
    assert len(in_force("territories", "region", date.fromisoformat(on))) == regions


def test_sixteen_regions_became_seven() -> None:
    ended = [item for item in shipped_list("territories") if item.last]
    assert {item.last for item in ended} == {date(2015, 12, 31)}
    assert (len(ended), len({item.successor for item in ended})) == (16, 7)
    assert by_code("territories")["region_54"].label == "Poitou-Charentes"
    assert by_code("territories")["region_54"].successor == "region_75"


@pytest.mark.parametrize(("on", "count"), [("2008-01-01", 100), ("2011-03-31", 101), ("2026-01-01", 101)])
def test_departments_in_force(on: str, count: int) -> None:
    assert len(in_force("territories", "departement", date.fromisoformat(on))) == count


def test_every_department_is_under_a_region_of_today() -> None:
    territories = by_code("territories")
    departments = [item for item in territories.values() if item.kind == "departement"]
    parents = {item.parent for item in departments}
    assert len(parents) == 18
    assert all(parent and territories[parent].kind == "region" and not territories[parent].last for parent in parents)
    assert territories["departement_86"].parent == "region_75"
    assert {"departement_2a", "departement_2b"} <= territories.keys()
    assert "departement_20" not in territories


def test_sectors_are_the_sections_and_divisions_of_naf_2008() -> None:
    sectors = by_code("sectors")
    kinds = Counter(item.kind for item in sectors.values())
    assert kinds == {"section": 21, "division": 88}
    assert all((item.parent is None) == (item.kind == "section") for item in sectors.values())
    assert {item.parent for item in sectors.values() if item.parent} == set("ABCDEFGHIJKLMNOPQRSTU")
    assert {item.version for item in sectors.values()} == {"NAF rév. 2 (2008)"}
    assert (sectors["62"].parent, sectors["43"].parent, sectors["33"].parent) == ("J", "F", "C")


def test_schemes_name_a_kind_of_funder_that_exists() -> None:
    assert {item.kind for item in shipped_list("schemes") if item.kind} <= {kind.value for kind in OrganisationKind}


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("aff", ["aff", "afdef", "rff"]),
        ("ctp", ["ctp", "csp"]),
        ("crp", ["crp", "csp"]),
        ("cif_cdd", ["cif_cdd", "ptp"]),
        ("dif", ["dif", "cpf"]),
        ("contrat_avenir", ["contrat_avenir", "cui", "pec"]),
        ("rfpe", ["rfpe", "rfft"]),
    ],
)
def test_schemes_follow_one_another(code: str, chain: list[str]) -> None:
    schemes = by_code("schemes")
    found = [code]
    while following := schemes[found[-1]].successor:
        found.append(following)
    assert found == chain
    assert schemes[found[-1]].last is None


def test_unknown_list_is_refused() -> None:
    with pytest.raises(ValueError, match="'spells'"):
        shipped_list("spells")


@pytest.mark.parametrize(
    ("item", "fault"),
    [
        ('{ code = "a", label = "A" }, { code = "a", label = "B" }', "2 times"),
        ('{ code = "a", label = "A", parent = "z" }', "not another item"),
        ('{ code = "a", label = "A", parent = "a" }', "not another item"),
        ('{ code = "a", label = "A", first = 2010-01-02, last = 2010-01-01 }', "ends before"),
        ('{ code = "a", label = "A", successor = "b" }, { code = "b", label = "B" }', "no end"),
        ('{ code = "a", label = "A", version = "" }', "which list"),
    ],
)
def test_parse_refuses_a_list_that_does_not_hold(item: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        parse(f'version = "V"\nitem = [{item}]')


def test_version_of_an_item_stands_over_that_of_its_file() -> None:
    one, other = parse(
        'version = "V"\nitem = [{ code = "a", label = "A" }, { code = "b", label = "B", version = "W" }]'
    )
    assert (one.version, other.version) == ("V", "W")
