"""What does a funder fill in who has no table of its own?

A workbook with one sheet for commitments, one for payments and other entries, and three about people's parcours
(`template_people`), whose headings are the labels that the import knows. The lists in force are on a sheet of their own:
drop-downs point at its ranges, since a list typed into a validation holds 255 characters only. Where the import would refuse
a value, the cell refuses it; where the import would warn, the cell asks. No clock: the same lists make the same bytes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from conference.documents import template_people as people
from conference.documents.sheet import clean
from conference.documents.template_people import EXAMPLE_REFERENCE, MARK
from conference.documents.template_rules import rule_of
from conference.documents.workbook import LONGEST_TEXT, NO_DATE
from conference.domain.french import typeset
from conference.domain.importing.fields import FACTS, Field, FieldFacts, Target, ValueKind, template_fields

Values = tuple[tuple[str, str], ...]
Look = dict[str, Any]
SHEETS = {Target.COMMITMENTS: "Engagements", Target.ENTRIES: "Écritures", **people.SHEETS}
"""Name of the sheet of each kind of row."""
LISTS_SHEET, HELP_SHEET = "Listes", "Mode d’emploi"

_LAST_ROW = 1_048_575
_SHARED = {
    Field.RECEIVER: Field.FUNDER_NAME,
    Field.MANAGER: Field.PAYER,
    Field.BENEFICIARY_NAME: Field.PAYER,
    **people.SHARED,
}
"""Columns that offer the list of another one."""
_TITLES = {Field.FUNDER_NAME: "Financeur", Field.PAYER: "Organisme"}
_UNITS = {ValueKind.AMOUNT: "€", ValueKind.DAY: "jj/mm/aaaa"}
_WIDTHS = {ValueKind.AMOUNT: 15, ValueKind.DAY: 14, ValueKind.SIRET: 18, ValueKind.COUNT: 13, ValueKind.ITEM: 26}
_WIDER = {Field.OBJECT: 48, Field.BENEFICIARY_NAME: 32, Field.MOTIVE: 40, **people.WIDER}
_SHAPES = {ValueKind.AMOUNT: "#,##0.00", ValueKind.DAY: "dd/mm/yyyy", ValueKind.COUNT: "0", ValueKind.NUMBER: "0.##"}
_INK, _SOFT, _WASH, _LINE, _ACCENT = "#1D2433", "#4A5262", "#F5F6F8", "#D5D9E0", "#1F5A8A"

_EXAMPLE: dict[Target, dict[Field, str | int | Decimal | date]] = {
    Target.COMMITMENTS: {
        Field.FUNDER_REFERENCE: EXAMPLE_REFERENCE,
        Field.DECIDED_ON: date(2026, 5, 14),
        Field.OBJECT: MARK,
        Field.AMOUNT: Decimal("1250.00"),
        Field.BENEFICIARY_NAME: "Centre de formation Exemple",
        Field.BENEFICIARY_SIRET: "12345678200010",
        Field.FIRST: date(2026, 6, 1),
        Field.LAST: date(2026, 12, 18),
        Field.PERSONS: 12,
        Field.DECISION_REFERENCE: "Délibération 2026-12",
        Field.ACCOUNTING_NUMBER: "2026-004512",
    },
    Target.ENTRIES: {
        Field.COMMITMENT_REFERENCE: EXAMPLE_REFERENCE,
        Field.EFFECTIVE_ON: date(2026, 6, 30),
        Field.AMOUNT: Decimal("500.00"),
        Field.ENTRY_REFERENCE: "Mandat 118",
        Field.MOTIVE: MARK,
    },
    **people.EXAMPLES,
}
_FROM_LISTS = frozenset(
    {
        Field.SCHEME,
        Field.AUDIENCE,
        Field.COST_NATURE,
        Field.LEVEL,
        Field.TERRITORY,
        Field.SECTOR,
        Field.ENTRY_KIND,
        *people.KINDS,
    }
)
"""Columns whose example is the first value of their list."""

_HELP: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Comment faire",
        (
            "1. Dans la feuille « Engagements », écrivez une ligne par engagement, sous la ligne d’exemple.",
            "2. Dans la feuille « Écritures », écrivez une ligne par paiement ou autre écriture. Elle peut rester vide.",
            "3. Les feuilles « Parcours », « Étapes » et « Droits » peuvent rester vides, elles aussi.",
            "4. Enregistrez le classeur, puis envoyez-le dans Échanges, Importer.",
            "Rien n’est enregistré avant votre accord : l’outil montre d’abord ce qu’il a lu, et ce qui ne va pas.",
        ),
    ),
    (
        "Bon à savoir",
        (
            "Seules les colonnes marquées * sont nécessaires. Les autres peuvent rester vides.",
            "Une ligne dont la référence commence par EXEMPLE n’est jamais importée : gardez-la ou effacez-la.",
            "Vous pouvez renvoyer le même classeur : rien n’est compté deux fois, un montant changé est ajusté.",
            "C’est la référence qui retrouve la ligne : ne la changez pas d’un envoi à l’autre.",
            "Les valeurs à choisir sont dans la feuille « Listes ». Une autre est signalée et laissée, la ligne est gardée.",
            "Vous pouvez déplacer ou ôter des colonnes, mais pas changer leur titre.",
            "N’écrivez aucun nom de personne : ni stagiaire, ni agent.",
        ),
    ),
    people.HELP,
)


@dataclass(frozen=True)
class Template:
    """`conference`: its name. `values`: for each column that has a list, what a cell may say and what it means ("" where
    it is clear), in order. FUNDER_NAME stands for every column that names a funder, PAYER for an organisation."""

    conference: str
    values: Mapping[Field, Values]


def template_workbook(template: Template) -> bytes:
    """The workbook (XLSX) that the import reads under its profile `template`."""
    out = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(out, {"in_memory": True, **options})
    title = typeset(f"Modèle d’import : {clean(template.conference)}")
    book.set_properties({"title": title, "created": NO_DATE.replace(tzinfo=None)})
    _Writer(book, template, title).write()
    book.close()
    return out.getvalue()


def heading_of(facts: FieldFacts) -> str:
    """What stands above a column: its label, its unit in brackets, a star where a row needs it."""
    unit = f" ({_UNITS[facts.kind]})" if facts.kind in _UNITS else ""
    return f"{facts.label}{unit}{' *' if facts.required else ''}"


class _Writer:
    def __init__(self, book: Workbook, template: Template, title: str) -> None:
        self.book, self.title = book, title
        self.values = {field: values for field, values in template.values.items() if values}
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def write(self) -> None:
        pages = {target: self.book.add_worksheet(name) for target, name in SHEETS.items()}
        ranges = self._lists(self.book.add_worksheet(LISTS_SHEET))
        for target, page in pages.items():
            self._table(page, target, ranges)
        self._help(self.book.add_worksheet(HELP_SHEET))

    def look(self, **more: Any) -> Any:
        """One format per look: a workbook holds each once."""
        whole = {"font_name": "Calibri", "font_size": 11, "font_color": _INK, "valign": "top", **more}
        key = tuple(sorted(whole.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(whole)
        return self.formats[key]

    def _table(self, page: Any, target: Target, ranges: Mapping[Field, str]) -> None:
        """Headings, the example, and the rules of every row below."""
        _print(page, landscape=True, title=self.title)
        page.repeat_rows(0)
        page.freeze_panes(1, 1)
        page.set_row(0, 48)
        for column, facts in enumerate(template_fields(target)):
            shape = _SHAPES.get(facts.kind, "@")
            wrap = {"text_wrap": True} if facts.field in _WIDER else {}
            page.set_column(column, column, _width(facts), self.look(num_format=shape, **wrap))
            fill = {"bg_color": _ACCENT, "font_color": "#FFFFFF"} if facts.required else {"bg_color": _WASH}
            head = self.look(bold=True, text_wrap=True, bottom=1, right=1, border_color=_LINE, **fill)
            page.write_string(0, column, heading_of(facts), head)
            rule = rule_of(facts, xl_col_to_name(column), ranges.get(_SHARED.get(facts.field, facts.field)))
            page.data_validation(1, column, _LAST_ROW, column, rule)
            marked = self.look(num_format=shape, italic=True, font_color=_SOFT, bg_color=_WASH, bottom=1, **wrap)
            self._example(page, column, self._exampled(target, facts.field), marked)

    def _exampled(self, target: Target, field: Field) -> str | int | Decimal | date:
        if field in _FROM_LISTS:
            return self.values[field][0][0] if field in self.values else ""
        return _EXAMPLE[target].get(field, "")

    def _example(self, page: Any, column: int, value: str | int | Decimal | date, look: Any) -> None:
        if isinstance(value, date):
            page.write_datetime(1, column, value, look)
        elif value == "":
            page.write_blank(1, column, None, look)
        elif isinstance(value, str):
            page.write_string(1, column, clean(value), look)
        else:
            page.write_number(1, column, value, look)

    def _lists(self, page: Any) -> dict[Field, str]:
        """Write the lists side by side; the range of each."""
        _print(page, landscape=True, title=self.title)
        page.repeat_rows(0)
        page.freeze_panes(1, 0)
        ranges, column = {}, 0
        head = self.look(bold=True, bottom=1, bg_color=_WASH, border_color=_LINE)
        for field, values in self.values.items():
            meant = any(meaning for _, meaning in values)
            page.write_string(0, column, _TITLES.get(field, FACTS[field].label), head)
            page.set_column(column, column, 34)
            if meant:
                page.write_string(0, column + 1, "Précision", head)
                page.set_column(column + 1, column + 1, 44)
            for row, (text, meaning) in enumerate(values, start=1):
                page.write_string(row, column, clean(text)[:LONGEST_TEXT], self.look(num_format="@", text_wrap=True))
                if meaning:
                    page.write_string(row, column + 1, clean(meaning), self.look(font_color=_SOFT, text_wrap=True))
            letter = xl_col_to_name(column)
            ranges[field] = f"={LISTS_SHEET}!${letter}$2:${letter}${len(values) + 1}"
            column += 2 if meant else 1
        return ranges

    def _help(self, page: Any) -> None:
        _print(page, landscape=False, title=self.title)
        page.hide_gridlines(2)
        page.set_column(0, 0, 30, self.look(text_wrap=True))
        page.set_column(1, 1, 12, self.look())
        page.set_column(2, 2, 52, self.look(text_wrap=True))
        page.write_string(0, 0, self.title, self.look(bold=True, font_size=14))
        row = 2
        for heading, lines in _HELP:
            page.write_string(row, 0, heading, self.look(bold=True, font_size=12, font_color=_ACCENT))
            for line in lines:
                row += 1
                page.merge_range(row, 0, row, 2, typeset(line), self.look(text_wrap=True))
                page.set_row(row, 15 * -(-len(line) // 92))  # merged cells do not find their height by themselves
            row += 2
        for target, name in SHEETS.items():
            row = self._columns_told(page, row, target, name) + 2
        page.print_area(0, 0, row - 2, 2)

    def _columns_told(self, page: Any, row: int, target: Target, name: str) -> int:
        """What each column of a sheet wants, from `row` down; the last row written."""
        title = self.look(bold=True, font_size=12, font_color=_ACCENT)
        page.write_string(row, 0, typeset(f"Feuille « {name} »"), title)
        head = self.look(bold=True, bottom=1, bg_color=_WASH, border_color=_LINE)
        for column, text in enumerate(("Colonne", "Nécessaire", "Ce que l’on y écrit")):
            page.write_string(row + 1, column, text, head)
        row += 1
        for told in _told(target):
            row += 1
            for column, text in enumerate(told):
                line = self.look(text_wrap=True, bottom=4, border_color=_LINE)
                page.write_string(row, column, typeset(text), line)
        return row


def _told(target: Target) -> Iterator[tuple[str, str, str]]:
    for facts in template_fields(target):
        hint = facts.hint or ("À choisir dans la liste." if facts.kind is ValueKind.ITEM else "")
        yield facts.label, "oui" if facts.required else "", hint


def _width(facts: FieldFacts) -> int:
    return _WIDER.get(facts.field) or _WIDTHS.get(facts.kind, 22)


def _print(page: Any, *, landscape: bool, title: str) -> None:
    """A4, as wide as the page, with the sheet's name and page numbers at the foot."""
    if landscape:
        page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    shown = title.replace("&", "&&")[:150]
    page.set_footer(f"&L{shown}&C&A&RPage &P sur &N")
