"""Our side of `summary`: read the month, lay it out, tag it. Without a number of runs: write what WeasyPrint has to print."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from html_page import html_page
from warm import tell

from conference.data.session import Database
from conference.documents.summary import summary_document, summary_pdf
from conference.domain.permissions import CONSOLE
from conference.services.summaries import make_summary
from conference.settings import load_settings


def main(page: str, repeat: str = "0") -> None:
    """Write `page`, or make the summary `repeat` times and tell how long."""
    settings = load_settings()
    database = Database(settings.url)
    month = (datetime.now(UTC).date().replace(day=1) - timedelta(days=1)).replace(day=1)
    threshold = settings.published_threshold

    def made() -> bytes:
        with database.reading() as session:
            return summary_pdf(make_summary(session, month, threshold=threshold, scope=None, by=CONSOLE))

    if int(repeat):
        tell({"summary": made}, int(repeat), lambda pdf: [(pdf[:5].decode(),)])
        return
    with database.reading() as session:
        document = summary_document(make_summary(session, month, threshold=threshold, scope=None, by=CONSOLE))
    Path(page).write_text(html_page(document), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
