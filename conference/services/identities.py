"""How is a person's identity kept apart, read and erased?

Each person has a key of their own; it seals the identity and is itself wrapped under the instance's. Erasing forgets the key:
what is left of the seal, in the database or in the pages that it frees, can be read by nobody. The instance's key also makes
the digest that tells two files alike, from `domain.identity.likeness_key`, without saying of whom.

The referent's organisation records and corrects; the funders of the parcours read, and each reading is noted before it is done
(`note_reading`), in the session that is kept whatever becomes of the page. The journal says « modifié », never a value.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import text
from sqlmodel import Session, col, select

from conference.data.queries.parcours import steps_of
from conference.data.tables import Identity, Parcours, Trace
from conference.domain.french import day_in_france
from conference.domain.identity import Person, age_on, believed_age, holds_nir, likeness_key, name_letters
from conference.domain.permissions import Actor
from conference.domain.refusal import Conflict, NotFound, Refusal
from conference.services.keys import cipher, derived_key
from conference.services.parcours_changes import note_change, reached

NOMINATIVE = "nominative"
"""Kind of the traces of readings that named somebody."""

LONGEST = {"family_name": 100, "given_names": 100, "phone": 40, "mail": 200, "own_identifier": 60}
LABELS = {"family_name": "le nom de famille", "given_names": "le prénom"}


def record_identity(
    session: Session, parcours_id: int, person: Person, *, instance: Path, by: Actor, at: datetime
) -> Identity:
    """Say for the first time of whom a parcours is; its steps get the person's age on their first day.

    Raises Refusal (with its field) on a missing name, an unlikely birth date or a NIR; Conflict when somebody said it already.
    """
    parcours = reached(session, parcours_id, by, "identity.edit")
    person = checked(session, parcours_id, person, at)
    row = session.get(Identity, parcours_id)
    if row is not None and row.wrapped_key:
        raise Conflict("L’identité de ce parcours est déjà enregistrée. Rechargez la page, puis corrigez-la.")
    if row is None:
        row = Identity(parcours_id=parcours_id, recorded_at=at)
    else:  # erased once: said anew, under a new key
        row.erased_at, row.version = None, row.version + 1
    row.wrapped_key = cipher(instance, "identity").encrypt(Fernet.generate_key()).decode()
    _seal(row, person, instance, by, at)
    session.add(row)
    _after(session, instance, parcours, "record_identity", {"identity": "enregistré"}, by, at)
    return row


def change_identity(
    session: Session,
    parcours_id: int,
    person: Person,
    *,
    version: int,
    motive: str,
    instance: Path,
    by: Actor,
    at: datetime,
) -> Identity:
    """Correct the identity; `motive` is a code of MOTIVES, `version` the one the form was opened with (else Conflict)."""
    parcours = reached(session, parcours_id, by, "identity.edit")
    row = session.get(Identity, parcours_id)
    if row is None or not row.wrapped_key:
        raise NotFound()
    if row.version != version:
        raise Conflict(
            "Quelqu’un a modifié cette identité pendant que vous la lisiez. Rechargez la page : elle montre l’actuelle."
        )
    if motive not in MOTIVES:
        raise Refusal("Choisissez la raison de la correction.", field="motive", code="motive")
    person = checked(session, parcours_id, person, at)
    row.version += 1
    _seal(row, person, instance, by, at)
    session.add(row)
    _after(session, instance, parcours, "change_identity", {"identity": "modifié", "motive": MOTIVES[motive]}, by, at)
    return row


MOTIVES = {"person": "demande de la personne", "typing": "erreur de saisie", "situation": "changement d’état civil"}
"""Why an identity is corrected: the right of rectification first."""


def read_identity(session: Session, parcours_id: int, *, instance: Path, by: Actor) -> Person | None:
    """Who the parcours is about; None when nobody said it or it is erased. NotFound and Forbidden as the matrix says.

    The caller has the reading noted first (`note_reading`).
    """
    reached(session, parcours_id, by, "identity.read")
    return opened(session, instance, parcours_id)


def note_reading(session: Session, *, subject: str, detail: str, persons: int, by: Actor, at: datetime) -> None:
    """Note that `by` read identities: `subject` is a pseudonym or "search", `detail` the page, never what was read."""
    session.add(
        Trace(at=at, kind=NOMINATIVE, account_id=by.account_id, subject=subject, detail=detail, person_count=persons)
    )


def erase_identity(session: Session, parcours_id: int, *, motive: str, by: Actor, at: datetime) -> None:
    """Forget who the parcours is about, for ever. Raises NotFound when there is nothing to forget, Refusal without motive."""
    parcours = reached(session, parcours_id, by, "identity.edit")
    row = session.get(Identity, parcours_id)
    if row is None or not row.wrapped_key:
        raise NotFound()
    if len(motive.split()) < 1 or holds_nir(motive):
        raise Refusal("Dites en une phrase pourquoi, sans nommer la personne.", field="motive", code="motive")
    joined = session.exec(select(Parcours.id).where(Parcours.merged_into_id == parcours_id)).all()
    forget(session, [parcours_id, *(number or 0 for number in joined)], at)
    note_change(session, parcours, "erase_identity", {"identity": "effacé"}, by=by, at=at)


def forget(session: Session, parcours_ids: Iterable[int], at: datetime) -> int:
    """Destroy the keys of these persons, for the services that have checked the reader; how many were forgotten.

    SQLite is told to write zeroes over what it frees; PostgreSQL does it at its next VACUUM.
    """
    rows = session.exec(
        select(Identity).where(col(Identity.parcours_id).in_(list(parcours_ids)), Identity.wrapped_key != "")
    ).all()
    if rows and session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete=ON"))
    for row in rows:
        row.wrapped_key = row.sealed = row.digest = ""
        row.erased_at, row.version = at, row.version + 1
        session.add(row)
    session.flush()
    return len(rows)


def opened(session: Session, instance: Path, parcours_id: int) -> Person | None:
    """The person, for the services that have checked the reader; None when nobody said it or it is erased."""
    row = session.get(Identity, parcours_id)
    return unsealed(row, instance) if row is not None and row.wrapped_key else None


def unsealed(row: Identity, instance: Path) -> Person:
    """What `row` seals. Raises InvalidToken when it is not of this instance's key."""
    told = json.loads(_key_of(row, instance).decrypt(row.sealed.encode()))
    return Person(**{**told, "birth_date": date.fromisoformat(told["birth_date"])})


