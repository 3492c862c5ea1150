"""Whom does an officer mean by « Nom ou SIRET du prestataire »?

A SIRET names its establishment; a name, the one organisation that bears it, accents and case aside. What is not known
yet is created *à vérifier*, for the administrator to complete: an officer in a hurry is never stopped by a list. What
could be several is asked, never guessed. Forms and imports ask here.
"""

import re
from datetime import datetime

from sqlmodel import Session, col, select

from conference.data.journal import write_journal
from conference.data.tables import Organisation
from conference.data.tables.organisation import OrganisationKind
from conference.domain.permissions import Actor, is_granted_somewhere
from conference.domain.refusal import Forbidden, Refusal
from conference.domain.siret import parse_siret
from conference.services.organisations import clean_code, free_code

FIELD = "provider"
_DIGITS = re.compile(r"(?:[0-9][\s\u00a0\u202f.]*){9,}")
LISTED = 5


def find_or_add_provider(session: Session, text: str, *, by: Actor, at: datetime) -> Organisation | None:
    """The organisation meant by `text`: a SIRET, a name, or both (« Greta du Littoral 19860001100017 »); None: blank.

    An unknown name, with or without SIRET, is created `to_check`. Raises Refusal (field `provider`) on a wrong SIRET, on
    an unknown SIRET without a name, and on a name that several organisations bear.
    """
    if not (is_granted_somewhere(by, "commitment.create") or is_granted_somewhere(by, "import.run")):
        raise Forbidden()
    typed = " ".join(text.split())
    if not typed:
        return None
    found = _DIGITS.search(typed)
    name = (typed[: found.start()] + typed[found.end() :]).strip(" ,;:()-–") if found else typed
    if found:
        return _by_siret(session, _siret(found[0]), name) or _add(session, name, _siret(found[0]), by, at)
    return _by_name(session, typed) or _add(session, typed, None, by, at)


def _siret(text: str) -> str:
    try:
        return parse_siret(text)
    except Refusal as refusal:
        raise Refusal(refusal.message, field=FIELD, code=refusal.code) from None


def _by_siret(session: Session, siret: str, name: str) -> Organisation | None:
    rows = session.exec(select(Organisation).where(Organisation.siret == siret).order_by(col(Organisation.id))).all()
    if len(rows) > 1:
        _refuse_several(siret, [row for row in rows if clean_code(row.name) == clean_code(name)] or list(rows))
    if not rows and not name:
        raise Refusal(
            f"Le SIRET {siret} n’est pas encore connu. Écrivez aussi le nom : « Nom du prestataire {siret} ».",
            field=FIELD,
            code="provider_unknown",
        )
    return rows[0] if rows else None


def _by_name(session: Session, name: str) -> Organisation | None:
    wanted = clean_code(name)
    rows = session.exec(select(Organisation).order_by(col(Organisation.id))).all()
    same = [row for row in rows if wanted in (clean_code(row.name), clean_code(row.short_name))]
    if len(same) > 1:
        _refuse_several(name, same)
    return same[0] if same else None


def _refuse_several(text: str, rows: list[Organisation]) -> None:
    shown = " ; ".join(f"{row.name} ({row.siret or 'sans SIRET'})" for row in rows[:LISTED])
    raise Refusal(
        f"« {text} » désigne plusieurs organismes : {shown}. Écrivez le SIRET de celui que vous voulez.",
        field=FIELD,
        code="provider_ambiguous",
    )


def _add(session: Session, name: str, siret: str | None, by: Actor, at: datetime) -> Organisation:
    if len(name) > 200:
        raise Refusal("Ce nom est trop long : 200 caractères au plus.", field=FIELD, code="name")
    if not re.search(r"[^\W\d_]", name):
        raise Refusal(f"« {name} » n’est ni un nom ni un SIRET de 14 chiffres.", field=FIELD, code="provider_unknown")
    organisation = Organisation(
        code=free_code(session, name),
        name=name,
        short_name=name[:60],
        kind=OrganisationKind.PROVIDER.value,
        siret=siret,
        to_check=True,
    )
    session.add(organisation)
    session.flush()
    write_journal(
        session,
        by=by,
        at=at,
        verb="add_provider",
        object_kind="organisation",
        object_id=organisation.id,
        object_label=organisation.code,
        changes={"siret": siret, "to_check": True},
    )
    return organisation
