"""Does the timeline place each day where it belongs, and say in words what it draws?"""

from datetime import date

from reportlab.graphics.shapes import Rect, String

from conference.documents.svg import timeline_svg
from conference.documents.timeline import Bar, Lane, Timeline, draw_timeline
from conference.domain.period import Period

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def drawn(*bars: Bar) -> Timeline:
    """One lane of bars over the year."""
    return Timeline("Revenu", "Ce qui est payé", YEAR, (Lane("Revenu", bars),), today=date(2026, 7, 1))


def test_bars_that_follow_touch_and_fill_the_span() -> None:
    half = date(2026, 7, 1)
    timeline = drawn(
        Bar(Period(YEAR.first, date(2026, 6, 30)), "ARE", "covered"), Bar(Period(half, YEAR.last), "rien", "covered")
    )
    first, second = (shape for shape in draw_timeline(timeline, 900).contents if isinstance(shape, Rect))
    assert round(first.x + first.width, 6) == round(second.x, 6)
    assert round(second.x + second.width, 6) == 899


def test_short_hole_takes_its_short_words() -> None:
    def words(days: int) -> set[str]:
        hole = Bar(Period(YEAR.first, date(2026, 1, days)), "jours sans revenu, longuement dits", "gap", f"{days} j")
        return {shape.text for shape in draw_timeline(drawn(hole), 900).contents if isinstance(shape, String)}

    assert "31 j" in words(31)
    assert "1 j" not in words(1)


def test_svg_carries_no_style_and_its_own_ids() -> None:
    svg = timeline_svg(drawn(Bar(YEAR, "ARE", "covered")), "frise")
    assert "style=" not in svg
    assert '<title id="frise-title">Revenu</title>' in svg
