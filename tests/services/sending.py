"""Sending a file as the pages and the command line do: kept aside, read, planned, confirmed, written."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from conference.data.session import Database
from conference.data.staging import Staging
from conference.domain.importing.remarks import Remark, RemarkKind
from conference.domain.permissions import CONSOLE, Actor
from conference.services.imports import Place, advance, confirm_import, require_import
from conference.services.staging import Stage, StagedImport, StagedState, stage_file
from tests.seeds import AT


@dataclass(frozen=True)
class Sent:
    """What became of a file, with every remark."""

    state: StagedState
    remarks: dict[RemarkKind, list[Remark]]

    @property
    def accepted(self) -> Decimal:
        """Accepted amount, in euros."""
        return Decimal(self.state.accepted)

    def codes(self, kind: RemarkKind = RemarkKind.REFUSED) -> list[str]:
        """Codes of the remarks of one kind, in the order of the file."""
        return [each.code for each in self.remarks[kind]]

    def counts(self) -> tuple[int, int, int, list[str], Decimal]:
        """(created, adjusted, unchanged, codes of the refused rows, accepted amount)."""
        return self.state.created, self.state.adjusted, self.state.unchanged, self.codes(), self.accepted


@contextmanager
def staged(
    database: Database,
    content: bytes,
    *,
    by: Actor = CONSOLE,
    at: datetime = AT,
    filename: str = "f.csv",
    only: str | None = None,
    wanted: str = "auto",
    instance: Path | None = None,
) -> Iterator[tuple[Place, StagedImport]]:
    """A file kept aside and read."""
    require_import(by)
    with TemporaryDirectory() as folder:
        place = Place(database, instance or Path(folder))
        found = stage_file(place.instance, BytesIO(content), filename, by=by, at=at, wanted=wanted, only=only)
        advance(place, found, by=by, at=at)
        yield place, found


def send(
    database: Database,
    content: bytes,
    *,
    by: Actor = CONSOLE,
    at: datetime = AT,
    filename: str = "f.csv",
    only: str | None = None,
    wanted: str = "auto",
    confirm: bool = True,
    instance: Path | None = None,
) -> Sent:
    """Send a file and, unless `confirm` is False (a dry run), import it."""
    with staged(database, content, by=by, at=at, filename=filename, only=only, wanted=wanted, instance=instance) as (
        place,
        found,
    ):
        if confirm and found.state.stage is Stage.READY:
            confirm_import(found, by=by)
            advance(place, found, by=by, at=at)
        with Staging(found.rows) as staging:
            return Sent(found.state, {kind: list(staging.remarks(kind)) for kind in RemarkKind})
