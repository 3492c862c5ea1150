"""Where does an officer find their lines, and everything about one of them?

The list shows own lines whole and others' masked (`data.queries.commitments`); its address is described in
`web.commitment_filters`. The page of a commitment exists for its own funder alone.
"""

from typing import Any

from flask import Blueprint, g, render_template, request

from conference.data.queries.choices import Choice, funder_choices
from conference.data.queries.commitment_filters import Filters
from conference.data.queries.commitment_page import commitment_page
from conference.data.queries.commitments import list_commitments
from conference.data.queries.completeness import funders_that_sent
from conference.data.queries.convention_choices import convention_choices, under_convention
from conference.data.queries.history import commitment_history
from conference.domain.french import day_in_france
from conference.domain.ledger import CommitmentStatus, EntryKind
from conference.domain.permissions import Relation, is_granted
from conference.web.access import actor, right
from conference.web.commitment_filters import (
    SIZE,
    SIZES,
    FilterForm,
    filter_form,
    filters_of,
    query_sort,
    sort_of,
    whole,
    words_of,
)
from conference.web.formats import address_with
from conference.web.transaction import business

pages = Blueprint("commitment", __name__)

BADGES = {
    CommitmentStatus.AWAITING: "warning",
    CommitmentStatus.ACTIVE: "info",
    CommitmentStatus.PAID: "good",
    CommitmentStatus.RELEASED: "neutral",
    CommitmentStatus.CANCELLED: "neutral",
}
"""Shape of each state."""
Answer = str | tuple[str, int]


@pages.get("/engagements")
@right("commitment.list")
def show_list() -> Answer:
    """The lines of the selection, and what they add up to."""
    session, reader = business(), actor()
    form = filter_form(session, reader, request.args)
    mine = _own_funder(funder_choices(session))
    sort = sort_of(request.args)
    common: dict[str, Any] = {"form": form, "sort": sort, "mine": mine, "badges": BADGES, "words": _words(form)}
    common["same"] = {name: value for name, value in request.args.items() if not name.startswith("_")}
    if not form.validate():
        return render_template("commitment/list.html", page=None, filters=Filters(), **common), 422
    filters = filters_of(form)
    sent, expected = funders_that_sent(session, filters)
    page = list_commitments(
        session,
        reader,
        filters,
        sort=query_sort(sort),
        page=whole(request.args, "page", 1, range(1, 10**9)),
        size=whole(request.args, "taille", SIZE, SIZES),
    )
    return render_template("commitment/list.html", page=page, filters=filters, sent=sent, expected=expected, **common)


@pages.get("/engagements/<int:commitment_id>")
@right("commitment.read")
def show(commitment_id: int) -> str:
    """One commitment whole."""
    session, reader = business(), actor()
    shown = commitment_page(session, reader, commitment_id)
    return render_template(
        "commitment/show.html",
        line=shown,
        badges=BADGES,
        verbs=entry_verbs(shown.status),
        history=commitment_history(session, reader, shown),
        under=under_convention(session, reader, commitment_id),
        offers_conventions=bool(convention_choices(session, reader)),
        today=day_in_france(g.at),
    )


def entry_verbs(status: CommitmentStatus) -> list[tuple[EntryKind, str]]:
    """What can be recorded on a commitment in that state, with the words of its button; the most frequent first."""
    if status is CommitmentStatus.AWAITING:
        return [(EntryKind.FORECAST, "Augmenter la prévision")]
    if status is CommitmentStatus.CANCELLED:
        return []
    return [
        (EntryKind.PAYMENT, "Payer"),
        (EntryKind.SETTLEMENT, "Liquider"),
        (EntryKind.ORDER, "Mandater"),
        (EntryKind.RELEASE, "Dégager"),
        (EntryKind.REPAYMENT, "Enregistrer un reversement"),
        (EntryKind.COMMITMENT, "Augmenter l’engagement"),
    ]


def _words(form: FilterForm) -> list[tuple[str, str, str]]:
    """Filters in force, each with the address of the list without it."""
    return [(text, value, address_with(**{name: None, "page": None})) for name, text, value in words_of(form)]


def _own_funder(funders: list[Choice]) -> Choice | None:
    """The reader's own organisation, when it is a funder whose lines they see whole."""
    reader = actor()
    if not is_granted(reader, "commitment.read", Relation.OWN):
        return None
    return next((funder for funder in funders if funder.id == reader.organisation_id), None)
