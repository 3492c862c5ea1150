"""How does a file become staged rows?

Each sheet is opened, its headings are recognised (template, SCDL) or found among those that its sender once explained, its
rows are read one by one into the staging file. Nothing is known of the ledger here: that is the plan's work. When no sheet
can be read without being told its columns, the first one is shown and asked about.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from conference.data.staging import CHUNK, Row, Staging
from conference.documents.reading.table import Record, Sheet, TableFile, open_table
from conference.domain.importing.field import PEOPLE
from conference.domain.importing.fields import Field
from conference.domain.importing.people_fields import names_a_person
from conference.domain.importing.people_rows import EXAMPLE, PeopleReader, PeopleRow
from conference.domain.importing.profiles import (
    DEEPEST,
    Mapping,
    guess_headings,
    heading_digest,
    recognise,
    with_columns,
)
from conference.domain.importing.remarks import Remark, RemarkKind, Unreadable, letter_of
from conference.domain.importing.rows import GrantRow, RowReader
from conference.domain.refusal import Refusal

SAMPLE = 2000
"""Records that are looked at before the first one is read."""
LONGEST_HEADING = 60
_OWN_SHEETS = frozenset({"listes", "mode d’emploi", "mode d'emploi"})

Progress = Callable[[int, int], None]
Remembered = Callable[[str], tuple[Field | None, ...] | None]


@dataclass(frozen=True)
class SheetFound:
    """A sheet as it is read: its name (None for a text file) and its columns; `known`: they need no explanation."""

    name: str | None
    mapping: Mapping
    known: bool

    def letters(self) -> dict[str, str]:
        """Letter of the column of each field."""
        return {column.value: letter_of(i) for i, column in enumerate(self.mapping.columns) if column is not None}


@dataclass(frozen=True)
class ReadTable:
    """What was read: `sheets` that were, `rows` their records, `asked` the sheet whose columns must be explained first."""

    sheets: tuple[SheetFound, ...]
    rows: int
    asked: SheetFound | None = None

    @property
    def profile(self) -> str:
        """Profile of the first sheet read."""
        return self.sheets[0].mapping.profile if self.sheets else "own"


def read_table(
    path: Path,
    filename: str,
    staging: Staging,
    *,
    wanted: str = "auto",
    remembered: Remembered,
    progress: Progress = lambda done, total: None,
) -> ReadTable:
    """Read every sheet that can be into `staging`. Raises Unreadable on what is no table."""
    with open_table(path, filename) as table:
        found: list[SheetFound] = []
        unknown: list[SheetFound] = []
        naming: list[str | None] = []
        rows = 0
        for sheet in table.sheets:
            if sheet.hidden:
                continue
            records = table.records(sheet)
            sample = list(islice(records, SAMPLE))
            if not sample:
                continue
            shown = _find(sheet, sample, wanted, remembered)
            if not shown.known:
                unknown.append(shown)
                if _names_people(sheet, sample):
                    naming.append(sheet.name)
                continue
            found.append(shown)
            rows += _read(table, shown, sample, chain(sample, records), staging, progress)
        if not found and not unknown:
            raise Unreadable("Ce fichier ne contient aucune ligne. Vérifiez que c’est le bon, puis recommencez.")
        notes = [Remark(note.row or 0, None, note.code, note.message) for note in table.notes]
    if found:
        staging.add_remarks(RemarkKind.NOTE, [*notes, *_left_sheets(found, unknown), *_identity_sheets(found, naming)])
    return ReadTable(tuple(found), rows, None if found else unknown[0])


def _find(sheet: Sheet, sample: Sequence[Record], wanted: str, remembered: Remembered) -> SheetFound:
    mapping = recognise(sample, wanted)
    if mapping is not None:
        return SheetFound(sheet.name, mapping, known=True)
    guess = guess_headings(sample)
    columns = remembered(heading_digest(guess.headings)) if wanted == "auto" else None
    if columns is None:
        return SheetFound(sheet.name, guess, known=False)
    try:
        columns += (None,) * (len(guess.headings) - len(columns))  # those that a workbook of refused rows adds
        return SheetFound(sheet.name, with_columns(guess, columns), known=True)
    except Refusal:  # what was explained no longer fits: ask again
        return SheetFound(sheet.name, guess, known=False)


def _read(
    table: TableFile,
    shown: SheetFound,
    sample: Sequence[Record],
    records: Iterator[Record],
    staging: Staging,
    progress: Progress,
) -> int:
    mapping = shown.mapping
    reader: RowReader | PeopleReader
    if mapping.target in PEOPLE:
        reader = PeopleReader(mapping, sheet=shown.name)
    else:
        reader = RowReader(mapping, sheet=shown.name, delimiter=table.delimiter, sample=sample)
    staging.add_remarks(RemarkKind.WARNING, reader.heading_warnings())
    body = (record for record in records if record[0] > mapping.heading_row)
    count = 0
    while chunk := list(islice(body, CHUNK)):
        rows: list[Row] = []
        refused: list[Remark] = []
        warnings: list[Remark] = []
        examples: list[Remark] = []
        for record in chunk:
            row = reader.read(record)
            if isinstance(row, Remark):
                refused.append(row)
            elif mapping.profile == "template" and _is_example(row):
                examples.append(
                    Remark(row.row, None, "example", "La ligne d’exemple du modèle n’est pas reprise.", shown.name)
                )
            else:
                rows.append(row)
                warnings += row.warnings
        staging.add_rows(shown.name, rows)
        staging.add_remarks(RemarkKind.REFUSED, refused)
        staging.add_remarks(RemarkKind.WARNING, warnings)
        staging.add_remarks(RemarkKind.NOTE, examples)
        count += len(chunk) - len(examples)
        progress(table.done, table.total)
    return count


def _is_example(row: Row) -> bool:
    if isinstance(row, PeopleRow):
        return row.parcours.upper().startswith(EXAMPLE)
    reference = row.funder_reference if isinstance(row, GrantRow) else row.commitment_reference
    return bool(reference) and reference.upper().startswith(EXAMPLE)


def _names_people(sheet: Sheet, sample: Sequence[Record]) -> bool:
    """Do the first lines of a sheet that is left announce who somebody is?"""
    if (sheet.name or "").casefold() in _OWN_SHEETS:
        return False
    texts = (cell for _, cells in sample[:DEEPEST] for cell in cells if isinstance(cell, str))
    return any(len(text) <= LONGEST_HEADING and names_a_person(text) for text in texts)


def _identity_sheets(found: Sequence[SheetFound], naming: Sequence[str | None]) -> Iterator[Remark]:
    """A note for each sheet that names people, beside sheets about people: those bytes are not kept either."""
    if any(each.mapping.target in PEOPLE for each in found):
        for name in naming:
            message = (
                f"La feuille « {name} » dit qui sont des personnes : le fichier ne sera pas gardé. Ôtez-la de vos "
                "prochains envois."
            )
            yield Remark(0, None, "identity_sheet", message, name)


def _left_sheets(found: Sequence[SheetFound], unknown: Sequence[SheetFound]) -> Iterator[Remark]:
    template = any(each.mapping.profile == "template" for each in found)
    for each in unknown:
        if not (template and (each.name or "").casefold() in _OWN_SHEETS):
            message = f"La feuille « {each.name} » n’a pas les colonnes attendues : elle n’est pas reprise."
            yield Remark(0, None, "sheet", message, each.name)
