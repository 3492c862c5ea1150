"""Do seven parties sign one protocol, three of them on paper, and does an avenant let a refused commitment pass?"""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from conference.data.queries.convention_page import convention_page
from conference.data.session import Database
from conference.data.tables import Account, ConventionInstalment, Signatory
from conference.data.tables.organisation import OrganisationKind
from conference.domain.convention import ConventionKind, PartyRole
from conference.domain.permissions import CONSOLE, Actor, Role
from conference.domain.refusal import Refusal
from conference.services.attachments import Depot
from conference.services.convention_life import move, put_to_sign
from conference.services.convention_money import link_commitment
from conference.services.convention_terms import PartyLine, ShareLine, Terms, set_plan, set_terms
from conference.services.conventions import begin_avenant, draft_convention
from conference.services.files import read_kept
from conference.services.organisations import add_organisation
from conference.services.scans import file_scan
from conference.services.seal_certificate import make_certificate
from conference.services.sessions import actor_of
from conference.services.signatories import SignatoryLine, set_signatories
from conference.services.signing import seal, sign_on_paper
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import AT, World, commit, make_world
from tests.services.drafted_conventions import ADDRESS, TERMS, completed, drafted, signed, to_sign

DAY = date(2026, 4, 20)
MORE = ("agefiph", "etat", "cci", "fongecif")


def others(session: Session) -> dict[str, Actor]:
    """Four more funders with a signatory each."""
    found = {}
    for code in MORE:
        told = {"name": code.upper(), "kind": OrganisationKind.OTHER, "is_funder": True}
        made = add_organisation(session, code=code, by=CONSOLE, at=AT, **told)
        account = Account(
            email=f"{code}@example.org",
            name=code,
            organisation_id=made.id or 0,
            role=Role.SIGNATORY.value,
            created_at=AT,
        )
        session.add(account)
        session.flush()
        found[code] = actor_of(session, account)
    return found


def test_seven_parties_sign_one_protocol_three_of_them_on_paper(database: Database, settings: Settings) -> None:
    world = make_world(database)
    depot, by = Depot(settings.instance, 20_000_000), world.actors["coordinator"]
    make_certificate(settings.instance, "Conférence Exemple", at=AT)
    with database.writing() as session:
        seals = others(session)
        papers = [world[code] for code in ("region", "opco", "france_travail")]
        parties = [*papers, *(actor.organisation_id or 0 for actor in seals.values())]
        terms = Terms("Protocole d’accord", date(2026, 1, 1), date(2028, 12, 31), place="Poitiers")
        lines = [PartyLine(each, PartyRole.PARTNER, "dûment habilité") for each in parties]
        told = {"kind": ConventionKind.PROTOCOL, "terms": terms, "parties": lines}
        version = draft_convention(session, by=by, at=AT, **told)
        names = [SignatoryLine(each, f"Signataire {rank}") for rank, each in enumerate(parties, start=1)]
        set_signatories(session, version.id or 0, names, ordered=False, seen=None, by=by, at=AT)
        to_sign(session, world, settings.instance, version)
        text = read_kept(settings.instance, version.file_sha256 or "")
        file_id = file_scan(session, filename="copie.pdf", content=text, depot=depot, by=by, at=AT).filed[0].file_id
        rows = session.exec(select(Signatory).where(Signatory.version_id == version.id)).all()
        for row in rows:
            assert version.status == "to_sign"
            if row.organisation_id in papers:
                sign_on_paper(session, row.id or 0, signed_on=DAY, file_id=file_id, by=by, at=AT)
            else:
                actor = next(each for each in seals.values() if each.organisation_id == row.organisation_id)
                seal(session, row.id or 0, depot=depot, by=actor, at=AT)
        assert (len(rows), version.status, version.signed_on) == (7, "signed", DAY)
        kinds = [file.kind for file in convention_page(session, by, version.convention_id).files]
    assert sorted(kinds) == ["scan", "sealed", "sealed", "sealed", "sealed", "text"]
    with database.reading() as session:
        assert verify(session, instance=settings.instance).first_fault is None


def test_an_avenant_lets_a_refused_commitment_pass(database: Database, settings: Settings) -> None:
    world = make_world(database)
    with database.writing() as session:
        version = drafted(session, world)
        completed(session, world, version)
        signed(session, world, to_sign(session, world, settings.instance, version))
        under(session, world, version.convention_id, "49600.00")
    with database.writing() as session, pytest.raises(Refusal, match="Il reste 400,00"):
        under(session, world, version.convention_id, "600.00")
    with database.writing() as session:
        raised(session, world, settings, version.convention_id)
        under(session, world, version.convention_id, "600.00")
    with database.reading() as session:
        assert verify(session, instance=settings.instance).first_fault is None


def under(session: Session, world: World, convention_id: int, amount: str) -> None:
    """A commitment of the Région under the convention."""
    line = commit(session, world, "region", amount)
    link_commitment(session, line, convention_id, by=world.actors["region"], at=AT)


def raised(session: Session, world: World, settings: Settings, convention_id: int) -> None:
    """An avenant that brings the ceiling to 60,000.00, signed."""
    by = world.actors["coordinator"]
    avenant = begin_avenant(session, convention_id, by=by, at=AT)
    kept = {name: getattr(avenant, name) for name in vars(TERMS)}
    terms = Terms(**{**kept, "ceiling": Decimal("60000.00")})
    set_terms(session, avenant.id or 0, terms, seen=None, by=by, at=AT)
    shares = [
        ShareLine(world["region"], 2026, 1, Decimal("40000.00")),
        ShareLine(world["opco"], 2026, 1, Decimal("20000.00")),
    ]
    set_plan(session, avenant.id or 0, shares, seen=None, by=by, at=AT)
    rows = session.exec(select(ConventionInstalment).where(ConventionInstalment.version_id == avenant.id)).all()
    for row, amount in zip(sorted(rows, key=lambda row: row.key), ("10000.00", "30000.00", "20000.00"), strict=True):
        row.amount, row.percent = Decimal(amount), None
        session.add(row)
    session.flush()
    move(session, avenant.id or 0, "submit", by=by, at=AT)
    put_to_sign(session, avenant.id or 0, instance=settings.instance, address=ADDRESS, by=by, at=AT)
    signed(session, world, avenant)
