"""How does a page of a financing plan answer, be the plan a person's step's or a collective action's?

What the plan would pay twice, or with aids that exclude each other, is told before it is saved, with both lines and the rule:
the officer goes on, and the alert stays open, or lifts it with a motive. Nothing is written before the warning was read.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for

from conference.data.queries.choices import funder_choices, item_choices
from conference.data.queries.fundings import fundings_of, lifted_conflicts, own_line, step_titles
from conference.data.queries.plans import PlanView, ShareView
from conference.domain.french import day_in_france, format_euros
from conference.domain.funding_conflicts import Conflict, Funding, conflicts
from conference.domain.ledger import EntrySource
from conference.domain.period import Period
from conference.domain.plan import per_person
from conference.domain.refusal import NotFound, Refusal
from conference.services.dimensions import Dimensions
from conference.services.funding_alerts import lift_conflicts
from conference.services.plans import (
    PlanOf,
    commit_shares,
    fund_step,
    remove_share,
    set_cost,
    set_instalments,
    set_share,
)
from conference.web.access import actor
from conference.web.parcours import Answer, answer, day_of, shown
from conference.web.plan_forms import (
    ITEMS,
    AttachForm,
    CommitForm,
    CostForm,
    ShareForm,
    filled_share,
    instalment_lines,
    instalments_form,
    read_instalments,
    shares_to_commit,
)
from conference.web.transaction import business

MOST_WARNINGS = 20
Found = tuple[int, Conflict]
"""A conflict, and the parcours where it is."""


@dataclass(frozen=True)
class Place:
    """What a plan is of, as its pages say it.

    `way`: the links above the plan; `parcours`: pseudonyms of the persons it pays, among those that the reader reaches;
    `steps`: theirs that it pays; `persons`: between how many it is shared; `room`, `ids`: what its addresses are made of.
    """

    of: PlanOf
    plan: PlanView
    title: str
    heading: str
    days: Period
    way: tuple[tuple[str, str], ...]
    parcours: Mapping[int, str]
    steps: frozenset[int]
    may_edit: bool
    room: str
    ids: Mapping[str, Any]
    persons: int = 1
    audience_id: int | None = None
    territory_id: int | None = None

    def to(self, page: str, **values: Any) -> str:
        """The address of a page of this plan."""
        return url_for(f"{self.room}.{page}", **{**self.ids, **values})

    @property
    def plan_way(self) -> tuple[tuple[str, str], ...]:
        """The links above a page of the plan."""
        return (*self.way, ("Plan de financement", self.to("show")))

    @property
    def is_collective(self) -> bool:
        """Is it the plan of a collective action?"""
        return self.of.action_id is not None

    @property
    def per_person(self) -> tuple[Decimal, ...]:
        """What the plan makes for each person, in euros, the largest first; one figure where all are the same."""
        parts = per_person(self.plan.total, self.persons) if self.persons else ()
        return tuple(sorted(set(parts), reverse=True))

    @property
    def mine(self) -> list[ShareView]:
        """The reader's own shares that are no commitment yet."""
        return [each for cost in self.plan.costs for each in cost.shares if each.is_own and not each.is_committed]


def show_plan(place: Place) -> str:
    """The plan, with what would be paid twice."""
    found = [each for each in _conflicts(place) if place.steps & {each[1].one.step_id, each[1].other.step_id}]
    lifted = lifted_conflicts(business(), sorted(place.parcours))
    still = [each for each in found if (each[0], each[1].code, each[1].cause) not in lifted]
    return render_template("plan/show.html", place=place, plan=place.plan, warnings=_words(place, still))


def edit_cost(place: Place) -> Answer:
    """Say what a nature costs, or take it off the plan."""
    asked = request.args.get("nature", "")
    known = next((each for each in place.plan.costs if str(each.nature_id) == asked), None)
    form = CostForm(nature_id=known.nature_id if known else None, amount=known.amount if known else None)
    form.nature_id.choices = [(each.id, each.label) for each in item_choices(business(), "nature")]
    if request.method == "POST" and form.validate():
        try:
            set_cost(business(), place.of, form.nature_id.data, form.amount.data, by=actor(), at=g.at)
            return _saved(place, "Plan enregistré.")
        except Refusal as refusal:
            shown(form, refusal)
    return answer("plan/cost.html", form, place=place)


def edit_share(place: Place, cost_id: int) -> Answer:
    """Say what a funder takes of a cost."""
    held = place.plan.cost(cost_id)
    form = ShareForm(**filled_share(held, request.args.get("part", "")))
    form.funder_id.choices = [(each.id, each.label) for each in funder_choices(business())]

    def save() -> set[str]:
        amount, percent = form.amount.data, form.percent.data
        share = set_share(business(), cost_id, form.funder_id.data, amount=amount, percent=percent, by=actor(), at=g.at)
        return {f"share:{share.id}"}

    return _with_warnings(place, form, save, "Part enregistrée.", "plan/share.html", cost=held)


def drop_share(place: Place, share_id: int) -> Answer:
    """Take a share off the plan."""
    place.plan.share(share_id)
    try:
        remove_share(business(), share_id, by=actor(), at=g.at)
        flash("Part retirée.", "good")
    except NotFound:
        raise
    except Refusal as refusal:
        flash(refusal.message, "bad")
    return redirect(place.to("show"), 303)


