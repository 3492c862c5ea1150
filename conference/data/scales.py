"""Which dated values and rules of law come with the software?

One file of `conference/scales/` per scale, and `rule_sets.toml` for the relay rules. Decision: a value or a rule is a
line of text that a lawyer can read and correct, never code; so the files are read once and checked whole at that
moment, and a slip of the pen (a misspelt key, two lines for one day, an amount that is no number) stops everything
with the file's name and the line's first day instead of paying a wrong sum.
"""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from conference.domain.period import ONE_DAY
from conference.domain.rights import RightKind
from conference.domain.scales import DatedValue, RuleSet, Scale, Scales, closed

RULE_SETS = "rule_sets.toml"
UNITS = frozenset({"EUR/heure", "EUR/jour", "EUR/mois", "années", "heures/mois", "jours", "mois", "taux"})
TO_CHECK = "to_check"


class ScaleError(ValueError):
    """A file of scales or rules is not whole; the message names the file and the first day of the line."""


@cache
def shipped_scales() -> Scales:
    """Every scale and rule set that comes with the software. Raises ScaleError for a file that is not whole."""
    folder = files("conference").joinpath("scales")
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.name.endswith(".toml")}
    return parse_scales(texts)


def parse_scales(texts: Mapping[str, str]) -> Scales:
    """The scales and the rule sets of a folder, from the text of each file by its name. Raises ScaleError."""
    if RULE_SETS not in texts:
        raise ScaleError(f"{RULE_SETS}: the file is missing")
    by_code: dict[str, Scale] = {}
    for name in sorted(texts.keys() - {RULE_SETS}):
        scale = parse_scale(texts[name], name)
        by_code[scale.code] = scale
    rule_sets = parse_rule_sets(texts[RULE_SETS])
    for rules in rule_sets:
        for code in (rules.limit, rules.cap, rules.short_limit):
            if code is not None and code not in by_code:
                raise ScaleError(f"{RULE_SETS}, {rules.code}: no scale has the code {code}")
    return Scales(by_code, rule_sets)


def parse_scale(text: str, name: str) -> Scale:
    """The scale written in TOML in the file `name`. Raises ScaleError when it is not whole."""
    raw = _read(text, name)
    _keys(raw, name, needed=("code", "label", "unit", "values"))
    code, label, unit = (_words(raw, key, name) for key in ("code", "label", "unit"))
    if code != code.upper() or name != f"{code.lower()}.toml":
        raise ScaleError(f"{name}: the code {code} is not the upper case of the file's name")
    if unit not in UNITS:
        raise ScaleError(f"{name}: unknown unit {unit}")
    lines = [_line(each, name) for each in _tables(raw, "values", name)]
    _in_order([(line.first, line.last) for line in lines], name)
    return Scale(code, label, unit, tuple(closed(lines)))


def parse_rule_sets(text: str) -> tuple[RuleSet, ...]:
    """The rule sets written in TOML, in the order of their first day. Raises ScaleError when a line is not whole.

    The codes of scales that they name are checked by `parse_scales`."""
    raw = _read(text, RULE_SETS)
    _keys(raw, RULE_SETS, needed=("rule_sets",))
    found = [_rule_set(each) for each in _tables(raw, "rule_sets", RULE_SETS)]
    codes = [rules.code for rules in found]
    for code in codes:
        if codes.count(code) > 1:
            raise ScaleError(f"{RULE_SETS}: two rule sets have the code {code}")
    _in_order([(rules.first, rules.last) for rules in found], RULE_SETS)
    ends = [*(following.first - ONE_DAY for following in found[1:]), None]
    return tuple(replace(rules, last=rules.last or end) for rules, end in zip(found, ends, strict=True))


def _line(raw: Mapping[str, Any], name: str) -> DatedValue:
    where = _where(raw, name)
    _keys(raw, where, needed=("from", "amount", "law", "source", "checked_on"), allowed=("to", "status", "note"))
    first, last = _days(raw, where)
    if raw.get("status", TO_CHECK) != TO_CHECK:
        raise ScaleError(f"{where}: unknown status {raw['status']!r}")
    to_check, note = "status" in raw, _words(raw, "note", where) if "note" in raw else ""
    if to_check and not note:
        raise ScaleError(f"{where}: a value to check needs a note that says why")
    # No text of law may be known; where the value was read always is.
    law = "" if raw["law"] == "" else _words(raw, "law", where)
    source, checked_on = _words(raw, "source", where), _day(raw, "checked_on", where)
    return DatedValue(first, last, _amount(raw, where), law, source, checked_on, to_check, note)


