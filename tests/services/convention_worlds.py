"""Conventions in force for the tests of their money: rows as the signature leaves them, without the time that texts take."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session

from conference.data.tables import (
    Convention,
    ConventionFile,
    ConventionIncome,
    ConventionInstalment,
    ConventionParty,
    ConventionShare,
    ConventionVersion,
    Nature,
    Signatory,
    Signature,
)
from conference.services.convention_balances import in_force_version
from conference.services.convention_money import set_ceiling
from conference.services.files import keep_file
from conference.services.instalments import pay_instalment
from conference.services.numbering import take_numbers
from tests.seeds import AT, World, commit

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def signed_convention(
    session: Session,
    world: World,
    ceiling: str | None = "50000",
    *,
    parties: tuple[str, ...] = ("region", "opco"),
    status: str = "active",
    number: str = "C-2026-001",
    kind: str = "co_funding",
    first: date = FIRST,
    last: date = LAST,
    **version: Any,
) -> int:
    """A signed convention between `parties`, the first its owner; its identifier."""
    convention = Convention(number=number, kind=kind, status=status, owner_id=world[parties[0]], created_at=AT)
    session.add(convention)
    session.flush()
    add_version(session, world, convention.id or 0, ceiling, parties=parties, first=first, last=last, **version)
    set_ceiling(session, convention.id or 0, None if ceiling is None else Decimal(ceiling))
    return convention.id or 0


def add_version(
    session: Session,
    world: World,
    convention_id: int,
    ceiling: str | None,
    *,
    rank: int = 0,
    parties: tuple[str, ...] = ("region", "opco"),
    first: date = FIRST,
    last: date = LAST,
    at: datetime = AT,
    **version: Any,
) -> int:
    """A signed version in force; its identifier."""
    row = ConventionVersion(
        convention_id=convention_id,
        rank=rank,
        status="signed",
        title="Convention d’essai",
        first=first,
        last=last,
        ceiling=None if ceiling is None else Decimal(ceiling),
        created_at=at,
        in_force=True,
        frozen_at=at,
        fingerprint="0" * 64,
        file_sha256="0" * 64,
        signed_on=date(2026, 1, 5),
        **version,
    )
    session.add(row)
    session.flush()
    for place, code in enumerate(parties, start=1):
        session.add(ConventionParty(version_id=row.id or 0, organisation_id=world[code], rank=place, role="funder"))
    session.flush()
    return row.id or 0


def add_instalment(
    session: Session, world: World, version_id: int, key: int, who: str, due_on: date, amount: str
) -> None:
    """A payment of the schedule."""
    kind = "advance" if key == 1 else "balance"
    told = {"organisation_id": world[who], "kind": kind, "due_on": due_on, "amount": Decimal(amount)}
    session.add(ConventionInstalment(version_id=version_id, key=key, **told))
    session.flush()


def add_share(session: Session, world: World, version_id: int, who: str, year: int, amount: str) -> None:
    """What a party puts in for a year, of the first nature of the list."""
    nature = session.get_one(Nature, 1)
    told = {"organisation_id": world[who], "year": year, "nature_id": nature.id, "amount": Decimal(amount)}
    session.add(ConventionShare(version_id=version_id, **told))
    session.flush()


def add_income(session: Session, version_id: int, payer_id: int, **told: Any) -> None:
    """Whose days the version pays."""
    session.add(ConventionIncome(version_id=version_id, payer_id=payer_id, **told))
    session.flush()


def version_of(session: Session, convention_id: int) -> int:
    """The version in force."""
    found = in_force_version(session, convention_id)
    assert found is not None
    return found.id or 0


def whole_convention(session: Session, world: World, instance: Path) -> int:
    """A convention of 1,000.00 with everything that `verify` looks at: number, plan, schedule, text, signatures, a commitment
    and a payment of its first instalment."""
    [number] = take_numbers(session, "convention-2026")
    convention_id = signed_convention(session, world, "1000", number=f"C-2026-{number:03d}")
    version = session.get_one(ConventionVersion, version_of(session, convention_id))
    version.file_sha256 = keep_file(instance, b"a text that was signed")
    told = {"filename": "C-2026-001.pdf", "media_type": "application/pdf", "size": 22, "sha256": version.file_sha256}
    file = ConventionFile(convention_id=convention_id, version_id=version.id, kind="text", added_at=AT, **told)
    session.add(file)
    for place, (who, amount) in enumerate((("region", "600"), ("opco", "400")), start=1):
        add_share(session, world, version.id or 0, who, 2026, amount)
        add_instalment(session, world, version.id or 0, place, who, date(2026, 3, 1), amount)
        signatory = Signatory(version_id=version.id or 0, organisation_id=world[who], rank=place, name="Signataire")
        session.add(signatory)
        session.flush()
        day = version.signed_on or FIRST
        proof = {"means": "paper", "signed_on": day, "file_id": file.id or 0, "recorded_at": AT}
        session.add(Signature(signatory_id=signatory.id or 0, **proof))
    line = commit(session, world, "region", "600", convention_id=convention_id)
    by = world.actors["region"]
    pay_instalment(session, line, 1, amount=Decimal(100), paid_on=date(2026, 3, 3), by=by, at=AT)
    return convention_id