def digest_of(instance: Path, family_name: str, given_names: str, birth_date: date) -> str:
    """What tells two files of one person alike in this instance: 64 hexadecimal signs, of no use without its key."""
    key = derived_key(instance, "identity digest")
    return hmac.new(key, likeness_key(family_name, given_names, birth_date).encode(), hashlib.sha256).hexdigest()


def ages_of(session: Session, instance: Path, parcours_id: int) -> dict[int, int | None]:
    """The person's age on the first day of each step, by step; empty when nobody said when they were born."""
    person = opened(session, instance, parcours_id)
    if person is None:
        return {}
    return {step.id or 0: believed_age(person.birth_date, step.first) for step in steps_of(session, parcours_id)}


def recorded_age(session: Session, instance: Path, parcours_id: int, day: date) -> int | None:
    """The person's age in whole years on that day; None when no identity says it, or it could not be believed."""
    person = opened(session, instance, parcours_id)
    return None if person is None else believed_age(person.birth_date, day)


def refresh_ages(session: Session, instance: Path, parcours_id: int) -> None:
    """Bring `age_at_entry` of every step to the recorded birth date; without one, what was typed stays.

    For whoever adds or moves a step, before `note_change`.
    """
    session.flush()
    ages = ages_of(session, instance, parcours_id)
    for step in steps_of(session, parcours_id) if ages else ():
        if step.age_at_entry != ages[step.id or 0]:
            step.age_at_entry = ages[step.id or 0]
            session.add(step)


def refuse_nir(typed: str, field: str) -> None:
    """Raise Refusal when `typed` holds a social security number."""
    if holds_nir(typed):
        raise Refusal(
            "Ce texte ressemble à un numéro de sécurité sociale. La loi interdit de le conserver ici : retirez-le.",
            field=field,
            code="nir",
        )


def checked(session: Session, parcours_id: int, person: Person, at: datetime) -> Person:
    """The person with texts without needless spaces. Raises Refusal with the field at fault."""
    texts = {name: " ".join(value.split()) for name, value in person.texts().items()}
    for name, value in texts.items():
        refuse_nir(value, name)
        if len(value) > LONGEST[name]:
            raise Refusal(f"Ce texte dépasse {LONGEST[name]} caractères.", field=name, code="too_long")
    checked_name(texts["family_name"], texts["given_names"])
    if texts["mail"] and "@" not in texts["mail"].strip("@"):
        raise Refusal("Cette adresse électronique n’est pas complète.", field="mail", code="mail")
    _check_birth(session, parcours_id, person.birth_date, day_in_france(at))
    return Person(birth_date=person.birth_date, **texts)


def checked_name(family_name: str, given_names: str) -> None:
    """Raise Refusal when one of the two holds no letter, or a social security number."""
    for name, value in (("family_name", family_name), ("given_names", given_names)):
        refuse_nir(value, name)
        if not name_letters(value):
            raise Refusal(f"Indiquez {LABELS[name]}.", field=name, code=name)


def _check_birth(session: Session, parcours_id: int, birth_date: date, today: date) -> None:
    days = [today, *(step.first for step in steps_of(session, parcours_id))]
    for day in days:
        if believed_age(birth_date, day) is None:
            when = "aujourd’hui" if day is today else "au premier jour d’une étape"
            age = age_on(birth_date, day)
            told = f"la personne aurait {age} ans {when}" if age >= 0 else f"la personne ne serait pas née {when}"
            raise Refusal(
                f"À cette date de naissance, {told}. Vérifiez l’année.", field="birth_date", code="birth_date"
            )


def _seal(row: Identity, person: Person, instance: Path, by: Actor, at: datetime) -> None:
    told = {**asdict(person), "birth_date": person.birth_date.isoformat()}
    row.sealed = _key_of(row, instance).encrypt(json.dumps(told, ensure_ascii=False).encode()).decode()
    row.digest = digest_of(instance, person.family_name, person.given_names, person.birth_date)
    row.recorded_at, row.recorded_by = at, by.account_id


def _key_of(row: Identity, instance: Path) -> Fernet:
    """Raises InvalidToken when the key is not wrapped by this instance."""
    if not row.wrapped_key:
        raise InvalidToken
    return Fernet(cipher(instance, "identity").decrypt(row.wrapped_key.encode()))


def _after(
    session: Session, instance: Path, parcours: Parcours, verb: str, told: dict[str, str], by: Actor, at: datetime
) -> None:
    assert parcours.id is not None
    refresh_ages(session, instance, parcours.id)
    note_change(session, parcours, verb, told, by=by, at=at)
