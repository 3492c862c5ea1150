"""The addresses of the financing plan of a person's step; how they answer is said in `plan_pages`."""

from flask import Blueprint, url_for

from conference.data.queries.plans import plan_summary
from conference.domain.period import Period
from conference.services.plans import PlanOf
from conference.web import plan_pages
from conference.web.access import actor, right
from conference.web.parcours import Answer, reached
from conference.web.plan_pages import Place
from conference.web.transaction import business

pages = Blueprint("plan", __name__)
PLAN = "/parcours/<int:parcours_id>/etape/<int:step_id>/plan"


@pages.get(PLAN)
@right("parcours.list")
def show(parcours_id: int, step_id: int) -> str:
    """The plan of a step."""
    return plan_pages.show_plan(_place(parcours_id, step_id))


@pages.route(f"{PLAN}/cout", methods=["GET", "POST"])
@right("plan.edit")
def cost(parcours_id: int, step_id: int) -> Answer:
    """Say what a nature costs, or take it off the plan."""
    return plan_pages.edit_cost(_place(parcours_id, step_id))


@pages.route(f"{PLAN}/part/<int:cost_id>", methods=["GET", "POST"])
@right("plan.edit")
def share(parcours_id: int, step_id: int, cost_id: int) -> Answer:
    """Say what a funder takes of a cost."""
    return plan_pages.edit_share(_place(parcours_id, step_id), cost_id)


@pages.post(f"{PLAN}/part/<int:share_id>/retirer")
@right("plan.edit")
def drop_share(parcours_id: int, step_id: int, share_id: int) -> Answer:
    """Take a share off the plan."""
    return plan_pages.drop_share(_place(parcours_id, step_id), share_id)


@pages.route(f"{PLAN}/echeances/<int:share_id>", methods=["GET", "POST"])
@right("plan.edit")
def instalments(parcours_id: int, step_id: int, share_id: int) -> Answer:
    """Say when a share falls due."""
    return plan_pages.edit_instalments(_place(parcours_id, step_id), share_id)


@pages.route(f"{PLAN}/engager", methods=["GET", "POST"])
@right("plan.edit")
def commit(parcours_id: int, step_id: int) -> Answer:
    """Turn one's own shares into commitments."""
    return plan_pages.commit(_place(parcours_id, step_id))


@pages.route(f"{PLAN}/rattacher", methods=["GET", "POST"])
@right("plan.edit")
def attach(parcours_id: int, step_id: int) -> Answer:
    """Tie an engagement of one's own to the step."""
    return plan_pages.attach(_place(parcours_id, step_id))


def _place(parcours_id: int, step_id: int) -> Place:
    """The step before its form is read, so that a foreign one answers 404 whatever was sent."""
    parcours = reached(parcours_id)
    step = parcours.step(step_id)
    way = (
        ("Parcours", url_for("parcours.show_list")),
        (parcours.pseudonym, url_for("parcours.show", parcours_id=parcours_id)),
    )
    return Place(
        of=PlanOf(step_id),
        plan=plan_summary(business(), actor(), parcours_id)[step_id],
        title=step.title,
        heading=f"parcours {parcours.pseudonym}",
        days=Period(step.first, step.last),
        way=way,
        parcours={parcours_id: parcours.pseudonym},
        steps=frozenset({step_id}),
        may_edit=parcours.may_edit,
        room="plan",
        ids={"parcours_id": parcours_id, "step_id": step_id},
        audience_id=parcours.situation["audience_id"],
        territory_id=parcours.situation["territory_id"],
    )
