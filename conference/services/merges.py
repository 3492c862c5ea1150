"""How do two files of one person become one, and two again?

A likeness is only told (SEMANTICS §4): whoever follows one of the two parcours asks, whoever follows the other agrees or
refuses, knowing no more than that until then. Then what belongs to the person moves to the parcours that is kept: steps with
their funders, plans, results and fundings, rights, handoffs, files. The other keeps its pseudonym, which leads to the kept,
its referent, who goes on reading, and its sealed identity, so that either of the two may undo: what moved goes back, with what
was added to it since, and what was recorded anew stays with the kept one. A parcours that others were joined to is not joined
to a third: every pseudonym is one step away from its parcours.

The sender's own references are given the pseudonym they came with, since two funders may both have a step « 1 ».
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, or_, select

from conference.data.tables import Attachment, Handoff, Identity, IncomeRight, Parcours, ParcoursMerge, Step
from conference.domain.handoff import HandoffStatus
from conference.domain.permissions import Actor, Relation, is_granted
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.identities import refuse_nir
from conference.services.keys import derived_key
from conference.services.parcours_changes import note_change, reached

FACTS = ("territory_id", "audience_id", "disabled", "no_benefit", "worked_6_of_12", "single_parent")
"""What the kept parcours takes from the other where it does not know."""
LONGEST_REFERENCE = 120
_LIVE = tuple(each.value for each in (HandoffStatus.DRAFT, HandoffStatus.PROPOSED, HandoffStatus.ACCEPTED))
_ROWS: tuple[tuple[str, type[Step] | type[IncomeRight]], ...] = (("steps", Step), ("rights", IncomeRight))
Moved = dict[str, Any]


def likeness_token(instance: Path, parcours_id: int, other_id: int) -> str:
    """What names, in a form of `parcours_id`, another parcours whose number its reader may not know."""
    key = derived_key(instance, "likeness")
    return hmac.new(key, f"{parcours_id}-{other_id}".encode(), hashlib.sha256).hexdigest()[:24]


def ask_merge(
    session: Session, parcours_id: int, token: str, *, keep_mine: bool, instance: Path, by: Actor, at: datetime
) -> ParcoursMerge:
    """Ask the referent of a similar parcours to join both into `parcours_id` (`keep_mine`) or into theirs.

    When one organisation follows both, they are joined at once. Raises Refusal when they are not alike or cannot be joined,
    Conflict when it was asked already, NotFound or Forbidden as the matrix says.
    """
    mine = reached(session, parcours_id, by, "parcours.merge")
    other = _alike(session, mine, token, instance)
    kept, merged = (mine, other) if keep_mine else (other, mine)
    _refuse_chain(session, merged)
    row = ParcoursMerge(
        kept_id=kept.id or 0,
        merged_id=merged.id or 0,
        asked_by_id=mine.referent_id,
        answered_by_id=other.referent_id,
        asked_at=at,
    )
    session.add(row)
    session.flush()
    _note_both(session, row, "ask_merge", by, at)
    return (
        answer_merge(session, row.id or 0, agrees=True, by=by, at=at) if mine.referent_id == other.referent_id else row
    )


def answer_merge(
    session: Session, merge_id: int, *, agrees: bool, motive: str = "", by: Actor, at: datetime
) -> ParcoursMerge:
    """Agree, and what belongs to the person moves; or refuse, with a motive. Conflict when it is answered already."""
    row = _own_merge(session, merge_id, by, ("answered_by_id",))
    _expect(row, "asked")
    row.motive, row.answered_at = _motive(motive) if motive or not agrees else "", at
    row.status = "agreed" if agrees else "refused"
    if agrees:
        row.moved = json.dumps(_join(session, row), sort_keys=True)
    session.add(row)
    session.flush()
    _note_both(session, row, "agree_merge" if agrees else "refuse_merge", by, at)
    return row


def withdraw_merge(session: Session, merge_id: int, *, by: Actor, at: datetime) -> ParcoursMerge:
    """Take back what one asked, before it is answered."""
    row = _own_merge(session, merge_id, by, ("asked_by_id",))
    _expect(row, "asked")
    row.status, row.answered_at = "withdrawn", at
    session.add(row)
    _note_both(session, row, "withdraw_merge", by, at)
    return row


def undo_merge(session: Session, merge_id: int, *, motive: str, by: Actor, at: datetime) -> ParcoursMerge:
    """Make two parcours of one again: what moved goes back, with what was added to it since.

    Either referent may. Raises Refusal when a handoff made since leads from a step of the one to a step of the other, or when
    the parcours was anonymised; Conflict when it is undone already.
    """
    row = _own_merge(session, merge_id, by, ("asked_by_id", "answered_by_id"))
    _expect(row, "agreed")
    row.motive, row.status, row.undone_at = _motive(motive), "undone", at
    _part(session, row)
    session.add(row)
    session.flush()
    _note_both(session, row, "undo_merge", by, at)
    return row


def merged_into(session: Session, parcours_id: int) -> list[int]:
    """Identifiers of the parcours that were joined to this one."""
    query = select(Parcours.id).where(Parcours.merged_into_id == parcours_id).order_by(col(Parcours.id))
    return [number or 0 for number in session.exec(query)]


def _alike(session: Session, mine: Parcours, token: str, instance: Path) -> Parcours:
    """The parcours that `token` names among those of a similar person."""
    assert mine.id is not None
    own = session.get(Identity, mine.id)
    if own is None or not own.digest:
        raise Refusal("Enregistrez d’abord l’identité de ce parcours : elle seule dit qu’un autre lui ressemble.")
    query = select(Identity.parcours_id).where(Identity.digest == own.digest, Identity.parcours_id != mine.id)
    for other_id in session.exec(query):
        if hmac.compare_digest(likeness_token(instance, mine.id, other_id).encode(), token.encode()):
            other = session.get_one(Parcours, other_id)
            _refuse_gone(mine, other)
            _refuse_asked(session, mine.id, other_id)
            return other
    raise Refusal("Choisissez le parcours d’une personne semblable.", field="other", code="not_alike")


def _refuse_gone(*both: Parcours) -> None:
    for parcours in both:
        if parcours.merged_into_id is not None or parcours.anonymised_at is not None:
            raise Refusal("L’un des deux parcours est déjà réuni à un autre, ou anonymisé.", field="other", code="gone")


def _refuse_asked(session: Session, one: int, other: int) -> None:
    pairs = or_(
        (col(ParcoursMerge.kept_id) == one) & (col(ParcoursMerge.merged_id) == other),
        (col(ParcoursMerge.kept_id) == other) & (col(ParcoursMerge.merged_id) == one),
    )
    if session.exec(select(ParcoursMerge.id).where(ParcoursMerge.status == "asked", pairs)).first() is not None:
        raise Conflict("La réunion de ces deux parcours est déjà demandée. Elle attend une réponse.")


def _refuse_chain(session: Session, merged: Parcours) -> None:
    if merged.id is not None and merged_into(session, merged.id):
        raise Refusal(
            "Le parcours qui disparaîtrait en a déjà reçu un autre. Gardez celui-là, ou défaites d’abord l’autre réunion.",
            field="keep",
            code="chain",
        )


def _own_merge(session: Session, merge_id: int, by: Actor, sides: Sequence[str]) -> ParcoursMerge:
    """The merge when `by` acts for one of these sides, else NotFound: it is nobody else's business."""
    row = session.get(ParcoursMerge, merge_id)
    relations = {by.relation_to(getattr(row, side)) for side in sides} if row is not None else set()
    if row is None or not (Relation.OWN in relations and is_granted(by, "parcours.merge", Relation.OWN)):
        raise NotFound()
    return row


