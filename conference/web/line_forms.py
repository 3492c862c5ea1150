"""How is a list of lines typed without any script: a table of fields, some of them blank, more of them on demand?

Each line has the same columns; a line left wholly blank is no line. A hidden field says how many there are, so that what was
typed comes back as it was when something is to be put right, or when more lines are asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import request
from wtforms import HiddenField

from conference.web.forms import Form, number_or_none

MOST_LINES = 200
MORE = 5
"""Lines that « Ajouter des lignes » adds."""


class LinesForm(Form):
    """A table of fields; `names` are its columns, `count` its lines."""

    lines = HiddenField()
    version = HiddenField()
    names: tuple[str, ...] = ()
    count = 0

    def rows(self) -> list[list[Any]]:
        """The fields, line by line, in the order of the columns."""
        return [[self[f"{name}{number}"] for name in self.names] for number in range(self.count)]

    def typed(self, blank: Sequence[str] = ()) -> list[dict[str, Any]]:
        """What each line holds, by column; lines where nothing but `blank` columns is filled are left out."""
        found = []
        for number in range(self.count):
            line = {name: self[f"{name}{number}"].data for name in self.names}
            if any(value is not None and value != "" for name, value in line.items() if name not in blank):
                found.append(line)
        return found


def lines_form(
    columns: Mapping[str, Callable[[str], Any]],
    rows: Sequence[Mapping[str, Any]],
    *,
    fewest: int = 4,
    base: type[LinesForm] = LinesForm,
    **filled: Any,
) -> Any:
    """A form of `columns` (name → maker of a field, given « ligne 3 »), filled with `rows`, with some blank lines after."""
    count = max(fewest, len(rows) + 2)
    if request.method == "POST":
        sent = number_or_none(request.form.get("lines")) or count
        count = min(MOST_LINES, sent + (MORE if wants_more() else 0))
    fields: dict[str, Any] = {"names": tuple(columns), "count": count}
    data: dict[str, Any] = dict(filled)
    for number in range(count):
        for name, make in columns.items():
            fields[f"{name}{number}"] = make(f"ligne {number + 1}")
            if number < len(rows):
                data[f"{name}{number}"] = rows[number].get(name)
    form = type("Lines", (base,), fields)(data=data)
    form.lines.data = str(count)
    return form


def wants_more() -> bool:
    """Was the button « Ajouter des lignes » used?"""
    return request.method == "POST" and bool(request.form.get("more"))
