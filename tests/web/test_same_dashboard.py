"""Is every figure of the dashboard that of the ledger, and that of the lines it opens? See `test_same_figures`."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import parse_qsl, urlsplit

from tests.web.ledger_oracle import Facts, between, codes_of, euros, internal, of, shared
from tests.web.surfaces import (
    FOOT,
    MEASURES,
    ON_SQLITE,
    WORDS,
    ZERO,
    Part,
    Surfaces,
    capital,
    gross,
    listed,
    month_words,
    selections,
    shown_persons,
)
from tests.web.told_tables import Cell, ToldRow, ToldTable, page_cards, page_tables, plain, told


@ON_SQLITE
def test_dashboard_tells_the_ledger(surfaces: Surfaces) -> None:
    for words, facts, before, funder in selections(surfaces):
        surfaces.follows = "toutes" in words or bool(funder)
        without = shared if not funder else gross
        whole = Part(facts, before, without)
        html = surfaces.page(f"/tableau-de-bord?{words}")
        assert_cards(surfaces, page_cards(html), whole)
        by_funder, by_time, parts, sent = page_tables(html)
        assert_funders(surfaces, by_funder, Part(facts, before, gross), funder)
        assert_axis(surfaces, by_time, "year" if "toutes" in words else "month", whole)
        assert_crossing(surfaces, parts, ("funder", "nature"), "committed", whole, funder)
        assert_sent(sent, in_period(surfaces, words, facts))
        for axis, word in WORDS.items():
            [table] = page_tables(surfaces.page(f"/tableau-de-bord/par/{word}?{words}"))
            if axis == "funder":
                assert_funders(surfaces, table, Part(facts, before, gross), funder)
            else:
                assert_axis(surfaces, table, axis, whole)
        [flows] = page_tables(surfaces.page(f"/tableau-de-bord/flux?{words}"))
        assert_flows(surfaces, flows, facts, without)


def assert_cards(surfaces: Surfaces, cards: dict[str, tuple[Cell, str | None, str]], whole: Part) -> None:
    for name, (value, link, hint) in cards.items():
        if name == "Personnes prévues":
            assert value == shown_persons(whole.how(whole.now)), name
            continue
        measure = MEASURES[name]
        assert value == whole.amount(measure), name
        if whole.before is not None:
            assert told(amount_after(hint)) == Decimal(whole.sign) * euros(whole.how(whole.before), measure), (
                name,
                hint,
            )
        if link and surfaces.follows and measure != "ordered":
            assert listed(surfaces, link)[f"shared_{measure}"] == value, (name, link)
        if "Depuis l’origine" in hint:
            everything = read_back(surfaces, link or "")
            assert told(amount_after(hint.partition("Depuis l’origine")[2])) == euros(everything, measure), name


def amount_after(hint: str) -> str:
    """ "En 2025 : 1 234,00 € (…)" → "1 234,00"."""
    return hint.partition(" : ")[2].partition(" €")[0]


def read_back(surfaces: Surfaces, address: str) -> Facts:
    """Entries of all months of what an address of the list selects, internal transfers taken out."""
    words = dict(parse_qsl(urlsplit(address).query))
    axes = {axis: words[word] for axis, word in WORDS.items() if word in words and axis not in ("month", "year")}
    return shared(of(surfaces.facts, **axes), [axes["funder"]] if "funder" in axes else [])


def assert_funders(surfaces: Surfaces, table: ToldTable, whole: Part, funder: str) -> None:
    names = codes_of((*whole.now, *(whole.before or ())), "funder")
    parts = {plain(name): whole.only(funder=code) for code, name in names.items()}
    if not funder:
        parts |= {
            FOOT[0]: whole,
            FOOT[1]: Part(whole.now, whole.before, internal, -1),
            FOOT[2]: Part(whole.now, whole.before, shared),
        }
    assert [row.label for row in table.rows if row.label not in parts] == []
    assert {row.label for row in table.rows} == set(parts), table.caption
    for row in table.rows:
        assert_row(surfaces, table, row, parts[row.label], whole.now)


def assert_axis(surfaces: Surfaces, table: ToldTable, axis: str, whole: Part) -> None:
    names = {capital(name): code for code, name in members(axis, whole).items()}
    for row in table.rows[:-1]:
        assert_row(surfaces, table, row, whole.only(**{axis: names.pop(row.label)}), whole.now)
    assert names == {}, table.caption
    assert table.rows[-1].label == "Total partagé"
    assert_row(surfaces, table, table.rows[-1], whole, whole.now)


def members(axis: str, whole: Part) -> dict[str, str]:
    """Code → label of what a table by that axis holds: what has entries now or had some a year earlier."""
    found = codes_of(whole.now, axis)
    if axis == "year":
        return found
    for fact in whole.before or ():
        code = fact.codes[axis]
        found[f"{int(code[:4]) + 1}{code[4:]}" if axis == "month" else code] = fact.labels.get(axis, code)
    if axis == "month":
        return {code: month_words(code) for code in found}
    return found


def assert_row(surfaces: Surfaces, table: ToldTable, row: ToldRow, part: Part, whole: Facts) -> None:
    """Every cell of a row, by the heading of its column."""
    for place, (heading, cell) in enumerate(zip(table.headings, row.cells, strict=True)):
        if place == 0:
            continue
        where = (table.caption, row.label, heading)
        if heading == "Budget":
            assert cell == budget(surfaces, row.label, table.caption[-4:]), where
            continue
        assert cell == expected_cell(heading, row, part, whole, cell), where
        link = row.links[place] if row.links else None
        if link and surfaces.follows and heading in MEASURES and heading != "Mandaté":
            prefix = "" if part.how is gross and "financeur=" in link else "shared_"
            assert listed(surfaces, link)[prefix + MEASURES[heading]] == cell, (where, link)


def budget(surfaces: Surfaces, name: str, year: str) -> Decimal | None:
    """What the funder means to spend in that year, by plain SQL."""
    query = f"SELECT o.short_name, b.amount FROM annual_budget b JOIN organisation o ON o.id = b.funder_id WHERE year = {year}"
    with surfaces.database.reading() as session:
        found = {plain(row[0]): Decimal(int(row[1])).scaleb(-2) for row in session.connection().exec_driver_sql(query)}
    return found.get(name)


def expected_cell(heading: str, row: ToldRow, part: Part, whole: Facts, cell: Cell) -> Cell:
    if heading in MEASURES:
        return part.amount(MEASURES[heading])
    if heading == "Engagé un an avant":
        return part.earlier()
    if heading == "Évolution":
        return told(ratio(part.amount("committed") - part.earlier(), part.earlier(), signed=True))
    if heading == "Part":
        return told(ratio(part.amount("committed"), euros(part.how(whole), "committed"), signed=False))
    if heading == "Dont par un autre financeur":
        return None if row.label in FOOT[1:] and cell is None else euros(internal(part.now), "committed")
    if heading == "Personnes prévues":
        return None if row.label in FOOT[:2] else shown_persons(part.how(part.now))
    raise AssertionError(f"nobody checks the column {heading}")


def ratio(part: Decimal, whole: Decimal, *, signed: bool) -> str:
    """In tenths of a percent, as a person would round it."""
    if not whole or (signed and whole < 0):
        return "–"
    value = (part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    sign = "\u2212" if value < 0 else "+" if signed and value > 0 else ""
    return f"{sign}{abs(value):,} %".replace(",", " ").replace(".", ",")


def assert_flows(surfaces: Surfaces, table: ToldTable, facts: Facts, without: Callable[[Facts], Facts]) -> None:
    names = {}
    for fact in facts:
        key = tuple(fact.codes[axis] for axis in ("funder", "scheme", "audience"))
        names[tuple(plain(fact.labels[axis]) for axis in ("funder", "scheme", "audience"))] = key
    rest = [row for row in table.rows[:-1] if row.label.startswith("Autres (")]
    seen: Facts = ()
    for row in table.rows[: -1 - len(rest)]:
        funder, scheme, audience = names.pop(tuple(map(str, row.cells[:3])))
        part = of(facts, funder=funder, scheme=scheme, audience=audience)
        seen += part
        assert_flow(surfaces, table, row, part, without)
    for row in rest:
        assert row.label == f"Autres ({len(names)})"
        assert_flow(surfaces, table, row, tuple(fact for fact in facts if fact not in seen), without)
    assert rest or names == {}
    assert_flow(surfaces, table, table.rows[-1], facts, without)


def assert_flow(
    surfaces: Surfaces, table: ToldTable, row: ToldRow, part: Facts, without: Callable[[Facts], Facts]
) -> None:
    inner = euros(part, "committed") - euros(without(part), "committed")
    for place, heading in list(enumerate(table.headings))[3:]:
        cell, link = row.cells[place], row.links[place]
        if heading == "Dont par un autre financeur":
            assert cell == inner
        elif heading == "Engagé net":
            assert cell == euros(part, "committed") - inner
        else:
            assert cell == euros(part, MEASURES[heading]), (table.caption, row.label, heading)
            if link and surfaces.follows and heading != "Mandaté":
                assert listed(surfaces, link)[MEASURES[heading]] == cell, link


def in_period(surfaces: Surfaces, words: str, facts: Facts) -> Facts:
    """Who has sent what is about months and funders: an item of a list chooses nothing there."""
    if "dispositif" not in words:
        return facts
    asked = dict(parse_qsl(words))
    return between(surfaces.facts, asked["du"], asked["au"])


def assert_sent(table: ToldTable, facts: Facts) -> None:
    for row in table.rows:
        own = tuple(fact for fact in facts if plain(fact.labels["funder"]) == row.label)
        assert table.column(row, "Écritures") == len(own), row.label
        assert table.column(row, "Mois couverts") == len({fact.month for fact in own}), row.label
    assert sum(table.column(row, "Écritures") for row in table.rows) == len(facts)


@ON_SQLITE
def test_crossings_tell_the_ledger(surfaces: Surfaces) -> None:
    crossings = (
        ("scheme", "audience", "paid"),
        ("funder", "month", "committed"),
        ("year", "funder", "still_to_pay"),
        ("territory", "level", "committed"),
        ("sector", "funder", "ordered"),
    )
    for words, facts, before, funder in selections(surfaces):
        surfaces.follows = "dispositif" in words
        for rows, columns, measure in crossings:
            address = (
                f"/tableau-de-bord/croiser?{words}&lignes={WORDS[rows]}&colonnes={WORDS[columns]}&mesure={measure}"
            )
            [table] = page_tables(surfaces.page(address))
            assert_crossing(surfaces, table, (rows, columns), measure, Part(facts, before, shared), funder)


def assert_crossing(
    surfaces: Surfaces, table: ToldTable, axes: tuple[str, str], measure: str, whole: Part, funder: str
) -> None:
    down = lines_of(axes[0], axes[1], [row.label for row in table.rows], whole, bool(funder))
    across = lines_of(axes[1], axes[0], list(table.headings[1:]), whole, bool(funder))
    for row in table.rows:
        for place, heading in enumerate(table.headings[1:], 1):
            (down_codes, down_how), (across_codes, across_how) = down[row.label], across[heading]
            facts = tuple(
                fact for fact in whole.now if fact.codes[axes[0]] in down_codes and fact.codes[axes[1]] in across_codes
            )
            how, sign = down_how if axes[0] == "funder" else across_how
            cell, where = row.cells[place], (table.caption, row.label, heading)
            assert (cell or ZERO) == sign * euros(how(facts), measure), where
            assert (cell is None) == (not facts), where
            link = row.links[place]
            if link and surfaces.follows and measure != "ordered":
                prefix = "" if how is gross and "financeur=" in link else "shared_"
                assert listed(surfaces, link)[prefix + measure] == cell, (where, link)


Line = tuple[set[str], tuple[Callable[[Facts], Facts], int]]


def lines_of(axis: str, other: str, labels: list[str], whole: Part, alone: bool) -> dict[str, Line]:
    """What each row, or column, adds up: codes of its members, and how transfers count."""
    names = codes_of(whole.now, axis)
    if axis == "month":
        names = {code: month_words(code) for code in names}
    usual: tuple[Callable[[Facts], Facts], int] = (gross, 1) if "funder" in (axis, other) or alone else (whole.how, 1)
    kept = {capital(name) if axis != "funder" else plain(name): code for code, name in names.items()}
    found: dict[str, Line] = {name: ({code}, usual) for name, code in kept.items() if name in labels}
    named = set().union(*(codes for codes, _ in found.values()))
    for text in labels:
        if text.startswith("Autres ("):
            assert text == f"Autres ({len(set(names) - named)})"
            found[text] = (set(names) - named, usual)
    without = gross if alone else shared
    margins = {
        FOOT[0]: (gross, 1),
        FOOT[1]: (internal if not alone else none, -1),
        FOOT[2]: (without, 1),
        "Total": usual,
    }
    found |= {text: (set(names), how) for text, how in margins.items() if text in labels}
    assert set(found) == set(labels), (axis, labels)
    assert set().union(*(codes for codes, _ in found.values())) == set(names)
    return found


def none(facts: Facts) -> Facts:
    return ()
