"""How do dated values and rule sets read on a page, and how do the lines of a scale change?

The pages get rows that are ready to be printed: a value with its unit, a body and a length by their names. A day on which
no value is known is a row of its own, said in words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from conference.data.glossary import labels
from conference.data.queries.scales import LocalValue
from conference.domain.french import format_date
from conference.domain.period import ONE_DAY
from conference.domain.scales import DatedValue, RuleSet, Scale, Scales, missing
from conference.domain.units import format_value


@dataclass(frozen=True)
class ValueRow:
    """One line of a scale, or days without a known value (`line` None): `value` in words, `value_id` of a local one,
    None for the shipped."""

    code: str
    label: str
    line: DatedValue | None
    value: str
    first: date | None
    last: date | None
    value_id: int | None = None


@dataclass(frozen=True)
class RuleRow:
    """A rule set with its names and, as of the day looked at, its values."""

    rules: RuleSet
    in_force: bool
    payer: str
    funder: str
    after: tuple[str, ...]
    cap: str
    limit: str
    short: str


@dataclass(frozen=True)
class ChangedDays:
    """Days whose value is another one: what holds before and after, in words; `first` and `last` None without an end."""

    first: date
    last: date | None
    before: str
    after: str
    becomes_unknown: bool


def scale_rows(scales: Scales, day: date) -> list[ValueRow]:
    """Every scale on that day, by its label."""
    return [_row(scale, scale.on(day), day) for scale in sorted(scales.by_code.values(), key=lambda each: each.label)]


def line_rows(scale: Scale, local: Sequence[LocalValue]) -> list[ValueRow]:
    """The lines of one scale, latest first, and between them the days without a known value."""
    ids = {each.line.first: each.id for each in local if each.withdrawn_at is None}
    rows = []
    for line, following in zip(scale.values, [*scale.values[1:], None], strict=True):
        rows.append(_line_row(scale, line, ids.get(line.first) if line.is_local else None))
        if line.last is not None and (following is None or line.last + ONE_DAY < following.first):
            last = following.first - ONE_DAY if following else None
            rows.append(ValueRow(scale.code, scale.label, None, "non connue", line.last + ONE_DAY, last))
    return rows[::-1]


def rule_rows(scales: Scales, day: date) -> list[RuleRow]:
    """Every rule set in its order; values are those of the day, or of the set's own days when it does not hold that day."""
    return [_rule_row(scales, rules, day) for rules in scales.rule_sets]


def used_by(scales: Scales, code: str) -> list[RuleSet]:
    """The rule sets that a scale gives a length or a ceiling."""
    return [rules for rules in scales.rule_sets if code in (rules.cap, rules.limit, rules.short_limit)]


def changed_lines(before: Scale, after: Scale) -> list[ChangedDays]:
    """The days on which two versions of a scale differ, by runs of the same change."""
    runs: list[ChangedDays] = []
    for first, last in _spans(before, after):
        old, new = before.on(first), after.on(first)
        if old is not None and new is not None and _facts(old) == _facts(new):
            continue
        if old is None and new is None:
            continue
        run = ChangedDays(first, last, _told(before, old), _told(after, new), new is None)
        if runs and runs[-1].last == first - ONE_DAY and (runs[-1].before, runs[-1].after) == (run.before, run.after):
            runs[-1] = ChangedDays(runs[-1].first, last, run.before, run.after, run.becomes_unknown)
        else:
            runs.append(run)
    return runs


def _spans(before: Scale, after: Scale) -> Iterator[tuple[date, date | None]]:
    """The runs of days on which neither version changes; the last one has no end."""
    starts = set()
    for line in (*before.values, *after.values):
        starts.add(line.first)
        if line.last is not None and line.last < date.max:
            starts.add(line.last + ONE_DAY)
    ordered = sorted(starts)
    yield from ((first, following - ONE_DAY) for first, following in pairwise(ordered))
    if ordered:
        yield ordered[-1], None


def _facts(line: DatedValue) -> tuple[object, ...]:
    return line.amount, line.law, line.to_check, line.is_local


def _told(scale: Scale, line: DatedValue | None) -> str:
    if line is None:
        return "non connue"
    return format_value(line.amount, scale.unit) + (", à vérifier" if line.to_check else "")


def _row(scale: Scale, line: DatedValue | None, day: date) -> ValueRow:
    if line is None:
        return ValueRow(scale.code, scale.label, None, f"{missing(scale, day)} {_nearest(scale, day)}", None, None)
    return _line_row(scale, line, None)


def _line_row(scale: Scale, line: DatedValue, value_id: int | None) -> ValueRow:
    value = format_value(line.amount, scale.unit)
    return ValueRow(scale.code, scale.label, line, value, line.first, line.last, value_id)


def _rule_row(scales: Scales, rules: RuleSet, day: date) -> RuleRow:
    shown = day if rules.holds(day) else min(max(day, rules.first), rules.last or date.max)
    bodies, kinds = labels("organisation_kind"), labels("right_kind")
    return RuleRow(
        rules=rules,
        in_force=rules.holds(day),
        payer=bodies.get(rules.payer, rules.payer),
        funder=bodies.get(rules.funder, rules.funder),
        after=tuple(sorted(kinds.get(kind, kind) for kind in rules.after)),
        cap=_value_on(scales, rules.cap, shown),
        limit=_value_on(scales, rules.limit, shown),
        short=_value_on(scales, rules.short_limit, shown),
    )


def _value_on(scales: Scales, code: str | None, day: date) -> str:
    if code is None:
        return ""
    line = scales.value(code, day)
    return "valeur non connue" if line is None else format_value(line.amount, scales.by_code[code].unit)


def _nearest(scale: Scale, day: date) -> str:
    """When it was known last, else when it is known first."""
    ended = [line.last for line in scale.values if line.last is not None and line.last < day]
    if ended:
        return f"Elle l’est jusqu’au {format_date(max(ended))}."
    begins = min((line.first for line in scale.values), default=None)
    return "" if begins is None else f"Elle l’est à partir du {format_date(begins)}."
