"""What does a staged file hold, as its sender is shown it before anything is recorded?

Read from the staging file beside it, never from the ledger: only the account that sent it comes here, through
`services.staging.find_staged`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from conference.data.queries.imports import PLACES, RemarkGroup, grouped
from conference.data.staging import ENTRIES, GRANTS, Staging
from conference.domain.importing.people_rows import PeopleRow
from conference.domain.importing.remarks import Remark, RemarkKind
from conference.domain.importing.rows import EntryRow, GrantRow


@dataclass(frozen=True)
class StagedRows:
    """The first rows as they are read, and the remarks in groups; `gone`: references that the file no longer holds."""

    grants: tuple[tuple[str | None, GrantRow], ...]
    entries: tuple[tuple[str | None, EntryRow], ...]
    refused: tuple[RemarkGroup, ...]
    warnings: tuple[RemarkGroup, ...]
    notes: tuple[RemarkGroup, ...]
    gone: tuple[str, ...]
    people: tuple[tuple[str | None, PeopleRow], ...] = ()


def staged_rows(path: Path, count: int = 10) -> StagedRows:
    """The first `count` rows of each kind and what is said of all of them. `path`: the staging file, complete."""
    with Staging(path) as staging:
        gone = islice(staging.remarks(RemarkKind.GONE), PLACES)
        return StagedRows(
            tuple((sheet, row) for sheet, row in staging.first_rows(GRANTS, count) if isinstance(row, GrantRow)),
            tuple((sheet, row) for sheet, row in staging.first_rows(ENTRIES, count) if isinstance(row, EntryRow)),
            grouped(staging.remarks(RemarkKind.REFUSED)),
            grouped(staging.remarks(RemarkKind.WARNING)),
            grouped(staging.remarks(RemarkKind.NOTE)),
            tuple(remark.message for remark in gone),
            tuple(staging.first_people(max(1, count // 3))),
        )


def staged_refusals(path: Path) -> Iterator[Remark]:
    """Why each refused row is, in the order of the file."""
    with Staging(path) as staging:
        yield from staging.remarks(RemarkKind.REFUSED)
