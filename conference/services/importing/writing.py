"""How do accepted rows become lines and entries?

Chunk by chunk, through the same bulk paths as everything else, in the caller's transaction.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session, col

from conference.data.staging import Staging
from conference.data.tables import Commitment, ImportFile, ImportRemark
from conference.data.tables.metadata import table_of
from conference.data.upsert import insert_columns
from conference.domain.importing.remarks import Remark, RemarkKind
from conference.domain.ledger import EntryKind, EntrySource
from conference.services.commitments import CommitmentLine, record_commitments, share_by_year
from conference.services.entries import years_of
from conference.services.importing.entry_plan import LineBook, NewEntry
from conference.services.importing.plan import Adjustment, NewLine, Planner, Sender, Unchanged
from conference.services.months import OpenMonths
from conference.services.posting import Posting, next_id, post

CHUNK = 500

Facts = dict[int, Row[Any]]


def keep_remarks(session: Session, staging: Staging, file_id: int) -> None:
    """Write every remark of the staged file beside its row of `import_file`."""
    start = next_id(session, ImportRemark)
    for kind in RemarkKind:
        for part in _parts(staging.remarks(kind)):
            columns = {
                "id": range(start, start + len(part)),
                "import_file_id": [file_id] * len(part),
                "kind": [kind.value] * len(part),
                **{
                    name: [getattr(each, name) for each in part] for name in ("sheet", "row", "cell", "code", "message")
                },
            }
            insert_columns(session, table_of(ImportRemark), columns)
            start += len(part)


class Writer:
    """Writes the accepted rows of one file, chunk by chunk, in the caller's transaction."""

    def __init__(self, session: Session, file: ImportFile, planner: Planner, sender: Sender, at: datetime) -> None:
        self._session, self._planner, self._by, self._at = session, planner, sender.by, at
        assert file.id is not None
        self._file_id = file.id
        self._months = OpenMonths(session)
        self.funders: set[int] = set()

    def lines(self, outcomes: Sequence[object], book: LineBook) -> None:
        """Create the new lines, adjust the known ones."""
        new = [each for each in outcomes if isinstance(each, NewLine)]
        ids = self._planner.parties.create(self._session, _parties_of(new))
        lines = [self._line(each, ids) for each in new]
        made = record_commitments(
            self._session, lines, by=self._by, at=self._at, source=EntrySource.FILE, import_file_id=self._file_id
        )
        for each, number in zip(new, made, strict=True):
            if (line := book.lines.get((each.funder, each.identity))) is not None:
                line.commitment_id = number
        self.funders.update(line.funder_id for line in lines)
        changed = [each for each in outcomes if isinstance(each, Adjustment)]
        facts = self._facts([each.known.commitment_id for each in changed])
        self._post([self._adjustment(each, facts) for each in changed])
        self.funders.update(each.known.funder_id for each in changed)
        self.funders.update(each.known.funder_id for each in outcomes if isinstance(each, Unchanged))

    def entries(self, wanted: Sequence[NewEntry]) -> None:
        """Record the entries, each after the annulation of the one that it corrects."""
        facts = self._facts([each.line.commitment_id or 0 for each in wanted])
        postings: list[Posting] = []
        for each in wanted:
            if each.replaces is not None:
                postings.append(self._annulation(each, facts))
            postings.append(self._entry(each, facts))
        self._post(postings)
        self.funders.update(fact.funder_id for fact in facts.values())

    def _post(self, postings: Sequence[Posting]) -> None:
        post(self._session, postings, by_id=self._by.account_id, at=self._at)

    def _facts(self, commitment_ids: Sequence[int]) -> Facts:
        """Funder, transfer and dimensions of each of these lines."""
        found: Facts = {}
        for start in range(0, len(commitment_ids), CHUNK):
            part = commitment_ids[start : start + CHUNK]
            query = select(Commitment.id, Commitment.funder_id, Commitment.to_funder_id, Commitment.dimension_set_id)  # type: ignore[call-overload]
            rows = self._session.connection().execute(query.where(col(Commitment.id).in_(part)))
            found.update({row.id: row for row in rows})
        return found

    def _line(self, line: NewLine, ids: Mapping[int, int]) -> CommitmentLine:
        row = line.row
        others = {name: ids[number] for name, number in line.others.items()}
        return CommitmentLine(
            funder_id=ids[line.funder],
            amount=row.amount,
            decided_on=row.decided_on,
            object=row.object,
            dimensions=line.dimensions,
            provider_id=None if line.provider is None else ids[line.provider],
            payer_id=others.get("payer"),
            manager_id=others.get("manager"),
            to_funder_id=others.get("receiver"),
            funder_reference=row.funder_reference or None,
            decision_reference=row.decision_reference or None,
            accounting_number=row.accounting_number or None,
            first=row.first,
            last=row.last,
            persons=row.persons,
            identity=line.identity,
            source_sheet=line.sheet,
            source_row=row.row,
        )

    def _adjustment(self, each: Adjustment, facts: Facts) -> Posting:
        fact = facts[each.known.commitment_id]
        day = each.row.decided_on
        if each.kind is EntryKind.RELEASE and each.known.committed_on:
            day = max(day, each.known.committed_on)  # what was engaged again later is not released before
        shares: tuple[tuple[int, Decimal], ...] = ()
        if each.known.shared:
            shares = share_by_year(each.amount, years_of(self._session, each.known.commitment_id))
        return self._posting(fact, each.kind, each.amount, day, each.sheet, each.row.row, shares=shares)

    def _entry(self, each: NewEntry, facts: Facts) -> Posting:
        row = each.row
        fact = facts[each.line.commitment_id or 0]
        posting = self._posting(fact, each.kind, row.amount, row.effective_on, each.sheet, row.row)
        return replace(posting, reference=row.reference or None, motive=row.motive or None)

    def _annulation(self, each: NewEntry, facts: Facts) -> Posting:
        old = each.replaces
        assert old is not None
        fact = facts[each.line.commitment_id or 0]
        posting = self._posting(fact, old.kind, -old.amount, old.effective_on, each.sheet, each.row.row)
        # An annulation is never an entry that a file brought: the next file must not take it for one.
        return replace(
            posting, reverses_id=old.entry_id, motive="Corrigé par un fichier importé", source=EntrySource.FORM
        )

    def _posting(
        self,
        fact: Row[Any],
        kind: EntryKind,
        amount: Decimal,
        day: date,
        sheet: str | None,
        row: int,
        *,
        shares: tuple[tuple[int, Decimal], ...] = (),
    ) -> Posting:
        return Posting(
            commitment_id=fact.id,
            funder_id=fact.funder_id,
            to_funder_id=fact.to_funder_id,
            dimension_set_id=fact.dimension_set_id,
            kind=kind,
            amount=amount,
            effective_on=day,
            booked_month=self._months.booking(day),
            source=EntrySource.FILE,
            shares=shares,
            import_file_id=self._file_id,
            source_sheet=sheet,
            source_row=row,
        )


def _parties_of(lines: Iterable[NewLine]) -> set[int]:
    """Numbers of the organisations that the new lines name."""
    used: set[int] = set()
    for line in lines:
        used.add(line.funder)
        used.update(line.others.values())
        if line.provider is not None:
            used.add(line.provider)
    return used


def _parts(remarks: Iterable[Remark]) -> Iterator[list[Remark]]:
    while part := list(islice(remarks, 5000)):
        yield part
