"""Does each form of chart say its figures, on the page and on paper, in black and white, whatever it is given?"""

from collections.abc import Callable
from decimal import Decimal
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.graphics.shapes import Drawing, Line, Path, Rect, String

from conference.documents.chart import Chart, Flow, Flows, Series, chart_table, gathered, scale_ends
from conference.documents.drawing import draw_chart
from conference.documents.fonts import text_width
from conference.documents.model import Document, Figure
from conference.documents.plot import cut, short_euros, wrapped
from conference.documents.render import render_pdf
from conference.documents.svg import chart_svg
from tests.documents.verapdf.validator import Validator

FORMS = ("bars", "stacked", "lines", "ranked")
LONG = "Rémunération des stagiaires de la formation professionnelle en Poitou-Charentes"


def chart(form: str, *series: tuple[Decimal | None, ...]) -> Chart:
    names = tuple(f"{LONG} {rank}" for rank in range(len(series[0]) if series else 0))
    told = tuple(Series(f"série {rank}", values) for rank, values in enumerate(series))
    return Chart("Titre", "Description", names, told, form=form)  # type: ignore[arg-type]


def flows(*values: tuple[str, str, str, str]) -> Flows:
    return Flows("Flux", "Rubans", ("Qui", "Quoi", "Pour qui"), tuple(Flow(v[:3], Decimal(v[3])) for v in values))


SOME = flows(("Région", "PRF", "DE", "900"), ("Région", "PRF", "Jeunes", "50"), ("OPCO", "CPRO", "Salariés", "300.25"))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "values",
    [
        (Decimal(5), Decimal(0), None),
        (Decimal("-3.50"), Decimal("10") ** 12),
        (None, None),
        (Decimal(0),),
        (Decimal("0.01"), Decimal("-0.01")),
        tuple(Decimal(n * n) for n in range(30)),
    ],
)
def test_any_figures_are_drawn_inside_the_drawing(form: str, values: tuple[Decimal | None, ...]) -> None:
    for made in (chart(form, values), chart(form, values, values[::-1])):
        drawing = draw_chart(made, 400, 220, 8)
        for shape in drawing.contents:
            if isinstance(shape, Rect):
                assert shape.width >= 0 <= shape.height
                assert -0.5 <= shape.x <= shape.x + shape.width <= drawing.width + 0.5
                assert -0.5 <= shape.y <= shape.y + shape.height <= drawing.height + 0.5
            if isinstance(shape, String):
                assert _left(shape) >= -0.5
                assert _left(shape) + text_width(shape.text, shape.fontSize) <= drawing.width + 1
        ElementTree.fromstring(chart_svg(made, "c"))


def _left(text: String) -> float:
    width = text_width(text.text, text.fontSize)
    return float(text.x - {"start": 0.0, "middle": width / 2, "end": width}[text.textAnchor])


@pytest.mark.parametrize("form", FORMS)
def test_no_figure_is_said_in_words(form: str) -> None:
    assert "Aucun chiffre." in chart_svg(chart(form), "c")


@pytest.mark.parametrize("form", FORMS)
def test_figures_that_are_not_known_are_not_drawn_as_nil(form: str) -> None:
    assert "Aucun chiffre." in chart_svg(chart(form, (None, None)), "c")
    assert "Aucun chiffre." not in chart_svg(chart(form, (Decimal(0), None)), "c")


