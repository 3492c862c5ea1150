"""How do the cells of the ledger become the figures of a summary?

Pure folds: nothing is read here. Cells by funder and month give every total; cells of the year and of the year before, by
the lists, give the tables that cross them. All of them come from the same rollups, so that their totals agree.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from conference.data.queries.cells import Cells, Group, Part, gross, internal, shared
from conference.documents.summary_content import (
    ByFunder,
    ByMember,
    Compared,
    Count,
    Crossing,
    CrossRow,
    FlowFigures,
    FunderFigures,
    KeyNumbers,
    MemberFigures,
    MonthFigures,
    Persons,
    WhoFundsWhat,
)
from conference.domain.figures import NO_SUMS, Axis, Sums
from conference.domain.french import months_between, next_month
from conference.domain.money import ZERO

Path = tuple[str, str, str]
"""Labels of a funder, a scheme and an audience."""
CROSSED_ROWS, CROSSED_COLUMNS = 14, 5
"""Schemes and audiences shown in the crossing; the others are gathered."""
MEMBERS = 15
"""Items shown of a long list; the others are gathered."""
FLOW_AXES = (Axis.FUNDER, Axis.SCHEME, Axis.AUDIENCE)
FLOW_OTHERS = ("Autres financeurs", "Autres dispositifs", "Autres publics")
FLOW_MEMBERS, FLOWS = 7, 18
"""Members of each stage drawn by their name, and flows listed; the others are gathered."""


@dataclass(frozen=True)
class Period:
    """Booked months "2026-01".."2026-03", included, and the same a year earlier."""

    first: str
    last: str

    @property
    def before(self) -> "Period":
        """A year earlier; what has no beginning has none then either."""
        return Period(_year_before(self.first), _year_before(self.last))

    def sums(self, groups: Iterable[Group], part: Part) -> Sums:
        """Sum of `part` of the groups whose last key is a month of the period."""
        found = NO_SUMS
        for group in groups:
            if self.first <= group.key[-1] <= self.last:
                found += part(group)
        return found

    def compared(self, groups: Sequence[Group], part: Part) -> Compared:
        """The period and the same a year earlier."""
        return compare(self.sums(groups, part), self.before.sums(groups, part))


def _year_before(code: str) -> str:
    return f"{int(code[:4]) - 1:04}{code[4:]}" if code else code


def compare(now: Sums, before: Sums) -> Compared:
    """Both and their difference."""
    return Compared(now, before, now - before)


def nothing(group: Group) -> Sums:
    """What one funder alone spends through the others of its selection."""
    return NO_SUMS


class Periods:
    """The three periods of a summary."""

    def __init__(self, month: date) -> None:
        code = f"{month:%Y-%m}"
        self.month, self.year, self.ever = Period(code, code), Period(f"{month:%Y}-01", code), Period("", code)


def key_numbers(groups: Sequence[Group], periods: Periods, part: Part, persons: Persons) -> KeyNumbers:
    """Figures of the whole selection, from its groups by funder and month."""
    month, year, ever = (each.compared(groups, part) for each in (periods.month, periods.year, periods.ever))
    return KeyNumbers(month, year, ever, persons)


def by_funder(
    cells: Cells, periods: Periods, publish: Callable[[Sequence[int]], list[Count]], only: str | None
) -> ByFunder:
    """Each funder and the three sums, from cells of all funders by month; `only`: the code of the one to keep. `publish` masks
    a list of counts that ends with its total: what is told of one funder is what the table of all of them tells of it."""
    groups: Sequence[Group] = cells.by(Axis.FUNDER, Axis.MONTH)
    codes = list(dict.fromkeys(group.key[0] for group in groups))
    own = {code: [group for group in groups if group.key[0] == code] for code in codes}
    told = [
        publish([each.sums(rows, shared).persons for rows in (*own.values(), groups)])
        for each in (periods.year, periods.year.before)
    ]
    *shown, total = (Persons(*each) for each in zip(*told, strict=True))
    funders = tuple(
        _funder(code, cells.label(Axis.FUNDER, code), own[code], periods, gross, count)
        for code, count in zip(codes, shown, strict=True)
        if only in (None, code)
    )
    nobody = Persons(None, None)
    if only is not None:
        groups, total = own.get(only, []), funders[0].persons if funders else Persons(0, 0)
    return ByFunder(
        funders,
        _funder("", "Somme des financeurs", groups, periods, gross, nobody),
        _funder("", "Transferts internes", groups, periods, internal if only is None else nothing, nobody),
        _funder("", "Total partagé", groups, periods, shared if only is None else gross, total),
    )


def _funder(
    code: str, label: str, groups: Sequence[Group], periods: Periods, part: Part, persons: Persons
) -> FunderFigures:
    return FunderFigures(
        code=code,
        label=label,
        month=periods.month.compared(groups, part),
        year=periods.year.compared(groups, part),
        ever=periods.ever.sums(groups, part),
        transferred=periods.ever.sums(groups, internal),
        persons=persons,
    )


def by_member(now: Cells, before: Cells, axis: Axis, *, others: str, total: str) -> ByMember:
    """Each item of a list that has figures in one of both years, the largest first; many of them are gathered as `others`."""
    this, past = ({group.key[0]: group.shared for group in cells.by(axis)} for cells in (now, before))
    members = [
        MemberFigures(code, now.label(axis, code), compare(this.get(code, NO_SUMS), past.get(code, NO_SUMS)))
        for code in this.keys() | past.keys()
    ]
    members.sort(key=lambda each: (-each.year.now.committed, -each.year.before.committed, each.label, each.code))
    whole = MemberFigures("", total, compare(now.total().shared, before.total().shared))
    return ByMember(tuple(_gathered(members, others)), tuple(members), whole)


def _gathered(members: Sequence[MemberFigures], others: str) -> Iterator[MemberFigures]:
    """The first MEMBERS and the sum of what comes after; one more is shown as it is."""
    if len(members) <= MEMBERS + 1:
        yield from members
        return
    yield from members[:MEMBERS]
    now = before = NO_SUMS
    for each in members[MEMBERS:]:
        now, before = now + each.year.now, before + each.year.before
    yield MemberFigures("", f"{others} ({len(members) - MEMBERS})", compare(now, before))


def crossing(cells: Cells, *, total: str) -> Crossing:
    """Schemes × audiences of the year, the smallest gathered in a last row and a last column."""
    groups = cells.by(Axis.SCHEME, Axis.AUDIENCE)
    schemes = _largest(groups, 0, CROSSED_ROWS)
    kept = set(_largest(groups, 1, CROSSED_COLUMNS))
    audiences = [group.key[0] for group in cells.by(Axis.AUDIENCE) if group.key[0] in kept]
    places = {code: place for place, code in enumerate(audiences)}
    others = any(group.key[1] not in kept for group in groups)
    width = len(audiences) + others
    found = {code: _Row(width) for code in schemes}
    rest, whole = _Row(width), _Row(width)
    for group in groups:
        place = places.get(group.key[1], width - 1)
        for row in (found.get(group.key[0], rest), whole):
            row.add(place, group.shared)
    rows = [row.made(cells.label(Axis.SCHEME, code)) for code, row in found.items()]
    if len({group.key[0] for group in groups}) > len(schemes):
        rows.append(rest.made("Autres dispositifs"))
    names = [cells.label(Axis.AUDIENCE, code) for code in audiences]
    return Crossing((*names, *(["Autres publics"] if others else [])), tuple(rows), whole.made(total))


class _Row:
    """A row of the crossing while it is summed."""

    def __init__(self, width: int) -> None:
        self.committed, self.total = [ZERO] * width, NO_SUMS

    def add(self, place: int, sums: Sums) -> None:
        self.committed[place] += sums.committed
        self.total += sums

    def made(self, label: str) -> CrossRow:
        return CrossRow(label, tuple(self.committed), self.total.committed, self.total.paid)


def _largest(groups: Iterable[Group], position: int, many: int) -> list[str]:
    """Codes of the members at that position of the keys, the largest first; one more than `many` is not gathered alone."""
    sizes: dict[str, Decimal] = {}
    for group in groups:
        code = group.key[position]
        sizes[code] = sizes.get(code, ZERO) + abs(group.shared.committed)
    ordered = sorted(sizes, key=lambda code: (-sizes[code], code))
    return ordered if len(ordered) <= many + 1 else ordered[:many]


def who_funds_what(cells: Cells, *, total: str) -> WhoFundsWhat:
    """Flows funder → scheme → audience of the year."""
    groups = cells.by(*FLOW_AXES)
    names: list[Path] = []
    for group in groups:
        funder, scheme, audience = map(cells.label, FLOW_AXES, group.key)
        names.append((funder, scheme, audience))
    every = tuple(_flow(name, group.shared) for name, group in zip(names, groups, strict=True) if _moves(group.shared))
    drawn = _drawn(groups, names)
    whole = _flow((total, "", ""), cells.total().shared)
    return WhoFundsWhat(every, drawn, tuple(_listed(drawn)), whole)


def _moves(sums: Sums) -> bool:
    return bool(sums.committed or sums.paid)


def _flow(names: Path, sums: Sums) -> FlowFigures:
    return FlowFigures(*names, sums.committed, sums.paid)


def _drawn(groups: Sequence[Group], names: Sequence[Path]) -> tuple[FlowFigures, ...]:
    """The flows between the largest members of each stage, those of the others together; the largest first."""
    kept = [set(_largest(groups, place, FLOW_MEMBERS)) for place in range(3)]
    sums: dict[Path, Sums] = {}
    for group, name in zip(groups, names, strict=True):
        places = zip(group.key, name, kept, FLOW_OTHERS, strict=True)
        funder, scheme, audience = (label if code in keep else other for code, label, keep, other in places)
        path = (funder, scheme, audience)
        sums[path] = sums.get(path, NO_SUMS) + group.shared
    found = sorted(sums, key=lambda path: (-sums[path].committed, path))
    return tuple(_flow(path, sums[path]) for path in found if _moves(sums[path]))


def _listed(drawn: Sequence[FlowFigures]) -> Iterator[FlowFigures]:
    """The largest flows, and what is left together."""
    if len(drawn) <= FLOWS + 1:
        yield from drawn
        return
    yield from drawn[:FLOWS]
    rest = drawn[FLOWS:]
    committed, paid = (sum((getattr(each, name) for each in rest), ZERO) for name in ("committed", "paid"))
    yield FlowFigures(f"Autres flux ({len(rest)})", "", "", committed, paid)


def twelve_months(groups: Sequence[Group], month: date, part: Part) -> tuple[tuple[MonthFigures, ...], Compared]:
    """The twelve months that end with `month`, each with the same month a year earlier, and their sum."""
    months = months_between(next_month(month.replace(year=month.year - 1)), month)
    told = [MonthFigures(each, Periods(each).month.compared(groups, part)) for each in months]
    whole = Period(f"{months[0]:%Y-%m}", f"{month:%Y-%m}").compared(groups, part)
    return tuple(told), whole
