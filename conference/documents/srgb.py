"""What do the document's colours mean? sRGB, said by a profile that we write ourselves.

An archivable PDF carries the profile of its colours. Built from the published numbers of IEC 61966-2-1 (adapted to
the D50 white of ICC profiles) it needs no licence, no file and no clock: the same bytes every time.
"""

from functools import cache
from struct import pack

_WHITE = (0.9642, 1.0, 0.8249)
_PRIMARIES = {
    b"rXYZ": (0.43607, 0.22249, 0.01392),
    b"gXYZ": (0.38515, 0.71687, 0.09708),
    b"bXYZ": (0.14307, 0.06061, 0.71410),
}
_STEPS = 1024


@cache
def srgb_profile() -> bytes:
    """An ICC version 2.1 display profile of sRGB."""
    curve = _curve()
    tags = {
        b"desc": _description("sRGB IEC61966-2.1"),
        b"cprt": b"text" + bytes(4) + b"Public domain\0",
        b"wtpt": _xyz(_WHITE),
        **{name: _xyz(value) for name, value in _PRIMARIES.items()},
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, data = _lay_out(tags)
    size = 128 + len(table) + len(data)
    return _header(size) + table + data


def _lay_out(tags: dict[bytes, bytes]) -> tuple[bytes, bytes]:
    """The table of tags and their data; equal data is written once."""
    start = 128 + 4 + 12 * len(tags)
    places: dict[bytes, int] = {}
    data = b""
    table = pack(">I", len(tags))
    for name, value in tags.items():
        if value not in places:
            places[value] = start + len(data)
            data += value + bytes(-len(value) % 4)
        table += name + pack(">II", places[value], len(value))
    return table, data


def _header(size: int) -> bytes:
    """128 bytes: size, version 2.1, display device, RGB to XYZ, a fixed date, signature, perceptual intent, D50."""
    start = pack(">I4sI4s4s4s", size, bytes(4), 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    made = pack(">6H", 2000, 1, 1, 0, 0, 0) + b"acsp"
    rest = bytes(4 + 4 + 4 + 4 + 8 + 4) + b"".join(_fixed(part) for part in _WHITE)
    return (start + made + rest).ljust(128, b"\0")


def _fixed(value: float) -> bytes:
    return pack(">i", round(value * 65536))


def _xyz(value: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(_fixed(part) for part in value)


def _curve() -> bytes:
    values = (round(65535 * _linear(position / (_STEPS - 1))) for position in range(_STEPS))
    return b"curv" + bytes(4) + pack(">I", _STEPS) + pack(f">{_STEPS}H", *values)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _description(text: str) -> bytes:
    letters = text.encode("ascii") + b"\0"
    return b"desc" + bytes(4) + pack(">I", len(letters)) + letters + bytes(4 + 4 + 2 + 1 + 67)
