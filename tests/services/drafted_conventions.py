"""Conventions drafted through the services, whole enough to be signed."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlmodel import Session, select

from conference.data.queries.convention_facts import facts_of
from conference.data.tables import ConventionFile, ConventionVersion, Nature, Signatory, Signature
from conference.domain.article_text import missing
from conference.domain.convention import ConventionKind, InstalmentKind, PartyRole
from conference.services.convention_life import complete, move, put_to_sign
from conference.services.convention_terms import (
    InstalmentLine,
    PartyLine,
    ShareLine,
    Terms,
    set_bonus,
    set_plan,
    set_schedule,
    set_terms,
)
from conference.services.conventions import draft_convention
from tests.seeds import AT, World

ADDRESS = "https://conference.example.org"
TERMS = Terms(
    title="Cofinancement de dix places de maçon",
    first=date(2026, 1, 1),
    last=date(2026, 12, 31),
    ceiling=Decimal("50000.00"),
    place="Poitiers",
    decision_reference="délibération du 12 janvier 2026",
)


def drafted(
    session: Session,
    world: World,
    *,
    kind: ConventionKind = ConventionKind.CO_FUNDING,
    parties: tuple[str, ...] = ("region", "opco"),
    by: str = "coordinator",
    terms: Terms = TERMS,
) -> ConventionVersion:
    """A draft between `parties`, the first paying 60 % of the ceiling, the second the rest."""
    lines = [
        PartyLine(
            world[code], PartyRole.FUNDER, "dûment habilité par délibération du 12 janvier 2026", "Payer sa part."
        )
        for code in parties
    ]
    return draft_convention(session, kind=kind, terms=terms, parties=lines, by=world.actors[by], at=AT)


def completed(session: Session, world: World, version: ConventionVersion, *, by: str = "coordinator") -> None:
    """Tell what the text needs to be put to signature: beneficiary, plan, schedule, a signatory for each party."""
    version_id, told = version.id or 0, {"seen": None, "by": world.actors[by], "at": AT}
    terms = Terms(**{**vars(TERMS), "ceiling": version.ceiling, "beneficiary_id": world["centre"]})
    set_terms(session, version_id, terms, **told)
    nature = session.exec(select(Nature.id).where(Nature.code == "pedagogique")).one() or 0
    plan = [
        ShareLine(world["region"], 2026, nature, percent=Decimal(60)),
        ShareLine(world["opco"], 2026, nature, percent=Decimal(40)),
    ]
    set_plan(session, version_id, plan, **told)
    schedule = [
        InstalmentLine(world["region"], InstalmentKind.ADVANCE, date(2026, 3, 1), percent=Decimal(30)),
        InstalmentLine(world["region"], InstalmentKind.BALANCE, date(2026, 12, 1), percent=Decimal(70)),
        InstalmentLine(world["opco"], InstalmentKind.BALANCE, date(2026, 12, 1), percent=Decimal(100)),
    ]
    set_schedule(session, version_id, schedule, **told)
    named(session, version)
    assert missing(facts_of(session, version_id)) == ()


def named(session: Session, version: ConventionVersion) -> None:
    """A signatory for each party."""
    for rank, party in enumerate(facts_of(session, version.id or 0).parties, start=1):
        session.add(
            Signatory(
                version_id=version.id or 0,
                organisation_id=party.organisation_id,
                rank=rank,
                name=f"Signataire {rank}",
                function="Présidente",
            )
        )
    session.flush()


def to_sign(session: Session, world: World, instance: Path, version: ConventionVersion) -> ConventionVersion:
    """The version, submitted and put to signature by the coordinator."""
    by = world.actors["coordinator"]
    move(session, version.id or 0, "submit", by=by, at=AT)
    return put_to_sign(session, version.id or 0, instance=instance, address=ADDRESS, by=by, at=AT)


def signed(
    session: Session, world: World, version: ConventionVersion, on: date = date(2026, 2, 3)
) -> ConventionVersion:
    """The version with the signature of everybody, as papers filed that day leave it."""
    text = session.exec(select(ConventionFile).where(ConventionFile.version_id == version.id)).first()
    assert text is not None
    for row in session.exec(select(Signatory).where(Signatory.version_id == version.id)).all():
        session.add(
            Signature(signatory_id=row.id or 0, means="paper", signed_on=on, file_id=text.id or 0, recorded_at=AT)
        )
    session.flush()
    complete(session, version, by=world.actors["coordinator"], at=AT)
    return version


BONUS = [(Decimal(0), Decimal(-10)), (Decimal(40), Decimal(0)), (Decimal(60), Decimal(5))]


def with_bonus(session: Session, world: World, version: ConventionVersion) -> None:
    """The steps of a bonus on 20,000.00."""
    set_bonus(session, version.id or 0, Decimal("20000.00"), BONUS, seen=None, by=world.actors["coordinator"], at=AT)
