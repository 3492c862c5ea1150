"""How do bars stay apart without colour?

Each series has its own hatching, made of plain line segments cut to the bar: SVG and PDF then show the same thing,
with no pattern fill to name, to scale or to lose in a printer.
"""

from collections.abc import Iterator

Segment = tuple[float, float, float, float]


def hatch(kind: int, x: float, y: float, width: float, height: float, step: float) -> Iterator[Segment]:
    """Segments (x1, y1, x2, y2) of pattern `kind` inside the rectangle. 0 is plain: nothing to draw.

    1 rising, 2 horizontal, 3 falling, 4 vertical, 5 crossed, 6 grid, 7 wide rising.
    """
    if kind in (1, 5):
        yield from _diagonal(x, y, width, height, step, rising=True)
    if kind in (3, 5):
        yield from _diagonal(x, y, width, height, step, rising=False)
    if kind in (2, 6):
        yield from _horizontal(x, y, width, height, step)
    if kind in (4, 6):
        yield from _vertical(x, y, width, height, step)
    if kind == 7:
        yield from _diagonal(x, y, width, height, step * 2.2, rising=True)


def _places(length: float, step: float) -> Iterator[float]:
    return (step * number for number in range(1, int(length / step) + 1) if step * number < length)


def _horizontal(x: float, y: float, width: float, height: float, step: float) -> Iterator[Segment]:
    return ((x, y + up, x + width, y + up) for up in _places(height, step))


def _vertical(x: float, y: float, width: float, height: float, step: float) -> Iterator[Segment]:
    return ((x + along, y, x + along, y + height) for along in _places(width, step))


def _diagonal(x: float, y: float, width: float, height: float, step: float, *, rising: bool) -> Iterator[Segment]:
    for offset in _places(width + height, step * 1.4142):
        start = max(0.0, offset - height)
        end = min(offset, width)
        low, high = (offset - start, offset - end)
        if rising:
            yield x + start, y + height - low, x + end, y + height - high
        else:
            yield x + start, y + low, x + end, y + high