def test_ranked_bar_that_is_not_known_reads_a_dash() -> None:
    texts = _texts(draw_chart(chart("ranked", (Decimal(7), None, Decimal(0))), 400, 220))
    assert [text.text for text in texts if text.textAnchor == "start"] == ["7\u00a0€", "–", "0\u00a0€"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("count", [1, 12, 30])
@pytest.mark.parametrize("width", [250, 760])
def test_no_text_touches_another(form: str, count: int, width: int) -> None:
    values = tuple(Decimal((n - 3) * 10**7) for n in range(count))
    names = tuple(f"{LONG} {rank}" for rank in range(count))
    series = tuple(Series(f"{LONG} {rank}", values) for rank in range(8))
    _assert_apart(draw_chart(Chart("t", "d", names, series, form=form), width, 120, 8))  # type: ignore[arg-type]


def test_no_text_of_flows_touches_another() -> None:
    made = flows(*((f"{LONG} {n}", f"d{n} {LONG}", f"p{n % 5}", str(7**n)) for n in range(14)))
    _assert_apart(draw_chart(made, 480, 100, 8))
    _assert_apart(draw_chart(made, 480, 700, 8))


def _texts(drawing: Drawing) -> list[String]:
    return [shape for shape in drawing.contents if isinstance(shape, String)]


def _assert_apart(drawing: Drawing) -> None:
    """No two texts share ink: boxes from the base line to the height of capitals."""
    boxes = [(_left(text), text.y, text_width(text.text, text.fontSize), text) for text in _texts(drawing)]
    assert len(boxes) >= 2
    for (x1, y1, wide1, one), (x2, y2, wide2, other) in combinations(boxes, 2):
        touch = x1 < x2 + wide2 and x2 < x1 + wide1 and abs(y1 - y2) < one.fontSize * 0.7
        assert not touch, (one.text, other.text)


def test_years_are_named_even_where_their_first_month_is_not() -> None:
    names = tuple(f"m{n}" + (f"\n{2024 + n // 12}" if n in (0, 10, 22, 34) else "") for n in range(36))
    made = Chart("t", "d", names, (Series("s", (Decimal(1),) * 36),), form="lines")
    texts = [text.text for text in _texts(draw_chart(made, 500, 200, 8))]
    assert [text for text in texts if text.startswith("20")] == ["2024", "2024", "2025", "2026"]
    assert "m1" not in texts


def test_long_legend_makes_the_drawing_grow_rather_than_hide_the_figures() -> None:
    names = tuple(Series(f"{LONG} {rank}", (Decimal(5),)) for rank in range(8))
    drawing = draw_chart(Chart("t", "d", ("a",), names), 250, 60, 8)
    assert drawing.height > 60
    bars = [shape for shape in drawing.contents if isinstance(shape, Rect)][8:]
    assert all(bar.height > 8 * 3 for bar in bars)


def test_no_flow_is_said_in_words() -> None:
    assert "Aucun chiffre." in chart_svg(flows(), "c")
    assert "Aucun chiffre." in chart_svg(flows(("a", "b", "c", "-5")), "c")


def test_stacked_parts_stand_on_one_another() -> None:
    made = chart("stacked", (Decimal(30), Decimal(-10)), (Decimal(20), Decimal(-5)))
    assert scale_ends(made)[:2] == (Decimal(-20), Decimal(60))
    bars = [shape for shape in draw_chart(made, 400, 220).contents if isinstance(shape, Rect)][2:]  # after the legend
    first, second = bars[0], bars[1]
    assert second.y == pytest.approx(first.y + first.height)
    assert first.height / second.height == pytest.approx(1.5)


def test_lines_differ_by_dashes_and_markers_and_leave_holes() -> None:
    made = chart("lines", (Decimal(1), None, Decimal(3), Decimal(4)), (Decimal(2), Decimal(2), Decimal(2), Decimal(2)))
    drawing = draw_chart(made, 400, 220)
    dashed = [shape for shape in drawing.contents if isinstance(shape, Line) and shape.strokeDashArray]
    assert len(dashed) == 3 + 1  # three parts and the legend
    fills = {str(shape.fillColor) for shape in drawing.contents if isinstance(shape, Rect)}
    assert len(fills) == 2
    assert 'stroke-dasharray="5 3"' in chart_svg(made, "c")


def test_ranked_bars_say_their_amounts_and_cut_their_names() -> None:
    svg = chart_svg(chart("ranked", (Decimal("1234567.89"), Decimal("940000"))), "c")
    assert "1,2\u00a0M€" in svg
    assert "940\u00a0k€" in svg
    assert "…" in svg


def test_flows_are_as_wide_as_their_amounts() -> None:
    drawing = draw_chart(SOME, 700, 400, 9)
    ribbons = [shape for shape in drawing.contents if isinstance(shape, Path)]
    assert len(ribbons) == 2 + 3
    heights = {}
    for shape in ribbons:
        ys = shape.points[1::2]
        heights[round(ys[0] - ys[-1], 3)] = shape
    assert max(heights) / sorted(heights)[0] == pytest.approx(950 / 50, rel=0.01)
    assert "<path" in chart_svg(SOME, "c")
    assert "style=" not in chart_svg(SOME, "c")


def test_smallest_members_of_a_stage_are_gathered() -> None:
    made = flows(*((f"f{n}", f"d{n % 3}", "p", str(n + 1)) for n in range(12)))
    kept = gathered(made, 8)
    assert len({flow.path[0] for flow in kept}) == 8
    assert "Autres (5)" in {flow.path[0] for flow in kept}


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcdefghijkl"),
            st.sampled_from("mnopqrstuvwx"),
            st.sampled_from("yz"),
            st.decimals(-50, 10**9, places=2).map(str),
        ),
        max_size=40,
    )
)
def test_gathering_keeps_the_sum_to_the_cent_and_draws(values: list[tuple[str, str, str, str]]) -> None:
    made = flows(*values)
    kept = gathered(made, 8)
    assert sum(flow.value for flow in kept) == sum(flow.value for flow in made.flows if flow.value > 0)
    drawing = draw_chart(made, 500, 300, 8)
    for shape in drawing.contents:
        if isinstance(shape, Rect):
            assert -0.5 <= shape.y <= shape.y + shape.height <= drawing.height + 0.5
    assert len(chart_table(made).rows) == len(values)