def _expect(row: ParcoursMerge, status: str) -> None:
    if row.status != status:
        raise Conflict("Cette demande a changé d’état depuis que vous l’avez lue. Rechargez la page.")


def _motive(text: str) -> str:
    motive = " ".join(text.split())
    if not motive:
        raise Refusal("Dites en une phrase pourquoi, sans nommer la personne.", field="motive", code="motive")
    if len(motive) > 500:
        raise Refusal("Ce motif dépasse 500 caractères.", field="motive", code="motive")
    refuse_nir(motive, "motive")
    return motive


def _join(session: Session, row: ParcoursMerge) -> Moved:
    """Move what belongs to the person to the kept parcours; what moved."""
    kept, merged = session.get_one(Parcours, row.kept_id), session.get_one(Parcours, row.merged_id)
    _refuse_gone(kept, merged)
    _refuse_chain(session, merged)
    moved: Moved = {name: [] for name, _ in _ROWS}
    for name, each in _belongings(session, row.merged_id):
        moved[name].append([each.id, each.own_reference])
        each.parcours_id, each.own_reference = row.kept_id, reference_in_kept(each.own_reference, merged)
        session.add(each)
    moved["handoffs"] = _carry(session, _handoffs_of(session, row.merged_id), "parcours_id", row.kept_id)
    moved["attachments"] = _carry(session, _files_of(session, row.merged_id), "object_id", row.kept_id)
    moved["facts"] = {name: getattr(merged, name) for name in FACTS if getattr(kept, name) is None}
    for name, value in moved["facts"].items():
        setattr(kept, name, value)
    merged.merged_into_id = kept.id
    session.add_all([kept, merged])
    return moved