def edit_instalments(place: Place, share_id: int) -> Answer:
    """Say when a share falls due."""
    held = place.plan.share(share_id)
    form, lines = instalments_form(held), instalment_lines(held)
    if request.method == "POST" and form.validate():
        try:
            set_instalments(business(), share_id, read_instalments(form, lines), by=actor(), at=g.at)
            return _saved(place, "Échéancier enregistré.")
        except Refusal as refusal:
            shown(form, refusal)
    return answer("plan/instalments.html", form, place=place, share=held, most=lines)


def commit(place: Place) -> Answer:
    """Turn one's own shares into commitments."""
    form = _commit_form(place)

    def save() -> set[str]:
        chosen = form.share_ids.data or []
        commit_shares(
            business(),
            chosen,
            Dimensions(**{name: form[name].data for name in ITEMS}),
            decided_on=day_of(form.decided_on),
            by=actor(),
            at=g.at,
            source=EntrySource.FORM,
            funder_reference=form.funder_reference.data,
        )
        return {f"share:{number}" for number in chosen}

    return _with_warnings(place, form, save, "Engagement enregistré.", "plan/commit.html", mine=place.mine)


def attach(place: Place) -> Answer:
    """Tie an engagement of one's own to the person's step."""
    form = AttachForm()

    def save() -> set[str]:
        number = own_line(business(), actor(), (form.reference.data or "").upper())
        if number is None:
            raise Refusal(
                "Votre organisme n’a pas d’engagement de cette référence.", field="reference", code="commitment"
            )
        fund_step(business(), place.of.step_id or 0, number, form.amount.data, by=actor(), at=g.at)
        return {f"commitment:{number}"}

    return _with_warnings(place, form, save, "Engagement rattaché.", "plan/attach.html")


def _with_warnings(
    place: Place, form: Any, save: Callable[[], set[str]], done: str, template: str, **context: Any
) -> Answer:
    """Save, unless what is saved brings a warning that was not read: it is then told, and rolled back with the status 422.

    `save` gives the keys of the fundings that it wrote.
    """
    warned: list[str] = []
    if request.method == "POST" and form.validate():
        try:
            keys = save()
            found = _new_conflicts(place, keys)
            digest = _digest(found, keys)
            if (form.seen.data or "") == digest:
                if form.motive.data:
                    lift_conflicts(business(), found, motive=form.motive.data, by=actor(), at=g.at)
                return _saved(place, done)
            warned, form.seen.data = _words(place, found), digest
        except Refusal as refusal:
            shown(form, refusal)
    page = render_template(template, form=form, warned=warned, place=place, **context)
    return (page, 422) if form.errors or warned else page


def _saved(place: Place, done: str) -> Answer:
    flash(done, "good")
    return redirect(place.to("show"), 303)


def _conflicts(place: Place) -> list[Found]:
    found = fundings_of(business(), sorted(place.parcours))
    return [(number, each) for number in sorted(found) for each in conflicts(found[number])]


def _new_conflicts(place: Place, keys: Collection[str]) -> list[Found]:
    """Those that the fundings of these keys take part in, but for the ones on which somebody decided."""
    business().flush()
    lifted = lifted_conflicts(business(), sorted(place.parcours))
    return [
        (number, each)
        for number, each in _conflicts(place)
        if {each.one.key, each.other.key} & set(keys) and (number, each.code, each.cause) not in lifted
    ]


def _digest(found: Sequence[Found], keys: Collection[str]) -> str:
    """What a warning says, without the number of the line being written, which is another one each time; "" for none."""
    if not found:
        return ""
    told = sorted(
        (number, each.code, *(str(line[1:]) if line.key in keys else line.key for line in (each.one, each.other)))
        for number, each in found
    )
    return sha256(repr(told).encode()).hexdigest()[:16]


def _words(place: Place, found: Sequence[Found]) -> list[str]:
    """Each conflict in one sentence: both lines, then the rule."""
    if not found:
        return []
    titles = step_titles(business(), sorted(place.parcours))
    names = {each.id: each.label for each in funder_choices(business())}
    natures = {each.code: each.label for each in item_choices(business(), "nature", with_unknown=True)}

    def line(funding: Funding) -> str:
        nature = natures.get(funding.nature, funding.nature).lower()
        step = titles.get(funding.step_id, "étape retirée")
        return f"{names.get(funding.funder_id, 'un financeur')}, {format_euros(funding.amount)} ({nature}, « {step} »)"

    said = []
    for number, each in found[:MOST_WARNINGS]:
        who = f"{place.parcours[number]} : " if place.is_collective else ""
        said.append(f"{who}{line(each.one)} et {line(each.other)}. {each.rule}")
    if (more := len(found) - MOST_WARNINGS) > 0:
        said.append(f"Et {more} autres du même ordre.")
    return said


def _commit_form(place: Place) -> CommitForm:
    today = day_in_france(g.at)
    form = CommitForm(
        share_ids=[each.id for each in place.mine],
        decided_on=today,
        audience=place.audience_id,
        territory=place.territory_id,
    )
    form.share_ids.choices = shares_to_commit(place.plan, place.mine, place.days)
    known = {"audience": place.audience_id, "territory": place.territory_id}
    for name in ITEMS:
        kept = [each for each in (known.get(name),) if each is not None]
        form[name].choices = [(each.id, each.label) for each in item_choices(business(), name, on=today, keep=kept)]
    return form
