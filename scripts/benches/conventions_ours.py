"""Our side of `conventions`: lay out, tag and archive so many conventions, or only draw them, as an untagged file.

Untagged, the same flowables are drawn by ReportLab alone: no marked content, no structure, no metadata, nothing attached. With
`pages`, write what WeasyPrint has to print instead. Prints processor seconds and bytes of each document, and the peak of
memory. The first document is made once before, unmeasured: fonts are read.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from convention_made import ADDRESS, conventions
from html_page import html_page
from reportlab.platypus import BaseDocTemplate, PageTemplate

from conference.documents import render, tagged
from conference.documents.convention import convention_document
from conference.documents.model import Document, fingerprint
from conference.documents.render import render_pdf
from conference.documents.story import Story, bottom_of


def main(way: str, count: str, folder: str = "") -> None:
    """Make `count` conventions by `way`: tagged, untagged or pages."""
    if way == "pages":
        for rank, (facts, texts) in enumerate(conventions(int(count))):
            document = convention_document(facts, texts=texts, address=ADDRESS)
            (Path(folder) / f"{rank:04}.html").write_text(html_page(document), encoding="utf-8")
        return
    if way == "untagged":
        _tag_nothing()
    make: Callable[[Document], bytes] = render_pdf if way == "tagged" else _drawn
    for facts, texts in conventions(1):
        make(convention_document(facts, texts=texts, address=ADDRESS))
    seconds, sizes = [], []
    for facts, texts in conventions(int(count)):
        start = time.process_time()
        made = make(convention_document(facts, texts=texts, address=ADDRESS))
        seconds.append(round(time.process_time() - start, 6))
        sizes.append(len(made))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"seconds": seconds, "bytes": sizes, "megabytes": round(peak, 1)}))


def _drawn(document: Document) -> bytes:
    story, out, bottom = Story(document), BytesIO(), bottom_of(document)
    template = BaseDocTemplate(out, title=document.title, invariant=1, pageCompression=1)
    first = PageTemplate("first", [render._frame(0, bottom)], autoNextPageTemplate="next")
    template.addPageTemplates([first, PageTemplate("next", [render._frame(render.HEAD_ROOM, bottom)])])
    template.build(story.flowables(), canvasmaker=render._canvas(document, fingerprint(document)))
    return out.getvalue()


def _tag_nothing() -> None:
    @contextmanager
    def nothing(*_given: Any) -> Iterator[None]:
        yield

    tagged.marked = tagged.artifact = render.artifact = nothing
    for hooks in (tagged.CellTags, tagged.Silent):
        hooks.__call__ = lambda *_given: None


if __name__ == "__main__":
    main(*sys.argv[1:])
