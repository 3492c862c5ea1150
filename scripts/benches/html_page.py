"""What does WeasyPrint print, to be compared with us? The blocks of our own document, in their order, as one page of HTML.

The same headings, texts and tables in the same typeface; the charts are left out, and so are the codes at the foot of the
pages, which only spares WeasyPrint.
"""

from html import escape
from itertools import groupby

from conference.documents.model import (
    Block,
    Column,
    Document,
    Heading,
    Items,
    KeyFigures,
    Lead,
    NewPage,
    Numbered,
    SignatureBlock,
    Signatures,
    Table,
    Text,
    Together,
)
from conference.settings import ROOT

FONTS = ROOT / "static" / "fonts"
STYLE = """
@font-face { font-family: Summary; src: url("{regular}") }
@font-face { font-family: Summary; font-weight: bold; src: url("{bold}") }
@page { size: A4; margin: 18mm; @bottom-right { content: counter(page) " / " counter(pages) } }
body { font: 9.5pt/1.35 Summary } table { border-collapse: collapse; width: 100%; font-size: 8pt }
caption { text-align: left } th, td { border-bottom: .5pt solid #888; padding: 2pt 3pt; text-align: left }
.number { text-align: right } .strong { font-weight: bold } tr, .box { break-inside: avoid }
.box { border: .5pt solid #888; width: 45%; height: 40mm; display: inline-block; vertical-align: top }
.page { break-before: page }
"""


def html_page(document: Document) -> str:
    """The whole page."""
    body = "".join(_html(block) for block in document.blocks)
    lines = "".join(f"<p>{escape(line)}</p>" for line in (*document.mentions, *document.lines))
    style = STYLE.replace("{regular}", _font("Regular")).replace("{bold}", _font("Bold"))
    head = f'<meta charset="utf-8"><title>{escape(document.title)}</title><style>{style}</style>'
    html = f'<!DOCTYPE html><html lang="fr"><head>{head}</head><body><h1>{escape(document.title)}</h1>{lines}{body}'
    return f"{html}</body></html>"


def _font(weight: str) -> str:
    return next(path for path in sorted(FONTS.iterdir()) if weight in path.name).as_uri()


def _html(block: Block) -> str:
    if isinstance(block, Together):
        return f"<section>{''.join(_html(each) for each in block.blocks)}</section>"
    if isinstance(block, Heading):
        return f"<h{block.level + 1}>{escape(block.text)}</h{block.level + 1}>"
    if isinstance(block, Text):
        return f"<p>{escape(block.text)}</p>"
    if isinstance(block, Lead):
        return f"<p><b>{escape(block.head)}</b>{escape(block.text)}</p>"
    if isinstance(block, Items | Numbered):
        return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in block.texts)}</ul>"
    if isinstance(block, KeyFigures):
        return "".join(f"<p>{escape(f'{each.label} {each.value} {each.note}')}</p>" for each in block.items)
    if isinstance(block, NewPage):
        return '<div class="page"></div>'
    if isinstance(block, Signatures):
        return "".join(_box(each) for each in block.blocks)
    return _table(block) if isinstance(block, Table) else ""


def _box(block: SignatureBlock) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in (*block.lines, block.date))
    return f'<div class="box"><b>{escape(block.party)}</b>{lines}</div>'


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