def _rule_set(raw: Mapping[str, Any]) -> RuleSet:
    where = _where(raw, RULE_SETS)
    words = ("code", "scheme", "label", "law", "payer", "funder")
    texts, numbers = ("limit", "cap", "short_limit"), ("interruption", "opened_months")
    _keys(raw, where, needed=(*words, "from", "after"), allowed=("to", *texts, *numbers))
    first, last = _days(raw, where)
    _kinds([raw["scheme"]], where)
    if ("short_limit" in raw) != ("opened_months" in raw):
        raise ScaleError(f"{where}: short_limit and opened_months go together")
    code, scheme, label, law, payer, funder = (_words(raw, key, where) for key in words)
    limit, cap, short_limit = (_words(raw, key, where) if key in raw else None for key in texts)
    interruption, opened_months = (_count(raw, key, where) if key in raw else None for key in numbers)
    return RuleSet(
        code=code,
        scheme=scheme,
        label=label,
        first=first,
        last=last,
        law=law,
        payer=payer,
        funder=funder,
        after=_kinds(raw["after"], where),
        limit=limit,
        cap=cap,
        interruption=interruption,
        short_limit=short_limit,
        opened_months=opened_months,
    )


def _read(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise ScaleError(f"{name}: {error}") from error


def _tables(raw: Mapping[str, Any], key: str, name: str) -> Sequence[Mapping[str, Any]]:
    lines = raw[key]
    if not isinstance(lines, list) or not lines or not all(isinstance(line, dict) for line in lines):
        raise ScaleError(f"{name}: {key} must be a list of lines, one at least")
    return lines


def _where(raw: Mapping[str, Any], name: str) -> str:
    return f"{name}, line from {raw['from']}" if "from" in raw else f"{name}, line without a first day"


def _keys(raw: Mapping[str, Any], where: str, needed: Collection[str], allowed: Collection[str] = ()) -> None:
    if absent := [key for key in needed if key not in raw]:
        raise ScaleError(f"{where}: missing {', '.join(absent)}")
    if unknown := [key for key in raw if key not in (*needed, *allowed)]:
        raise ScaleError(f"{where}: unknown {', '.join(unknown)}")


def _words(raw: Mapping[str, Any], key: str, where: str) -> str:
    value = raw[key]
    if not isinstance(value, str) or not value or value != value.strip():
        raise ScaleError(f"{where}: {key} must be a text, neither empty nor with blanks around it")
    return value


def _day(raw: Mapping[str, Any], key: str, where: str) -> date:
    value = raw[key]
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ScaleError(f"{where}: {key} must be a day, such as 2025-04-01")
    return value


def _days(raw: Mapping[str, Any], where: str) -> tuple[date, date | None]:
    first, last = _day(raw, "from", where), _day(raw, "to", where) if "to" in raw else None
    if last is not None and last < first:
        raise ScaleError(f"{where}: it ends before it begins, on {last}")
    return first, last


def _amount(raw: Mapping[str, Any], where: str) -> Decimal:
    # A text, since a TOML number would be a float.
    written = _words(raw, "amount", where)
    try:
        amount = Decimal(written)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount <= 0:
        raise ScaleError(f"{where}: {written} is not an amount above zero")
    return amount


def _count(raw: Mapping[str, Any], key: str, where: str) -> int:
    value = raw[key]
    if type(value) is not int or value <= 0:
        raise ScaleError(f"{where}: {key} must be a whole number above zero")
    return value


def _kinds(raw: Any, where: str) -> frozenset[str]:
    known = {kind.value for kind in RightKind}
    if not isinstance(raw, list) or not raw or not all(isinstance(kind, str) and kind in known for kind in raw):
        raise ScaleError(f"{where}: {raw!r} names a kind of right that is not known")
    return frozenset(raw)


def _in_order(days: Sequence[tuple[date, date | None]], name: str) -> None:
    """An open line ends where the next begins: a new value is a new line, and nothing else is touched."""
    for (first, last), (following, _) in pairwise(days):
        if following <= first:
            raise ScaleError(f"{name}, line from {following}: it must come after the line from {first}")
        if last is not None and following <= last:
            raise ScaleError(f"{name}, line from {following}: it overlaps the line from {first}")
