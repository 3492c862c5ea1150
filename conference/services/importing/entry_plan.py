"""What will become of each payment, and of each other entry, that a file brings?

An entry is of a line of the same funder, in the file or in the ledger. It is known again by its line, its kind and its own
reference, else its day (and its rank among those that share them); another amount or day annuls it and records it again.
The rules of the ledger are tried on each line's balance in the order of its life, so that what the dry run says is what
the import does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from conference.data.staging import Staged
from conference.domain import ledger
from conference.domain.french import format_date
from conference.domain.importing.remarks import Remark
from conference.domain.importing.rows import EntryRow
from conference.domain.ledger import SPENDING, EntryKind
from conference.domain.money import ZERO
from conference.services.importing.envelopes import engaged_by
from conference.services.importing.known import Known, KnownEntry, filed_entries, known_lines, lines_by_reference
from conference.services.importing.plan import Adjustment, NewLine, Planner, faults


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to write on `line`; `replaces` is the one that it corrects, annulled first."""

    sheet: str | None
    row: EntryRow
    line: "Line"
    kind: EntryKind
    replaces: KnownEntry | None = None


@dataclass(frozen=True, slots=True)
class SameEntry:
    """An entry that is there already."""

    line: "Line"


@dataclass
class Line:
    """A line as it will stand after the rows so far. `key`: (number of its funder, identity); `known`: None when new;
    `commitment_id`: None until it is written; `filed`: None until it is read."""

    key: tuple[int, str]
    balance: ledger.Balance
    committed_on: date | None
    known: Known | None = None
    shared: bool = False
    commitment_id: int | None = None
    filed: list[KnownEntry] | None = None
    made: NewLine | None = None
    """The row that brings it, when it is new."""


def line_of(key: tuple[int, str], known: Known, balance: ledger.Balance) -> Line:
    """A line of the ledger, at that balance."""
    return Line(key, balance, known.committed_on, known, known.shared, known.commitment_id)


class LineBook:
    """The lines that the commitments of the file are, by their reference: its entries may be theirs."""

    def __init__(self) -> None:
        self.lines: dict[tuple[int, str], Line] = {}

    def note(self, outcome: object, *, waits: bool = False) -> None:
        """Remember the line of an outcome of the commitments; `waits`: for its second confirmation."""
        if isinstance(outcome, NewLine) and outcome.row.funder_reference:
            key = (outcome.funder, outcome.identity)
            kind = EntryKind.FORECAST if waits else EntryKind.COMMITMENT
            balance = ledger.Balance().plus(kind, outcome.row.amount)
            self.lines[key] = Line(key, balance, None if waits else outcome.row.decided_on, filed=[], made=outcome)
        elif isinstance(outcome, Adjustment) and outcome.row.funder_reference:
            key = (outcome.known.funder_id, f"ref:{outcome.row.funder_reference}")
            balance = outcome.known.balance.plus(outcome.kind, outcome.amount)
            self.lines[key] = line_of(key, outcome.known, balance)


