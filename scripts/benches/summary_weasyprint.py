"""The alternative of `summary`: WeasyPrint prints the page that it is given as PDF/UA-1, its fonts found once."""

import sys
from pathlib import Path

from warm import tell
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration


def main(page: str, repeat: str) -> None:
    """Print `page` `repeat` times, tell how long."""
    source, fonts = Path(page).read_text(encoding="utf-8"), FontConfiguration()

    def printed() -> bytes:
        return HTML(string=source).write_pdf(font_config=fonts, pdf_variant="pdf/ua-1")

    tell({"summary": printed}, int(repeat), lambda pdf: [(pdf[:5].decode(),)])


if __name__ == "__main__":
    main(*sys.argv[1:])