def test_table_of_flows_has_the_largest_first() -> None:
    table = chart_table(SOME)
    assert table.headings == ("Qui", "Quoi", "Pour qui", "Montant")
    assert [row[-1] for row in table.rows] == [Decimal(900), Decimal("300.25"), Decimal(50)]


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0", "0\u00a0€"),
        ("12.40", "12\u00a0€"),
        ("-2500", "−2,5\u00a0k€"),
        ("1234567", "1,2\u00a0M€"),
        ("3e9", "3\u00a0Md€"),
    ],
)
def test_amount_in_few_signs(amount: str, said: str) -> None:
    assert short_euros(Decimal(amount)) == said


def test_text_is_cut_to_its_room() -> None:
    assert cut("court", 100, 8) == "court"
    assert text_width(cut(LONG, 60, 8), 8) <= 60
    assert cut(LONG, 60, 8).endswith("…")


def test_text_is_wrapped_at_words_and_its_end_is_cut() -> None:
    assert wrapped("un deux trois", 1000, 8, 3) == ["un deux trois"]
    assert wrapped(LONG, 130, 8, 9) == [
        "Rémunération des stagiaires de la",
        "formation professionnelle en",
        "Poitou-Charentes",
    ]
    assert wrapped(LONG, 130, 8, 2)[1].endswith("…")
    assert len(wrapped(LONG, 10, 8, 2)) == 2
    assert wrapped(LONG, 130, 8, 0) == [cut(LONG, 130, 8)]


def test_every_form_is_archivable_and_readable_by_all(validator: Validator, read_text: Callable[[bytes], str]) -> None:
    figures = [Figure(chart(form, (Decimal(5), Decimal(-2)), (Decimal(1), Decimal(3)))) for form in FORMS]
    document = Document("Dessins", "D-1", "Conférence", blocks=(*figures, Figure(SOME, height=200)))
    content = render_pdf(document)
    assert validator.broken_rules(content) == []
    assert "300" in read_text(content)
    assert render_pdf(document) == content
