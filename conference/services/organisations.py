"""How do organisations enter the conférence, and how do they change?

Never deleted: an organisation that ends gets a last day and a successor. One that an import meets for the first time is
created *à vérifier*, for the administrator to complete.
"""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from conference.data.journal import write_journal
from conference.data.tables import AnnualBudget, Organisation
from conference.data.tables.organisation import OrganisationKind
from conference.domain.permissions import Actor, Relation, require
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.domain.siret import parse_siret

KINDS = tuple(OrganisationKind)
"""The kinds that an organisation can be of, in the order in which they are proposed."""

EDITABLE = ("name", "short_name", "kind", "siret", "is_funder", "to_check", "first", "last", "successor_id")


def add_organisation(
    session: Session,
    *,
    code: str,
    name: str,
    kind: OrganisationKind,
    by: Actor,
    at: datetime,
    short_name: str = "",
    siret: str | None = None,
    is_funder: bool = False,
    to_check: bool = False,
    first: date | None = None,
    last: date | None = None,
    successor_id: int | None = None,
) -> Organisation:
    """Create an organisation. Raises Refusal on a taken code, a wrong SIRET or dates out of order."""
    require(by, "organisation.manage", Relation.OTHER)
    organisation = Organisation(
        code=clean_code(code),
        name=name.strip(),
        short_name=(short_name or name).strip()[:60],
        kind=kind.value,
        siret=parse_siret(siret) if siret else None,
        is_funder=is_funder,
        to_check=to_check,
        first=first,
        last=last,
        successor_id=successor_id,
    )
    _check(session, organisation)
    session.add(organisation)
    session.flush()
    _journal(session, organisation, "add_organisation", {"kind": kind.value, "siret": organisation.siret}, by, at)
    return organisation


def edit_organisation(
    session: Session, organisation_id: int, *, version: int, by: Actor, at: datetime, **changes: Any
) -> Organisation:
    """Change some of EDITABLE. Raises Conflict when somebody else changed it since `version`."""
    require(by, "organisation.manage", Relation.OTHER)
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound()
    if organisation.version != version:
        raise Conflict("Cet organisme a été modifié par quelqu’un d’autre. Relisez-le, puis recommencez.")
    told: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in EDITABLE:
            raise ValueError(f"{name} is not editable")
        value = parse_siret(value) if name == "siret" and value else (value or None if name == "siret" else value)
        value = value.value if isinstance(value, OrganisationKind) else value
        if getattr(organisation, name) != value:
            told[name] = [getattr(organisation, name), value]
            setattr(organisation, name, value)
    _check(session, organisation)
    organisation.version += 1
    session.add(organisation)
    session.flush()
    _journal(session, organisation, "edit_organisation", told, by, at)
    return organisation


def set_confirmation_threshold(
    session: Session, organisation_id: int, *, threshold: Decimal | None, by: Actor, at: datetime
) -> Organisation:
    """Amount in euros above which a commitment of this funder needs a second person; None: no threshold."""
    require(by, "threshold.edit", by.relation_to(organisation_id))
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound()
    if threshold is not None and threshold <= 0:
        raise Refusal("Le seuil doit être supérieur à zéro, ou rester vide.", field="confirmation_threshold")
    told = {"confirmation_threshold": [organisation.confirmation_threshold, threshold]}
    organisation.confirmation_threshold = threshold
    organisation.version += 1
    session.add(organisation)
    _journal(session, organisation, "set_confirmation_threshold", told, by, at)
    return organisation


def set_budget(
    session: Session, funder_id: int, *, year: int, amount: Decimal, by: Actor, at: datetime
) -> AnnualBudget:
    """Record the budget of a funder for a year, in euros; it is shown, never enforced."""
    require(by, "budget.edit", by.relation_to(funder_id))
    if amount < 0:
        raise Refusal("Le budget ne peut pas être négatif.", field="amount", code="annual_budget_amount_not_negative")
    if not 1950 <= year <= 2100:
        raise Refusal("L’année va de 1950 à 2100.", field="year", code="annual_budget_year_known")
    organisation = session.get(Organisation, funder_id)
    if organisation is None:
        raise NotFound()
    query = select(AnnualBudget).where(AnnualBudget.funder_id == funder_id, AnnualBudget.year == year)
    budget = session.exec(query).first() or AnnualBudget(funder_id=funder_id, year=year, amount=amount)
    told = {"year": year, "amount": [budget.amount if budget.id else None, amount]}
    budget.amount = amount
    session.add(budget)
    session.flush()
    _journal(session, organisation, "set_budget", told, by, at)
    return budget


def free_code(session: Session, name: str) -> str:
    """A code made from `name` that no organisation has yet."""
    stem = clean_code(name) or "organisme"
    taken = set(session.exec(select(Organisation.code)))
    if stem not in taken:
        return stem
    number = next(n for n in range(2, len(taken) + 3) if f"{stem[:56]}_{n}" not in taken)
    return f"{stem[:56]}_{number}"


def clean_code(text: str) -> str:
    """Lower-case ASCII letters, digits and underscores, at most 60 of them."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60].strip("_")


def _check(session: Session, organisation: Organisation) -> None:
    if not organisation.name:
        raise Refusal("Indiquez le nom de l’organisme.", field="name", code="name")
    if not organisation.code:
        raise Refusal("Indiquez un code en lettres et chiffres, par exemple « region ».", field="code", code="code")
    if organisation.first and organisation.last and organisation.last < organisation.first:
        raise Refusal("La date de fin précède la date de début. Corrigez l’une des deux.", field="last", code="dates")
    same = session.exec(select(Organisation.id).where(Organisation.code == organisation.code)).first()
    if same is not None and same != organisation.id:
        raise Refusal(
            "Ce code d’organisme existe déjà. Choisissez-en un autre.", field="code", code="organisation_code"
        )
    _refuse_successor_loop(session, organisation)


def _refuse_successor_loop(session: Session, organisation: Organisation) -> None:
    seen: set[int] = set()
    following = organisation.successor_id
    while following is not None:
        if following == organisation.id or following in seen:
            raise Refusal(
                "Un organisme ne peut pas se succéder à lui-même, même par un autre.",
                field="successor_id",
                code="successor",
            )
        seen.add(following)
        heir = session.get(Organisation, following)
        if heir is None:
            raise Refusal("Choisissez un successeur de la liste.", field="successor_id", code="successor")
        following = heir.successor_id


def _journal(
    session: Session, organisation: Organisation, verb: str, changes: dict[str, Any], by: Actor, at: datetime
) -> None:
    write_journal(
        session,
        by=by,
        at=at,
        verb=verb,
        object_kind="organisation",
        object_id=organisation.id,
        object_label=organisation.code,
        changes=changes,
    )
