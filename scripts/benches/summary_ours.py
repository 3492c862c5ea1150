"""Our side of `summary`: read the month, lay it out, tag it. Without a number of runs: write what WeasyPrint has to print.

That page holds the blocks of our own document, in their order: the same headings, texts and tables, the same typeface; the
charts are left out, which only spares WeasyPrint.
"""

import sys
from datetime import UTC, datetime, timedelta
from html import escape
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from warm import tell

from conference.data.session import Database
from conference.documents.model import Block, Column, Heading, Items, KeyFigures, Table, Text, Together
from conference.documents.summary import summary_document, summary_pdf
from conference.domain.permissions import CONSOLE
from conference.services.summaries import make_summary
from conference.settings import ROOT, load_settings

FONTS = ROOT / "static" / "fonts"
STYLE = """
@font-face { font-family: Summary; src: url("{regular}") }
@font-face { font-family: Summary; font-weight: bold; src: url("{bold}") }
@page { size: A4; margin: 18mm; @bottom-right { content: counter(page) " / " counter(pages) } }
body { font: 9.5pt/1.35 Summary } table { border-collapse: collapse; width: 100%; font-size: 8pt }
caption { text-align: left } th, td { border-bottom: .5pt solid #888; padding: 2pt 3pt; text-align: left }
.number { text-align: right } .strong { font-weight: bold } tr { break-inside: avoid }
"""


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
    body = "".join(_html(block) for block in document.blocks)
    lines = "".join(f"<p>{escape(line)}</p>" for line in (*document.mentions, *document.lines))
    style = STYLE.replace("{regular}", _font("Regular")).replace("{bold}", _font("Bold"))
    head = f'<meta charset="utf-8"><title>{escape(document.title)}</title><style>{style}</style>'
    html = f'<!DOCTYPE html><html lang="fr"><head>{head}</head><body><h1>{escape(document.title)}</h1>{lines}{body}'
    Path(page).write_text(f"{html}</body></html>", encoding="utf-8")


def _font(weight: str) -> str:
    return next(path for path in sorted(FONTS.iterdir()) if weight in path.name).as_uri()


def _html(block: Block) -> str:
    if isinstance(block, Together):
        return f"<section>{''.join(_html(each) for each in block.blocks)}</section>"
    if isinstance(block, Heading):
        return f"<h{block.level + 1}>{escape(block.text)}</h{block.level + 1}>"
    if isinstance(block, Text):
        return f"<p>{escape(block.text)}</p>"
    if isinstance(block, Items):
        return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in block.texts)}</ul>"
    if isinstance(block, KeyFigures):
        return "".join(f"<p>{escape(f'{each.label} {each.value} {each.note}')}</p>" for each in block.items)
    return _table(block) if isinstance(block, Table) else ""


def _table(table: Table) -> str:
    rows = "".join(
        f'<tr{" class=strong" if row.strong else ""}><th scope="row">{escape(row.cells[0])}</th>'
        + "".join(
            f"<td{' class=number' if column.numeric else ''}>{escape(cell)}</td>"
            for column, cell in zip(table.columns[1:], row.cells[1:], strict=True)
        )
        + "</tr>"
        for row in table.rows
    )
    head = f"<caption>{escape(table.caption)}</caption><thead>{_head(table.columns)}</thead>"
    return f"<table>{head}<tbody>{rows}</tbody></table>"


def _head(columns: tuple[Column, ...]) -> str:
    groups = [(name, len(list(each))) for name, each in groupby(columns, key=lambda column: column.group)]
    above = "".join(f'<th scope="colgroup" colspan="{count}">{escape(name)}</th>' for name, count in groups)
    headings = "".join(f'<th scope="col">{escape(column.heading)}</th>' for column in columns)
    return (f"<tr>{above}</tr>" if any(name for name, _ in groups) else "") + f"<tr>{headings}</tr>"


if __name__ == "__main__":
    main(*sys.argv[1:])
