"""What becomes of a staged file, row after row: the figures of a dry run, or an import?

One pass for both: each chunk is planned, counted, and written where it is an import. Commitments first, then the entries,
which may be of lines that the same file brings, then what is about people. The caller's transaction holds all of it or
nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from conference.data.staging import ENTRIES, GRANTS, Staging
from conference.data.tables import Balance, Commitment, ImportFile
from conference.domain.french import day_in_france
from conference.domain.importing.remarks import Remark, RemarkKind
from conference.services.importing.entry_plan import EntryPlanner, LineBook, NewEntry
from conference.services.importing.people_settling import settle_people
from conference.services.importing.plan import Adjustment, NewLine, Planner, Sender
from conference.services.importing.tally import Tally
from conference.services.importing.writing import Writer

Progress = Callable[[int, int], None]
Letters = Mapping[str | None, Mapping[str, str]]


def settle_file(
    session: Session,
    staging: Staging,
    sender: Sender,
    letters: Letters,
    *,
    at: datetime,
    file: ImportFile | None = None,
    digest: Any = None,
    progress: Progress = lambda done, total: None,
) -> Tally:
    """Plan every row; write it for `file` where there is one. Remarks go to `staging`, accepted rows to `digest`."""
    planner = Planner(session, sender, letters)
    writer = None if file is None else Writer(session, file, planner, sender, at)
    book, tally = LineBook(), Tally()
    lines, entries = staging.count(GRANTS), staging.count(ENTRIES)
    people = sum(staging.people_counts().values())
    total = lines + entries + people
    staging.forget_plan()
    done = 0
    for chunk in staging.chunks(GRANTS):
        outcomes = list(planner.settle(chunk))
        if entries or people:
            for each in outcomes:
                book.note(each, waits=isinstance(each, NewLine) and planner.waits(each.funder, each.row.amount))
        if writer is not None:
            writer.lines(outcomes, book)
        done += len(chunk)
        _note(outcomes, staging, planner, tally, digest)
        progress(done, total)
    entry_planner = EntryPlanner(planner, book, day_in_france(at))
    for chunk in staging.chunks(ENTRIES):
        told = list(entry_planner.settle(chunk))
        if writer is not None:
            writer.entries([each for each in told if isinstance(each, NewEntry)])
        done += len(chunk)
        _note(told, staging, planner, tally, digest)
        progress(done, total)
    if planner.repeats:
        staging.add_remarks(RemarkKind.WARNING, _twins(staging), planned=True)
    staging.add_remarks(RemarkKind.GONE, _gone(session, planner), planned=True)
    if people:

        def tick(rows: int) -> None:
            nonlocal done
            done += rows
            progress(done, total)

        settle_people(session, staging, planner, book, tally, at=at, file=file, digest=digest, tick=tick)
    tally.funders = planner.funders if writer is None else writer.funders
    tally.funders |= _people_funders(planner, tally)
    return tally


def _people_funders(planner: Planner, tally: Tally) -> set[int]:
    """Whose file it is when it holds rows about people."""
    return {planner.own_funder} if tally.people and planner.own_funder is not None else set()


def _note(outcomes: Sequence[object], staging: Staging, planner: Planner, tally: Tally, digest: Any) -> None:
    tally.add(outcomes)
    staging.add_remarks(RemarkKind.REFUSED, (each for each in outcomes if isinstance(each, Remark)), planned=True)
    staging.add_remarks(RemarkKind.WARNING, planner.warnings, planned=True)
    planner.warnings.clear()
    if digest is not None:
        for each in outcomes:
            if isinstance(each, NewLine | Adjustment | NewEntry):
                digest.update(f"{each.sheet}\t{each.row.row}\t{each.row.amount}\n".encode())


def _twins(staging: Staging) -> Iterator[Remark]:
    """A warning for each row that repeats an earlier one of the file, amount included."""
    for sheet, row, earlier in staging.repeated():
        message = f"La ligne répète la ligne {earlier} : les deux sont gardées comme deux engagements."
        yield Remark(row, None, "repeated", message, sheet)


def _gone(session: Session, planner: Planner) -> Iterator[Remark]:
    """References of the lines that the same earlier files made for the same funders, and that this file lacks."""
    if not planner.earlier_files:
        return
    query = (
        select(col(Commitment.id), col(Commitment.reference))
        .join(Balance, col(Balance.commitment_id) == Commitment.id)
        .where(
            col(Commitment.import_file_id).in_(planner.earlier_files),
            col(Commitment.funder_id).in_(planner.earlier_funders),
            col(Balance.identity).is_not(None),
        )
        .order_by(col(Commitment.id))
    )
    for number, reference in session.connection().execute(query):
        if not planner.is_matched(number or 0):
            yield Remark(0, None, "gone", reference)
