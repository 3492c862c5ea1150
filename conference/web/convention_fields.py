"""How does a form offer a convention in force and one of its instalments?

Two lists without script: an instalment says whose it is, and one of another convention than the one chosen is refused.
"""

from collections.abc import Iterable
from typing import Any

from conference.data.queries.convention_choices import ConventionChoice
from conference.domain.refusal import Refusal


def offer_conventions(form: Any, conventions: Iterable[ConventionChoice]) -> None:
    """Give `form.convention_id` and `form.instalment_key` their choices."""
    found = list(conventions)
    form.convention_id.choices = [(each.id, each.label) for each in found]
    form.instalment_key.choices = [
        (f"{each.id}-{instalment.key}", f"{each.number}, {instalment.label}")
        for each in found
        for instalment in each.instalments
    ]


def chosen_instalment(form: Any) -> int | None:
    """The key of the instalment chosen, in a form that is valid. Raises Refusal where it is one of another convention."""
    if form.instalment_key.data is None:
        return None
    convention_id, key = (int(part) for part in str(form.instalment_key.data).split("-"))
    if convention_id != form.convention_id.data:
        raise Refusal("Cette échéance est celle d’une autre convention.", field="instalment_key", code="instalment")
    return key
