"""Is a chart the same thing on the page, on paper and in its table, for every eye?"""

from decimal import Decimal
from xml.etree import ElementTree

import pytest
from reportlab.graphics.shapes import Rect

from conference.documents.chart import HUES, Chart, Series, chart_table, scale_ends
from conference.documents.drawing import draw_chart
from conference.documents.patterns import hatch
from conference.documents.svg import chart_svg

SVG = "{http://www.w3.org/2000/svg}"


def chart(*values: Decimal | None, series: int = 1, label: str = "Payé") -> Chart:
    names = tuple(f"mois {rank}" for rank in range(len(values)))
    return Chart(
        "Titre <b>", "Description & suite", names, tuple(Series(f"{label} {n}", values) for n in range(series))
    )


def parsed(of: Chart, prefix: str = "c1") -> ElementTree.Element:
    return ElementTree.fromstring(chart_svg(of, prefix))


def test_svg_is_named_described_and_free_of_style() -> None:
    root = parsed(chart(Decimal(5), Decimal(7)))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "c1-title c1-desc"
    assert [(root[0].get("id"), root[0].text), (root[1].get("id"), root[1].text)] == [
        ("c1-title", "Titre <b>"),
        ("c1-desc", "Description & suite"),
    ]
    assert root.get("font-family") == "'Source Sans 3', sans-serif"
    assert root.get("viewBox") == "0 0 760 300"
    assert root.get("width") is None
    for element in root.iter():
        assert not {"style", "class", "onload"} & set(element.keys())
        assert element.get("id", "c1-").startswith("c1-")


def test_same_chart_same_svg() -> None:
    assert chart_svg(chart(Decimal(5)), "a") == chart_svg(chart(Decimal(5)), "a")


def test_bars_stand_on_zero_and_are_in_proportion() -> None:
    bars = [
        shape
        for shape in draw_chart(chart(Decimal(10), Decimal(20), Decimal(-5)), 300, 200).contents
        if isinstance(shape, Rect)
    ]
    swatch, ten, twenty, below = bars
    assert twenty.height == pytest.approx(2 * ten.height)
    assert below.height == pytest.approx(ten.height / 2)
    assert below.y + below.height == pytest.approx(ten.y)
    assert swatch.y > twenty.y + twenty.height


def test_every_bar_stays_inside_the_drawing() -> None:
    drawing = draw_chart(chart(*(Decimal(n * 997 - 3000) for n in range(12)), series=8), 400, 220)
    for shape in drawing.contents:
        left, low, right, high = shape.getBounds()
        assert left >= -0.5
        assert low >= -0.5
        assert right <= 400.5
        assert high <= 220.5


@pytest.mark.parametrize("kind", range(8))
def test_hatching_stays_inside_its_bar_and_only_the_first_is_plain(kind: int) -> None:
    segments = list(hatch(kind, 10, 20, 30, 40, 3))
    assert bool(segments) == (kind != 0)
    for x1, y1, x2, y2 in segments:
        assert min(x1, x2) >= 10
        assert max(x1, x2) <= 40.0001
        assert min(y1, y2) >= 19.9999
        assert max(y1, y2) <= 60.0001


def test_hatchings_differ() -> None:
    drawn = [tuple(hatch(kind, 0, 0, 30, 40, 3)) for kind in range(8)]
    assert len(set(drawn)) == 8


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ((), (0, 4, 1)),
        ((0, 0), (0, 4, 1)),
        ((97,), (0, 100, 25)),
        ((-30, 97), (-50, 100, 50)),
        ((2_821_393,), (0, 3_000_000, 1_000_000)),
        ((-4,), (-4, 0, 1)),
    ],
)
def test_scale_ends_are_round_and_hold_every_value(values: tuple[int, ...], ends: tuple[int, int, int]) -> None:
    assert scale_ends(chart(*(Decimal(value) for value in values))) == ends


def test_chart_without_figures_says_so() -> None:
    texts = [element.text for element in parsed(chart()).iter(f"{SVG}text")]
    assert "Aucun chiffre." in texts


def test_table_holds_the_figures_of_the_chart() -> None:
    table = chart_table(chart(Decimal("1.50"), None, series=2))
    assert table.headings == ("Mois", "Payé 0", "Payé 1")
    assert table.rows == (("mois 0", Decimal("1.50"), Decimal("1.50")), ("mois 1", None, None))


def test_chart_with_unequal_series_or_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="one value per category"):
        Chart("t", "d", ("a", "b"), (Series("s", (Decimal(1),)),))
    with pytest.raises(ValueError, match="at most 8"):
        chart(Decimal(1), series=9)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("hue", HUES)
def test_bar_outlines_stand_out_from_paper(hue: str) -> None:
    """WCAG 1.4.11 asks 3:1 for the parts of a chart that must be seen."""
    assert 1.05 / (luminance(hue) + 0.05) >= 3