def _belongings(session: Session, parcours_id: int) -> list[tuple[str, Step | IncomeRight]]:
    """Steps and rights, those that were withdrawn too."""
    steps = session.exec(select(Step).where(Step.parcours_id == parcours_id).order_by(col(Step.id)))
    rights = session.exec(
        select(IncomeRight).where(IncomeRight.parcours_id == parcours_id).order_by(col(IncomeRight.id))
    )
    return [*(("steps", each) for each in steps), *(("rights", each) for each in rights)]


def _part(session: Session, row: ParcoursMerge) -> None:
    """Move back what moved, with the handoffs and files that were added to it since."""
    kept, merged = session.get_one(Parcours, row.kept_id), session.get_one(Parcours, row.merged_id)
    if kept.anonymised_at is not None:
        raise Refusal("Le parcours est anonymisé : la réunion ne peut plus être défaite.", code="anonymised")
    moved: Moved = json.loads(row.moved)
    steps = {number for number, _ in moved["steps"]}
    handoffs = _handoffs_back(session, row, moved, steps)
    for name, table in _ROWS:
        for number, reference in moved[name]:
            each = session.get_one(table, number)
            each.parcours_id = row.merged_id
            if each.own_reference == reference_in_kept(reference, merged):
                each.own_reference = reference
            session.add(each)
    _carry(session, handoffs, "parcours_id", row.merged_id)
    files = [file for file in _files_of(session, row.kept_id) if file.id in moved["attachments"]]
    _carry(session, files, "object_id", row.merged_id)
    for name, value in moved["facts"].items():
        if value is not None and getattr(kept, name) == value:
            setattr(kept, name, None)
    merged.merged_into_id = None
    session.add_all([kept, merged])


def _handoffs_back(session: Session, row: ParcoursMerge, moved: Moved, steps: set[int]) -> list[Handoff]:
    """The handoffs that go back: those that moved and those that leave a step that moved."""
    back = []
    for handoff in _handoffs_of(session, row.kept_id):
        goes = handoff.from_step_id in steps
        ties = handoff.to_step_id is not None and (handoff.to_step_id in steps) != goes
        if ties and handoff.status in _LIVE:
            raise Refusal(
                f"Depuis la réunion, le relais {handoff.reference} mène d’une étape de l’un à une étape de l’autre. "
                "Retirez-le s’il n’est pas répondu ; s’il est accepté, les deux parcours restent réunis.",
                code="tied",
            )
        if goes or handoff.id in moved["handoffs"]:
            back.append(handoff)
    return back


def _handoffs_of(session: Session, parcours_id: int) -> list[Handoff]:
    return list(session.exec(select(Handoff).where(Handoff.parcours_id == parcours_id).order_by(col(Handoff.id))))


def _files_of(session: Session, parcours_id: int) -> list[Attachment]:
    query = select(Attachment).where(Attachment.object_kind == "parcours", Attachment.object_id == parcours_id)
    return list(session.exec(query.order_by(col(Attachment.id))))


def _carry(session: Session, rows: Sequence[Handoff] | Sequence[Attachment], column: str, to: int) -> list[int]:
    for each in rows:
        setattr(each, column, to)
        session.add(each)
    return [each.id or 0 for each in rows]


def reference_in_kept(reference: str | None, merged: Parcours) -> str | None:
    """A sender's own reference as the kept parcours holds it, so that it is no other sender's."""
    if reference is None:
        return None
    whole = f"{merged.pseudonym}/{reference}"
    if len(whole) <= LONGEST_REFERENCE:
        return whole
    return f"{merged.pseudonym}/{hashlib.sha256(reference.encode()).hexdigest()}"


def _note_both(session: Session, row: ParcoursMerge, verb: str, by: Actor, at: datetime) -> None:
    told = {"merge": row.id, "kept": row.kept_id, "merged": row.merged_id}
    for parcours_id in (row.kept_id, row.merged_id):
        note_change(session, session.get_one(Parcours, parcours_id), verb, dict(told), by=by, at=at)
