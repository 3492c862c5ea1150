"""How does a chart become SVG under a strict content policy?

ReportLab's own SVG writer uses `style="…"`, which the policy strips (the chart would be black), shared ids and a
document type. A chart drawing holds rectangles, lines and texts only, so they are written here with presentation
attributes.
"""

from xml.sax.saxutils import escape, quoteattr

from reportlab.graphics.shapes import Drawing, Line, Path, Rect, String
from reportlab.lib.colors import Color

from conference.documents.chart import Chart, Flows
from conference.documents.drawing import draw_chart
from conference.documents.fonts import FAMILY
from conference.documents.timeline import SIZE as TIMELINE_SIZE
from conference.documents.timeline import Timeline, draw_timeline

TYPE = f"'{FAMILY}', sans-serif"


def chart_svg(chart: Chart | Flows, prefix: str, *, width: float = 760, height: float = 300, size: float = 13) -> str:
    """The chart as one `<svg>` element that fills its container; every id starts with `prefix` (unique in the page)."""
    drawing = draw_chart(chart, width, height, size)
    return drawing_svg(drawing, prefix, title=chart.title, description=chart.description, size=size)


def drawing_svg(drawing: Drawing, prefix: str, *, title: str, description: str, size: float) -> str:
    """A drawing of rectangles, lines and texts of `size` as one `<svg>` element; ids start with `prefix`."""
    width, height = drawing.width, drawing.height
    ids = f"{prefix}-title {prefix}-desc"
    shapes = "".join(_shape(shape, height) for shape in drawing.contents)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {_number(width)} {_number(height)}" '
        f'aria-labelledby={quoteattr(ids)} font-family={quoteattr(TYPE)} font-size="{_number(size)}">'
        f"<title id={quoteattr(prefix + '-title')}>{escape(title)}</title>"
        f"<desc id={quoteattr(prefix + '-desc')}>{escape(description)}</desc>{shapes}</svg>"
    )


def _shape(shape: Rect | Line | String | Path, height: float) -> str:
    """One shape, its y axis turned downwards. Raises TypeError for a shape that charts do not use."""
    if isinstance(shape, Rect):
        box = f"{_at('x', shape.x)}{_at('y', height - shape.y - shape.height)}"
        return f"<rect{box}{_at('width', shape.width)}{_at('height', shape.height)}{_paint(shape)}/>"
    if isinstance(shape, Line):
        ends = f"{_at('x1', shape.x1)}{_at('y1', height - shape.y1)}{_at('x2', shape.x2)}{_at('y2', height - shape.y2)}"
        return f"<line{ends}{_stroke(shape)}/>"
    if isinstance(shape, String):
        anchor = "" if shape.textAnchor == "start" else f' text-anchor="{shape.textAnchor}"'
        place = f"{_at('x', shape.x)}{_at('y', height - shape.y)}"
        return f'<text{place} fill="{_colour(shape.fillColor)}"{anchor}>{escape(shape.text)}</text>'
    if isinstance(shape, Path):
        return f'<path d="{_way(shape, height)}"{_paint(shape)}/>'
    raise TypeError(f"a chart does not draw {type(shape).__name__}")


def _way(shape: Path, height: float) -> str:
    """The outline of a path: ReportLab keeps the letters and the coordinates apart."""
    points, written = iter(shape.points), []
    for operator in shape.operators:
        letter, count = (("M", 1), ("L", 1), ("C", 3), ("Z", 0))[operator]
        pairs = [f"{_number(next(points))} {_number(height - next(points))}" for _ in range(count)]
        written.append(letter + " ".join(pairs))
    return "".join(written)


def _paint(shape: Rect | Path) -> str:
    return f' fill="{_colour(shape.fillColor)}"{_stroke(shape)}'


def _stroke(shape: Rect | Line | Path) -> str:
    dashes = getattr(shape, "strokeDashArray", None)
    dashed = f' stroke-dasharray="{" ".join(map(_number, dashes))}"' if dashes else ""
    return f' stroke="{_colour(shape.strokeColor)}"{_at("stroke-width", shape.strokeWidth)}{dashed}'


def _colour(colour: Color | None) -> str:
    return "none" if colour is None else f"#{colour.hexval()[2:]}"


def _at(name: str, value: float) -> str:
    return f' {name}="{_number(value)}"'


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def timeline_svg(timeline: Timeline, prefix: str, *, width: float = 900) -> str:
    """The timeline as one `<svg>` element whose ids start with `prefix`."""
    drawing = draw_timeline(timeline, width)
    return drawing_svg(drawing, prefix, title=timeline.title, description=timeline.description, size=TIMELINE_SIZE)