class EntryPlanner:
    """The plan of the entries of one file, after its commitments."""

    def __init__(self, planner: Planner, book: LineBook, today: date) -> None:
        self._planner, self._book, self._today = planner, book, today
        self._ranks: dict[tuple[tuple[int, str], str, str], int] = {}

    def settle(self, chunk: Sequence[Staged]) -> Iterator[NewEntry | SameEntry | Remark]:
        """What will become of each row of `chunk`, in order."""
        rows = [(sheet, row) for sheet, row in chunk if isinstance(row, EntryRow)]
        funders = [self._planner.funder(row.funder_name, row.funder_siret) for _, row in rows]
        self._load(
            {(f, row.commitment_reference) for f, (_, row) in zip(funders, rows, strict=True) if isinstance(f, int)}
        )
        for funder, (sheet, row) in zip(funders, rows, strict=True):
            if isinstance(funder, tuple):
                yield self._refused(sheet, row, "funder_name", *funder)
            else:
                yield self._settled(sheet, row, funder)

    def _load(self, wanted: set[tuple[int, str]]) -> None:
        """Bring into the book the lines of the ledger that these rows name, by the funder's reference or by the tool's."""
        missing = {(funder, text) for funder, text in wanted if (funder, f"ref:{text}") not in self._book.lines}
        missing = {(funder, text) for funder, text in missing if funder > 0 and text}
        session = self._planner.session
        by_own = known_lines(session, {(funder, f"ref:{text}") for funder, text in missing})
        by_ours = lines_by_reference(session, {(f, t) for f, t in missing if (f, f"ref:{t}") not in by_own})
        fresh = [line_of(key, known, known.balance) for key, known in by_own.items()]
        for (funder, text), known in by_ours.items():
            fresh.append(line_of((funder, f"ref:{text}"), known, known.balance))
        self._book.lines.update({line.key: line for line in fresh})
        unread = [(line, line.known) for line in self._lines(wanted) if line.known and line.filed is None]
        filed = filed_entries(session, [known.commitment_id for _, known in unread])
        for line, known in unread:
            line.filed = filed.get(known.commitment_id, [])

    def _lines(self, wanted: set[tuple[int, str]]) -> list[Line]:
        found = (self._book.lines.get((funder, f"ref:{text}")) for funder, text in wanted)
        return [line for line in found if line is not None]

    def _settled(self, sheet: str | None, row: EntryRow, funder: int) -> NewEntry | SameEntry | Remark:
        line = self._book.lines.get((funder, f"ref:{row.commitment_reference}"))
        if line is None:
            message = f"Aucun engagement de ce financeur n’a la référence « {row.commitment_reference} »."
            return self._refused(sheet, row, "commitment_reference", "unknown_commitment", message)
        earlier = self._earlier(line, row)
        if earlier and earlier.amount == row.amount and earlier.effective_on == row.effective_on:
            return SameEntry(line)
        kind = self._kind(line, row)
        if fault := self._fault(line, row, kind, earlier):
            return self._refused(sheet, row, *fault)
        if earlier:
            line.balance = line.balance.plus(earlier.kind, -earlier.amount)
        line.balance = line.balance.plus(kind, row.amount)
        self._planner.funders.add(funder)
        return NewEntry(sheet, row, line, kind, earlier)

    def _earlier(self, line: Line, row: EntryRow) -> KnownEntry | None:
        """The entry of an earlier file that this row is."""
        told = row.reference or row.effective_on.isoformat()
        key = (line.key, row.kind.value, told)
        rank = self._ranks[key] = self._ranks.get(key, 0) + 1
        same = [
            each
            for each in line.filed or ()
            if _family(each.kind) == _family(row.kind) and (each.reference or each.effective_on.isoformat()) == told
        ]
        return same[rank - 1] if len(same) >= rank else None

    def _kind(self, line: Line, row: EntryRow) -> EntryKind:
        """A rise above the funder's threshold waits for its second person, as on the forms."""
        if row.kind is not EntryKind.COMMITMENT:
            return row.kind
        total = line.balance.committed + line.balance.forecast + row.amount
        return EntryKind.FORECAST if self._planner.waits(line.key[0], total) else row.kind

    def _fault(
        self, line: Line, row: EntryRow, kind: EntryKind, earlier: KnownEntry | None
    ) -> tuple[str, str, str] | None:
        """(field, code, sentence) of the rule that the entry would break."""
        if row.kind in SPENDING and row.effective_on > self._today:
            return "effective_on", "future", f"La date du {format_date(row.effective_on)} est dans le futur."
        if line.committed_on and row.effective_on < line.committed_on and kind is not EntryKind.COMMITMENT:
            day = format_date(line.committed_on)
            return "effective_on", "dates", f"La date précède celle de l’engagement ({day}). Corrigez la date."
        if line.shared and row.kind in (EntryKind.COMMITMENT, EntryKind.RELEASE):
            return "kind", "shares", "Cet engagement a des parts annuelles : enregistrez cette écriture sur sa page."
        balance = line.balance if earlier is None else line.balance.plus(earlier.kind, -earlier.amount)
        found = next(faults(balance, kind, row.amount), None)
        if found is None and line.known is not None:
            before = engaged_by(earlier.kind, earlier.amount) if earlier else ZERO
            change = engaged_by(kind, row.amount) - before
            found = self._planner.envelopes.fault(line.known.commitment_id, change)
        return None if found is None else ("amount", *found)

    def _refused(self, sheet: str | None, row: EntryRow, name: str, code: str, message: str) -> Remark:
        return self._planner.remark(sheet, row.row, name, code, message)


def _family(kind: EntryKind) -> EntryKind:
    """A rise that waited was a prévision, then an engagement: the same row of the file all along."""
    return EntryKind.COMMITMENT if kind is EntryKind.FORECAST else kind
