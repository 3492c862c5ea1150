"""What is the receiver of a handoff shown, frozen on the day of the proposal?

What passes in a handoff (DOMAIN §7): identifier, steps, outgoing payer, last day, last daily amount, days of AREF and of relay
so far, rights left, reasons of the gaps, plan, who knew what when. No identity, and no reference of another's line
(SEMANTICS §4). Kept as one JSON text for one content: sorted keys, no spaces, amounts and days as text.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from conference.domain.coverage import Coverage, CoverageStatus
from conference.domain.period import Period
from conference.domain.rights import RightKind

AREF = frozenset({RightKind.AREF})
RELAY = frozenset({RightKind.AFF, RightKind.AFDEF, RightKind.RFF})
"""Kinds that follow an unemployment benefit to the end of the course."""


@dataclass(frozen=True)
class StepShown:
    """One step of the parcours. `role`: `from` (the sender's), `to` (the receiver's), `both`, or empty."""

    kind: str
    title: str
    first: date
    last: date
    hours: int | None
    weekly_hours: Decimal | None
    needs_income: bool
    provider: str | None
    funders: tuple[str, ...]
    role: str


@dataclass(frozen=True)
class ShareShown:
    """What one funder takes of a cost, in euros; `committed`: its share is a commitment."""

    funder: str
    amount: Decimal
    committed: bool


@dataclass(frozen=True)
class CostShown:
    """One cost of the plan of a step; `left`: euros that no share takes."""

    step: str
    nature: str
    amount: Decimal
    shares: tuple[ShareShown, ...]
    left: Decimal


@dataclass(frozen=True)
class ReleaseShown:
    """What the sender would release of one commitment, in euros, and from what it is found."""

    nature: str
    scheme: str
    committed: Decimal
    paid: Decimal
    planned: Decimal
    release: Decimal


@dataclass(frozen=True)
class AskedShown:
    """What the receiver is asked to take, in euros."""

    nature: str
    amount: Decimal


@dataclass(frozen=True)
class PaidShown:
    """Days that a right paid before the handoff."""

    kind: str
    payer: str
    days: int


@dataclass(frozen=True)
class LeftShown:
    """A right that still pays on the handoff's day or after: so many days of it are left, up to `last`."""

    kind: str
    payer: str
    last: date
    days: int
    daily_amount: Decimal | None


@dataclass(frozen=True)
class GapShown:
    """Days that nobody pays, and why. `need` in gross euros, None when it is not known."""

    first: date
    last: date
    days: int
    need: Decimal | None
    code: str
    reason: str


@dataclass(frozen=True)
class IncomeShown:
    """Who paid the person last before the handoff, until when and how much a day; None: nobody, or not known."""

    payer: str | None
    kind: str | None
    last_day: date | None
    daily_amount: Decimal | None
    aref_days: int
    relay_days: int
    paid: tuple[PaidShown, ...]
    left: tuple[LeftShown, ...]
    gaps: tuple[GapShown, ...]


@dataclass(frozen=True)
class KnownShown:
    """Who knew what when: `what` is `parcours`, `right` (of kind `about`), `commitment` (of nature `about`) or `proposal`."""

    on: date
    what: str
    about: str
    who: str


@dataclass(frozen=True)
class Snapshot:
    """All that the receiver is shown."""

    reference: str
    pseudonym: str
    kind: str
    key_situation: str
    target: str
    sender: str
    receiver: str
    first_day: date
    taken_on: date
    answer_by: date
    steps: tuple[StepShown, ...]
    costs: tuple[CostShown, ...]
    releases: tuple[ReleaseShown, ...]
    asked: tuple[AskedShown, ...]
    income: IncomeShown
    known: tuple[KnownShown, ...]

    def text(self) -> str:
        """The JSON that is kept."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def read_snapshot(text: str) -> Snapshot:
    """The snapshot that `text` holds. Raises KeyError or TypeError when it is not one."""
    found: Snapshot = _read(Snapshot, json.loads(text))
    return found


def _read(kind: Any, value: Any) -> Any:
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], each) for each in value)
    if isinstance(kind, UnionType):
        return None if value is None else _read(get_args(kind)[0], value)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{each.name: _read(hints[each.name], value[each.name]) for each in fields(kind)})  # type: ignore[operator]
    if kind is date:
        return date.fromisoformat(value)
    return Decimal(value) if kind is Decimal else value


def income_shown(covered: Coverage, first_day: date, payers: dict[str, str], left: Iterable[LeftShown]) -> IncomeShown:
    """The income of the person as it stands for a handoff on `first_day`; `payers`: names by the codes of the coverage."""
    before = [each for each in covered.segments if each.first < first_day and each.kind is not None]
    days: dict[tuple[str, str], int] = {}
    for each in before:
        assert each.kind is not None
        run = Period(each.first, min(each.last, date.fromordinal(first_day.toordinal() - 1)))
        key = (each.kind.value, payers.get(each.payer or "", ""))
        days[key] = days.get(key, 0) + run.days
    last = before[-1] if before else None
    return IncomeShown(
        payer=payers.get(last.payer or "") if last else None,
        kind=last.kind.value if last and last.kind else None,
        last_day=last.last if last else None,
        daily_amount=last.daily_amount if last else None,
        aref_days=sum(count for (kind, _), count in days.items() if kind in AREF),
        relay_days=sum(count for (kind, _), count in days.items() if kind in RELAY),
        paid=tuple(PaidShown(kind, payer, count) for (kind, payer), count in days.items()),
        left=tuple(left),
        gaps=tuple(
            GapShown(each.first, each.last, each.days, each.amount, each.reason.code.value, each.reason.text)
            for each in covered.segments
            if each.status is CoverageStatus.GAP
        ),
    )
