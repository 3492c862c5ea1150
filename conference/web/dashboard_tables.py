"""Which tables does the dashboard show, each figure with the address of its lines?

One builder per table gives typed cells: the page writes them in French, an export keeps the numbers, so that both hold
the same figures. By funder, figures are gross, then internal transfers are taken out once; by anything else they are what
is left without them, whose sum is the shared total.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from conference.data.glossary import label
from conference.data.queries.cells import Cells, Group, Part, gross, shared
from conference.data.queries.completeness import Sent
from conference.domain.figures import NO_SUMS, Axis, Measure, Ratio, Sums, change, share
from conference.domain.french import PARIS, format_date, format_instant, typeset
from conference.domain.suppression import shown_count
from conference.web.dashboard_filters import WORD_OF, Asked

Value = str | Decimal | int | Ratio | None
SHARED = "Total partagé"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its label, the unit of its figures, and whether these are numbers."""

    label: str
    unit: str = ""
    numeric: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell: a typed value, and the address of the lines behind it."""

    value: Value
    href: str | None = None


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row: its name, the address that its name opens, and its cells."""

    label: str
    cells: tuple[Shown, ...]
    href: str | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table: `name` in the address of its export, `foot` its sums (the last one in force), `note` a sentence under it."""

    name: str
    caption: str
    headings: tuple[Heading, ...]
    rows: tuple[ShownRow, ...]
    foot: tuple[ShownRow, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Told:
    """What the tables of one page are made from: the selection, its cells and those of a year earlier, and the threshold
    under which a count of persons is not shown (0: every count, for an export that hides by itself)."""

    asked: Asked
    now: Cells
    before: Cells | None
    threshold: int

    def persons(self, sums: Sums, funder: str | None = None) -> Value:
        """A count of persons that the viewer may read: « < 5 » under the threshold, but on own lines."""
        if self.asked.own(funder):
            return sums.persons
        shown = shown_count(sums.persons, self.threshold)
        return f"< {self.threshold}" if shown is None else shown

    def whole(self) -> "Told":
        """The same with every count."""
        return replace(self, threshold=0)

    @property
    def has_ordered(self) -> bool:
        """Is any mandatement recorded in the selection? Else its column would say nothing."""
        return bool(self.now.total().gross.ordered)

    def measures(self) -> tuple[Measure, ...]:
        """The sums that this selection shows."""
        return tuple(each for each in Measure if each is not Measure.ORDERED or self.has_ordered)


def taken_out(group: Group) -> Sums:
    """What is internal, as it lowers a sum."""
    return NO_SUMS - group.internal


def funders_table(told: Told, budgets: Mapping[str, Decimal]) -> ShownTable:
    """By funder, gross; then the sum, the internal transfers and the shared total. A funder that had entries a year earlier
    only is there too, so that each column adds up."""
    now, before = {group.key: group for group in told.now.by(Axis.FUNDER)}, _before(told, Axis.FUNDER)
    alone = len(told.asked.filters.funders) == 1
    headings = [Heading("Financeur", numeric=False), *_amount_headings(told), *_compared_headings(told)]
    headings += [] if alone else [Heading("Dont par un autre financeur", "€")]
    headings += [Heading("Budget", "€")] if budgets else []
    headings.append(Heading("Personnes prévues"))
    rows = []
    for code in told.now.in_order(Axis.FUNDER, [code for (code,) in (*now, *before)]):
        group, earlier = now.get((code,)) or Group((code,), NO_SUMS, NO_SUMS), before.get((code,))
        cells = [
            *_amounts(told, group.gross, funder=code),
            *_compared(told, group.gross, earlier.gross if earlier else None),
        ]
        cells += [] if alone else [Shown(group.internal.committed)]
        cells += [Shown(budgets.get(code))] if budgets else []
        cells.append(Shown(told.persons(group.gross, code)))
        rows.append(ShownRow(told.now.label(Axis.FUNDER, code), tuple(cells), told.asked.page(financeur=code), code))
    foot = () if alone else _funders_foot(told, budgets)
    caption = f"Engagé, payé et reste à payer par financeur, {told.asked.period}"
    return ShownTable("financeurs", caption, tuple(headings), tuple(rows), foot)


def _funders_foot(told: Told, budgets: Mapping[str, Decimal]) -> tuple[ShownRow, ...]:
    total, before = told.now.total(), told.before.total() if told.before else None
    blank = [Shown(None)] if budgets else []
    kinds: list[tuple[str, Part, bool]] = [
        ("Somme des financeurs", gross, False),
        ("Transferts internes, à retirer", taken_out, False),
        (SHARED, shared, True),
    ]
    rows = []
    for name, part, opens in kinds:
        amounts = _amounts(told, part(total)) if opens else [Shown(part(total).of(each)) for each in told.measures()]
        compared = _compared(told, part(total), part(before) if before else None)
        through = [Shown(total.internal.committed if part(total) == total.gross else None)]
        persons = [Shown(told.persons(total.shared) if opens else None)]
        rows.append(ShownRow(name, (*amounts, *compared, *through, *blank, *persons)))
    return tuple(rows)


def axis_table(told: Told, axis: Axis) -> ShownTable:
    """By `axis`, internal transfers taken out: every member that has entries in the selection or a year earlier."""
    groups = {group.key[0]: group for group in told.now.by(axis)}
    earlier = {_a_year_on(axis, key[0]): group for key, group in _before(told, axis).items()}
    compared = axis is not Axis.YEAR
    codes = told.now.in_order(axis, {*groups, *(earlier if compared else ())})
    whole = told.now.total().shared.committed
    headings = [Heading(label("axis", axis), numeric=False), *_amount_headings(told)]
    headings += _compared_headings(told) if compared else []
    headings += [Heading("Part"), Heading("Personnes prévues")]
    rows = []
    for code in codes:
        group, before = groups.get(code) or Group((code,), NO_SUMS, NO_SUMS), earlier.get(code)
        cells = _amounts(told, group.shared, **{axis.value: code})
        cells += _compared(told, group.shared, before.shared if before else None) if compared else []
        cells += [Shown(share(group.shared.committed, whole)), Shown(told.persons(group.shared))]
        rows.append(ShownRow(member_label(told, axis, code), tuple(cells), opens(told.asked, axis, code), code))
    caption = f"{label('axis', axis)}\u202f: engagé, payé et reste à payer, {told.asked.period}"
    return ShownTable("axe", caption, tuple(headings), tuple(rows), (_total_row(told, compared=compared),))


def _total_row(told: Told, *, compared: bool) -> ShownRow:
    total, before = told.now.total().shared, told.before.total().shared if told.before else None
    cells = _amounts(told, total) + (_compared(told, total, before) if compared else [])
    cells += [Shown(share(total.committed, total.committed)), Shown(told.persons(total))]
    return ShownRow(SHARED, tuple(cells))


def flows_table(told: Told, *, most: int | None = 40) -> ShownTable:
    """Who funds what for whom, the largest first; beyond `most` the rest is one line. A funder's figures are gross and open
    its lines; without what it pays through another one they are those of the drawing."""
    axes = (Axis.FUNDER, Axis.SCHEME, Axis.AUDIENCE)
    groups = sorted(told.now.by(*axes), key=lambda group: -group.shared.committed)
    kept, rest = groups[:most], groups[most:] if most else []
    rows = []
    for group in kept:
        funder, scheme, audience = (told.now.label(axis, code) for axis, code in zip(axes, group.key, strict=True))
        members = {axis.value: code for axis, code in zip(axes, group.key, strict=True)}
        cells = (*_amounts(told, group.gross, **members), *_net(group))
        rows.append(ShownRow(funder, (Shown(scheme), Shown(audience), *cells), code="/".join(group.key)))
    if rest:
        others = Group((), sum((each.gross for each in rest), NO_SUMS), sum((each.internal for each in rest), NO_SUMS))
        amounts = [Shown(others.gross.of(each)) for each in told.measures()]
        rows.append(ShownRow(f"Autres ({len(rest)})", (Shown(None), Shown(None), *amounts, *_net(others))))
    texts = [Heading(label("axis", axis), numeric=False) for axis in axes]
    whole = told.now.total()
    amounts = [Shown(whole.gross.of(each)) for each in told.measures()]
    total = ShownRow("Somme des financeurs", (Shown(None), Shown(None), *amounts, *_net(whole)))
    headings = (
        *texts,
        *_amount_headings(told),
        Heading("Dont par un autre financeur", "€"),
        Heading("Engagé net", "€"),
    )
    note = "L’engagé net, sans les transferts internes, est ce que montre le dessin ; sa somme est le total partagé."
    return ShownTable(
        "flux", f"Financeur, dispositif et public, {told.asked.period}", headings, tuple(rows), (total,), typeset(note)
    )


def _net(group: Group) -> tuple[Shown, Shown]:
    return Shown(group.internal.committed), Shown(group.shared.committed)


def completeness_table(sent: Sequence[Sent], period: str) -> ShownTable:
    """Who has sent what: entries, the last day that they concern, when the last one was learnt."""
    headings = (
        Heading("Financeur", numeric=False),
        Heading("Écritures"),
        Heading("Mois couverts"),
        Heading("Dernier jour concerné", numeric=False),
        Heading("Dernière saisie", numeric=False),
    )
    rows = tuple(
        ShownRow(
            each.name,
            (
                Shown(each.entries),
                Shown(len(each.months)),
                Shown(format_date(each.last_on) if each.last_on else "aucune écriture"),
                Shown(format_instant(each.last_recorded_at.astimezone(PARIS)) if each.last_recorded_at else None),
            ),
            code=each.code,
        )
        for each in sent
    )
    return ShownTable("transmis", f"Ce que chaque financeur a transmis, {period}", headings, rows)


def _amount_headings(told: Told) -> list[Heading]:
    return [Heading(label("measure", each), "€") for each in told.measures()]


def _compared_headings(told: Told) -> list[Heading]:
    if told.before is None:
        return []
    return [Heading("Engagé un an avant", "€"), Heading("Évolution")]


def _amounts(told: Told, sums: Sums, **members: str) -> list[Shown]:
    href = told.asked.lines(**members)
    return [Shown(sums.of(each), href) for each in told.measures()]


def _compared(told: Told, now: Sums, before: Sums | None) -> list[Shown]:
    if told.before is None:
        return []
    earlier = before or NO_SUMS
    return [Shown(earlier.committed), Shown(change(now.committed, earlier.committed))]


def _before(told: Told, axis: Axis) -> dict[tuple[str, ...], Group]:
    return {group.key: group for group in told.before.by(axis)} if told.before else {}


def _a_year_on(axis: Axis, code: str) -> str:
    """The month with which a month a year earlier is compared."""
    return f"{int(code[:4]) + 1}{code[4:]}" if axis is Axis.MONTH else code


def member_label(told: Told, axis: Axis, code: str) -> str:
    """What heads the row or the column of a member."""
    name = told.now.label(axis, code)
    return name[:1].upper() + name[1:]


def opens(asked: Asked, axis: Axis, code: str) -> str:
    """The dashboard of this member alone."""
    if axis is Axis.MONTH:
        return asked.page(annee=None, du=code, au=code)
    if axis is Axis.YEAR:
        return asked.page(annee=code, du=None, au=None)
    return asked.page(**{WORD_OF[axis]: code})
