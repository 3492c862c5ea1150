"""What becomes of the rows about people of a staged file: the figures of a dry run, or an import?

After the ledger's rows and in the same transaction, some hundreds of parcours at a time. Money is the ledger's alone: these
rows are counted, and never add to the accepted amount.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from conference.data.staging import Staging
from conference.data.tables import Account, ImportFile, IncomeRight, Parcours, Step
from conference.domain.importing.field import Target
from conference.domain.importing.remarks import Remark, RemarkKind
from conference.services.importing.entry_plan import LineBook
from conference.services.importing.people_outcomes import (
    ChangedParcours,
    ChangedRight,
    ChangedStep,
    NewParcours,
    NewRight,
    NewStep,
    Outcome,
    Same,
)
from conference.services.importing.people_plan import PeoplePlanner, counted
from conference.services.importing.people_writing import PeopleWriter
from conference.services.importing.plan import Planner, Sender
from conference.services.importing.tally import Tally

CHUNK = 500
_TABLES = {"parcours": Parcours, "step": Step, "right": IncomeRight}
_TARGETS = {"parcours": Target.PARCOURS, "step": Target.STEPS, "right": Target.RIGHTS}


def settle_people(
    session: Session,
    staging: Staging,
    planner: Planner,
    book: LineBook,
    tally: Tally,
    *,
    at: datetime,
    file: ImportFile | None,
    digest: Any,
    tick: Callable[[int], None],
) -> None:
    """Plan every row about people; write it for `file` where there is one. `tick` is told how many rows are done."""
    people = PeoplePlanner(planner, book, _came_last(session, planner.sender, file))
    writer = None if file is None else PeopleWriter(session, file, planner.sender.by, at)
    seen: dict[str, set[int]] = {name: set() for name in _TABLES}
    for groups in staging.people():
        outcomes = list(people.settle(groups))
        accepted = [each for each in outcomes if not isinstance(each, Remark)]
        if writer is not None:
            writer.write(accepted)
        for each in counted(outcomes):
            _count(each, tally)
            _see(each, seen)
            if digest is not None and not isinstance(each, Same):
                digest.update(f"{each.told.sheet}\t{each.told.row}\t{each.told.facts}\n".encode())
        staging.add_remarks(RemarkKind.REFUSED, (each for each in outcomes if isinstance(each, Remark)), planned=True)
        staging.add_remarks(RemarkKind.WARNING, planner.warnings, planned=True)
        planner.warnings.clear()
        tick(sum(len(rows) for rows in groups.values()))
    if writer is not None:
        writer.end()
        seen["right"] |= writer.replacing
    told = {name for name, target in _TARGETS.items() if target in staging.people_counts()}
    staging.add_remarks(RemarkKind.GONE, _gone(session, seen, told), planned=True)


def _count(each: Outcome, tally: Tally) -> None:
    kind = "rights"
    match each:
        case NewParcours() | ChangedParcours(again=True):
            kind, tally.created = "parcours", tally.created + 1
        case NewStep():
            kind, tally.created = "steps", tally.created + 1
        case NewRight():
            tally.created += 1
        case ChangedParcours():
            kind, tally.adjusted = "parcours", tally.adjusted + 1
        case ChangedStep():
            kind, tally.adjusted = "steps", tally.adjusted + 1
        case ChangedRight():
            tally.adjusted += 1
        case Same():
            tally.unchanged += 1
            return
    tally.people[kind] = tally.people.get(kind, 0) + 1


def _see(each: Outcome, seen: dict[str, set[int]]) -> None:
    """Note what is there already and was told again."""
    match each:
        case Same():
            seen[each.table].add(each.number)
        case ChangedParcours():
            seen["parcours"].add(each.parcours_id)
        case ChangedStep():
            seen["step"].add(each.step_id)
        case ChangedRight():
            seen["right"].add(each.right_id)


def _came_last(session: Session, sender: Sender, file: ImportFile | None) -> bool:
    """Was the last file of this sender this very one? What differs since was then changed by hand."""
    query = select(ImportFile.sha256).where(col(ImportFile.undone_at).is_(None))
    if file is not None:
        query = query.where(ImportFile.id != file.id)
    if sender.by.organisation_id is None:
        query = query.where(col(ImportFile.imported_by).is_(None))
    else:
        mates = select(Account.id).where(Account.organisation_id == sender.by.organisation_id)
        query = query.where(col(ImportFile.imported_by).in_(mates))
    return session.exec(query.order_by(col(ImportFile.id).desc())).first() == sender.sha256


def _gone(session: Session, seen: dict[str, set[int]], told: set[str]) -> Iterator[Remark]:
    """What the files that made the rows told again had brought too, and that this one lacks, for the kinds that it holds."""
    for name in sorted(told):
        table: Any = _TABLES[name]
        files: set[int] = set()
        for part in _parts(sorted(seen[name])):
            origin = select(table.import_file_id).join(ImportFile, col(ImportFile.id) == table.import_file_id)
            living = origin.where(col(table.id).in_(part), col(ImportFile.undone_at).is_(None))
            files.update(session.exec(living))
        for row in _brought(session, table, files):
            if row.id not in seen[name]:
                yield Remark(0, None, "gone", _shown(session, row))


def _brought(session: Session, table: Any, files: set[int]) -> Iterator[Any]:
    query = select(table).where(col(table.import_file_id).in_(sorted(files)), col(table.own_reference).is_not(None))
    if table is not Parcours:
        query = query.where(col(table.withdrawn_at).is_(None))
    yield from session.exec(query.order_by(col(table.id)).execution_options(yield_per=CHUNK)) if files else ()


def _shown(session: Session, row: Any) -> str:
    if isinstance(row, Parcours):
        return row.pseudonym
    parcours = session.get_one(Parcours, row.parcours_id)
    return f"{parcours.pseudonym} ({'étape' if isinstance(row, Step) else 'droit'} {row.own_reference})"


def _parts(values: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
