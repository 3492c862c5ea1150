"""The addresses of the financing plan of a collective action; how they answer is said in `plan_pages`.

Who does not see the plan is told that it does not exist: only the owner and who has a share of it read what the action costs.
"""

from flask import Blueprint, current_app, url_for

from conference.data.queries.collective_actions import action_view
from conference.data.queries.plans import plan_of_action
from conference.domain.period import Period
from conference.domain.refusal import NotFound
from conference.services.plans import PlanOf
from conference.web import plan_pages
from conference.web.access import actor, right
from conference.web.parcours import Answer
from conference.web.plan_pages import Place
from conference.web.transaction import business

pages = Blueprint("action_plan", __name__)
PLAN = "/actions/<int:action_id>/plan"


@pages.get(PLAN)
@right("action.list")
def show(action_id: int) -> str:
    """The plan of an action."""
    return plan_pages.show_plan(_place(action_id))


@pages.route(f"{PLAN}/cout", methods=["GET", "POST"])
@right("plan.edit")
def cost(action_id: int) -> Answer:
    """Say what a nature costs, or take it off the plan."""
    return plan_pages.edit_cost(_place(action_id))


@pages.route(f"{PLAN}/part/<int:cost_id>", methods=["GET", "POST"])
@right("plan.edit")
def share(action_id: int, cost_id: int) -> Answer:
    """Say what a funder takes of a cost."""
    return plan_pages.edit_share(_place(action_id), cost_id)


@pages.post(f"{PLAN}/part/<int:share_id>/retirer")
@right("plan.edit")
def drop_share(action_id: int, share_id: int) -> Answer:
    """Take a share off the plan."""
    return plan_pages.drop_share(_place(action_id), share_id)


@pages.route(f"{PLAN}/echeances/<int:share_id>", methods=["GET", "POST"])
@right("plan.edit")
def instalments(action_id: int, share_id: int) -> Answer:
    """Say when a share falls due."""
    return plan_pages.edit_instalments(_place(action_id), share_id)


@pages.route(f"{PLAN}/engager", methods=["GET", "POST"])
@right("plan.edit")
def commit(action_id: int) -> Answer:
    """Turn one's own shares into commitments, one a nature, each shared between the persons."""
    return plan_pages.commit(_place(action_id))


def _place(action_id: int) -> Place:
    """The action before its form is read, so that a foreign one answers 404 whatever was sent."""
    action = action_view(business(), actor(), action_id, threshold=current_app.extensions["settings"].persons_threshold)
    if not action.sees_plan:
        raise NotFound()
    return Place(
        of=PlanOf(action_id=action_id),
        plan=plan_of_action(business(), actor(), action_id),
        title=action.title,
        heading="action collective",
        days=Period(action.facts["first"], action.facts["last"]),
        way=(
            ("Actions collectives", url_for("action.show_list")),
            ("L’action", url_for("action.show", action_id=action_id)),
        ),
        parcours={person.parcours_id: person.pseudonym for person in action.people},
        steps=frozenset(person.step_id for person in action.people),
        may_edit=action.may_plan,
        room="action_plan",
        ids={"action_id": action_id},
        persons=action.persons or 0,
    )
