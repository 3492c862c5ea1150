"""How is a parcours opened, and how is the person's situation told?

A parcours has no name on it: a pseudonym numbered without holes. What the rules ask of the person (`Situation`) is told in a
form that starts from it; what nobody said stays None. Its steps, rights and results are verbs of `steps`, `income_rights` and
`step_results`; what every change does is said in `parcours_changes`.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlmodel import Session

from conference.data.journal import write_journal
from conference.data.tables import Audience, Parcours, Territory
from conference.domain.french import day_in_france
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.permissions import Actor, require
from conference.domain.refusal import Conflict, Refusal
from conference.services.numbering import take_numbers
from conference.services.parcours_changes import note_change, reached


@dataclass(frozen=True)
class Situation:
    """What is known of a person's situation: where they live, which audience they belong to, and what the rules ask.

    `no_benefit`: no allowance at entry; `worked_6_of_12`: 6 months of work in 12, or 12 in 24, before it; `own_reference`: the
    referent's own file number.
    """

    territory_id: int | None = None
    audience_id: int | None = None
    disabled: bool | None = None
    no_benefit: bool | None = None
    worked_6_of_12: bool | None = None
    single_parent: bool | None = None
    own_reference: str | None = None
    import_file_id: int | None = None
    source_sheet: str | None = None
    source_row: int | None = None


UNTOLD = Situation()
_TOLD = ("territory_id", "audience_id")
"""What the journal keeps the value of; of the rest it says « modifié »."""


def open_parcours(
    session: Session,
    *,
    referent_id: int,
    kind: ParcoursKind,
    key_situation: KeySituation,
    by: Actor,
    at: datetime,
    target: str = "",
    situation: Situation = UNTOLD,
) -> Parcours:
    """Open a parcours followed by the organisation `referent_id`. Raises Forbidden when `by` does not act for it."""
    require(by, "parcours.create", by.relation_to(referent_id))
    check_situation(session, situation)
    year = day_in_france(at).year
    [number] = take_numbers(session, f"parcours-{year}")
    parcours = Parcours(
        pseudonym=f"P-{year}-{number:06d}",
        kind=kind.value,
        key_situation=key_situation.value,
        target=target.strip(),
        referent_id=referent_id,
        created_at=at,
        **{each.name: getattr(situation, each.name) for each in fields(situation)},
    )
    session.add(parcours)
    session.flush()
    write_journal(
        session,
        by=by,
        at=at,
        verb="open_parcours",
        object_kind="parcours",
        object_id=parcours.id,
        object_label=parcours.pseudonym,
        changes={"kind": kind.value, "key_situation": key_situation.value},
    )
    return parcours


def change_parcours(
    session: Session,
    parcours_id: int,
    *,
    kind: ParcoursKind,
    key_situation: KeySituation,
    target: str,
    situation: Situation,
    version: int,
    by: Actor,
    at: datetime,
) -> Parcours:
    """Write what is now known of a person's situation. Raises Conflict when the parcours changed since `version`."""
    parcours = reached(session, parcours_id, by, "parcours.edit")
    if parcours.version != version:
        raise Conflict(
            "Quelqu’un a modifié ce parcours pendant que vous le lisiez. Rechargez la page : elle montre l’état actuel."
        )
    check_situation(session, situation)
    names = [each.name for each in fields(situation) if not each.name.startswith(("import", "source"))]
    after: dict[str, Any] = {"kind": kind.value, "key_situation": key_situation.value, "target": target.strip()}
    after |= {name: getattr(situation, name) for name in names}
    told: dict[str, Any] = {}
    for name, value in after.items():
        before = getattr(parcours, name)
        if before != value:
            setattr(parcours, name, value)
            told[name] = [before, value] if name in ("kind", "key_situation", *_TOLD) else "modifié"
    if told:
        note_change(session, parcours, "change_parcours", told, by=by, at=at)
    return parcours


def check_situation(session: Session, situation: Situation) -> None:
    """Raises Refusal when the territory or the audience is no item of its list."""
    if situation.territory_id is not None and session.get(Territory, situation.territory_id) is None:
        raise Refusal("Choisissez un territoire de la liste.", field="territory_id", code="territory")
    if situation.audience_id is not None and session.get(Audience, situation.audience_id) is None:
        raise Refusal("Choisissez un public de la liste.", field="audience_id", code="audience")
