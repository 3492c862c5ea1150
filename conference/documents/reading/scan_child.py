"""The process that looks at scanned pages: `python -I scan_child.py codes|cut PATH [OUT PAGES]`.

`codes`: one JSON line per page, `[page, [texts of its codes]]`. A page is drawn at 200 dots an inch, then at 300 when nothing
was read. `cut`: the pages of the list « 3,4,5 » into OUT, and how many they are. Alone with the libraries that draw and read.
"""

import ctypes
import json
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MEMORY, SECONDS, PAGES, SIDE = 1_200_000_000, 150, 400, 5000
"""Bytes, seconds of processor, pages of a file, points of the longest side of a drawn page."""
DRAWN = (200, 300)
WITH_PARENT = 1  # PR_SET_PDEATHSIG


def limit() -> None:
    """End with the parent, and within its limits."""
    ctypes.CDLL(None).prctl(WITH_PARENT, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def codes(path: str) -> Iterator[list[Any]]:
    """[page from 1, texts] of each page of a PDF, or of an image."""
    with Path(path).open("rb") as file:
        is_pdf = b"%PDF" in file.read(1024)
    for number, draw in enumerate(_pages(path) if is_pdf else [lambda _dots: _image(path)], start=1):
        yield [number, next((found for dots in DRAWN if (found := _texts(draw(dots)))), [])]


def _pages(path: str) -> Iterator[Any]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    if len(document) > PAGES:
        raise SystemExit(2)
    for page in document:

        def draw(dots: int, page: Any = page) -> Any:
            scale = min(dots / 72, SIDE / max(page.get_size()))
            return page.render(scale=scale, grayscale=True).to_pil()

        yield draw


def _image(path: str) -> Any:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = SIDE * SIDE
    image = Image.open(path)
    image.thumbnail((SIDE, SIDE))
    return image.convert("L")


def _texts(image: Any) -> list[str]:
    import zxingcpp

    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
    return [each.text[:400] for each in found]


def cut(path: str, out: str, pages: str) -> int:
    """Write these pages (from 1) of a PDF into `out`, in that order; how many."""
    import pikepdf

    wanted = [int(page) for page in pages.split(",")]
    with pikepdf.open(path) as source, pikepdf.new() as made:
        for page in wanted:
            made.pages.append(source.pages[page - 1])
        made.save(out, deterministic_id=True)
    return len(wanted)


if __name__ == "__main__":
    limit()
    if sys.argv[1] == "cut":
        sys.stdout.write(json.dumps(cut(*sys.argv[2:5])))
    else:
        for line in codes(sys.argv[2]):
            sys.stdout.write(json.dumps(line) + "\n")
