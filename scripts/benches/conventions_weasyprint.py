"""The alternative of `conventions`: WeasyPrint prints the pages of a folder as PDF/UA-1, its fonts found once."""

import json
import sys
import time
from pathlib import Path

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration


def main(folder: str) -> None:
    """Print each page once, and the first one unmeasured before; tell processor seconds of each and bytes."""
    pages = [path.read_text(encoding="utf-8") for path in sorted(Path(folder).glob("*.html"))]
    fonts = FontConfiguration()
    HTML(string=pages[0]).write_pdf(font_config=fonts, pdf_variant="pdf/ua-1")
    seconds, sizes = [], []
    for page in pages:
        start = time.process_time()
        made = HTML(string=page).write_pdf(font_config=fonts, pdf_variant="pdf/ua-1")
        seconds.append(round(time.process_time() - start, 6))
        sizes.append(len(made))
    print(json.dumps({"seconds": seconds, "bytes": sizes}))


if __name__ == "__main__":
    main(*sys.argv[1:])
