"""How does a convention go from a model to its signature, and then to its avenants?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import Session, select

from conference.data.queries.convention_facts import facts_of
from conference.data.queries.convention_page import article_views, convention_page, writings
from conference.data.queries.conventions import ConventionFilters, convention_list
from conference.data.session import Database
from conference.data.tables import Convention, ConventionBalance, ConventionFile, ConventionShare
from conference.domain.convention import REQUIRED_ROLES, ConventionKind, InstalmentKind, PartyRole
from conference.domain.refusal import Conflict, Forbidden, NotFound, Refusal
from conference.services.convention_articles import (
    StaleWriting,
    comment_article,
    resolve_comment,
    write_article,
)
from conference.services.convention_life import move, put_to_sign, rendered, resume, start_conventions, suspend
from conference.services.convention_terms import (
    InstalmentLine,
    PartyLine,
    ShareLine,
    Terms,
    set_parties,
    set_plan,
    set_schedule,
    set_terms,
)
from conference.services.conventions import begin_avenant, draft_convention, renew_convention
from conference.services.files import read_kept
from conference.services.verification import verify
from conference.settings import Settings
from tests.seeds import AT, World, make_world
from tests.services.drafted_conventions import ADDRESS, TERMS, completed, drafted, signed, to_sign


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def session(database: Database, world: World) -> Iterator[Session]:
    with database.writing() as opened:
        yield opened


@pytest.mark.parametrize("kind", ConventionKind)
def test_a_draft_holds_every_article_that_its_kind_asks_for(
    session: Session, world: World, kind: ConventionKind
) -> None:
    version = drafted(session, world, kind=kind)
    facts = facts_of(session, version.id or 0)
    assert set(REQUIRED_ROLES) <= {article.role for article in facts.articles}
    assert [party.organisation_id for party in facts.parties] == [world["region"], world["opco"]]
    assert facts.reference == f"Projet {version.convention_id}"
    assert all(view.writing == 1 for view in article_views(session, version.id or 0))


def test_who_is_no_party_neither_drafts_nor_sees(session: Session, world: World) -> None:
    with pytest.raises(Refusal, match="l’une des parties"):
        drafted(session, world, by="france_travail")
    version = drafted(session, world, by="region")
    for login in ("france_travail", "opco", "coordinator"):
        reached = login != "france_travail"
        rows = convention_list(session, world.actors[login], ConventionFilters(date(2026, 4, 20))).rows
        assert bool(rows) == reached
    with pytest.raises(NotFound):
        convention_page(session, world.actors["france_travail"], version.convention_id)
    with pytest.raises(NotFound):
        set_terms(session, version.id or 0, TERMS, seen=None, by=world.actors["france_travail"], at=AT)
    with pytest.raises(Forbidden):
        convention_list(session, world.actors["reader"], ConventionFilters(date(2026, 4, 20)))


def test_two_people_who_write_one_article_lose_no_word(session: Session, world: World) -> None:
    version = drafted(session, world)
    article = article_views(session, version.id or 0)[0]
    first = write_article(session, article.id, title="Objet", text="Un.", writing=1, by=world.actors["region"], at=AT)
    with pytest.raises(StaleWriting) as refused:
        write_article(session, article.id, title="Objet", text="Deux.", writing=1, by=world.actors["opco"], at=AT)
    assert refused.value.current.text == "Un."
    write_article(session, article.id, title="Objet", text="Un et deux.", writing=2, by=world.actors["opco"], at=AT)
    assert first.writing == 3
    assert [each.text for each in writings(session, article.id)] == ["Un et deux.", "Un.", article.text]


def test_terms_are_written_against_what_was_read(session: Session, world: World) -> None:
    version = drafted(session, world)
    seen = version.version
    set_terms(session, version.id or 0, replace(TERMS, place="Niort"), seen=seen, by=world.actors["region"], at=AT)
    with pytest.raises(Conflict):
        set_terms(session, version.id or 0, TERMS, seen=seen, by=world.actors["opco"], at=AT)


def test_percents_share_the_ceiling_to_the_cent(session: Session, world: World) -> None:
    third = Decimal("33.3333")
    terms = replace(TERMS, ceiling=Decimal("100.00"))
    version = drafted(session, world, parties=("region", "opco", "france_travail"), terms=terms)
    lines = [ShareLine(world[code], 2026, 1, percent=third) for code in ("region", "opco")]
    lines.append(ShareLine(world["france_travail"], 2026, 1, percent=Decimal("33.3334")))
    set_plan(session, version.id or 0, lines, seen=None, by=world.actors["coordinator"], at=AT)
    shares = session.exec(select(ConventionShare).order_by(ConventionShare.id)).all()  # type: ignore[arg-type]
    assert [share.amount for share in shares] == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]


def test_in_review_an_observation_opens_its_article_and_no_other(session: Session, world: World) -> None:
    version = drafted(session, world)
    move(session, version.id or 0, "submit", by=world.actors["region"], at=AT)
    first, second = article_views(session, version.id or 0)[:2]
    told = {"by": world.actors["opco"], "at": AT}
    with pytest.raises(Refusal, match="observation"):
        write_article(session, first.id, title="Objet", text="Non.", writing=1, **told)
    said = comment_article(session, first.id, "Nommez l’action.", **told)
    write_article(session, first.id, title="Objet", text="L’action est nommée.", writing=1, **told)
    with pytest.raises(Refusal, match="observation"):
        write_article(session, second.id, title="Autre", text="Non.", writing=1, **told)
    resolve_comment(session, said.id or 0, "Action nommée.", **told)
    with pytest.raises(Refusal, match="observation"):
        write_article(session, first.id, title="Objet", text="Trop tard.", writing=2, **told)


def test_what_is_not_whole_is_not_put_to_sign_and_takes_no_number(
    session: Session, world: World, settings: Settings
) -> None:
    version = drafted(session, world)
    move(session, version.id or 0, "submit", by=world.actors["region"], at=AT)
    told = {"instance": settings.instance, "address": ADDRESS, "at": AT}
    with pytest.raises(Refusal, match="Aucun signataire n’est désigné pour"):
        put_to_sign(session, version.id or 0, by=world.actors["coordinator"], **told)
    with pytest.raises(Forbidden):
        put_to_sign(session, version.id or 0, by=world.actors["region"], **told)
    assert session.get_one(Convention, version.convention_id).number is None


def test_numbers_have_no_holes_and_the_frozen_text_is_kept(session: Session, world: World, settings: Settings) -> None:
    numbers = []
    for _ in range(2):
        version = drafted(session, world)
        completed(session, world, version)
        to_sign(session, world, settings.instance, version)
        numbers.append(session.get_one(Convention, version.convention_id).number)
    assert numbers == ["C-2026-001", "C-2026-002"]
    kept = read_kept(settings.instance, version.file_sha256 or "")
    assert kept.startswith(b"%PDF")
    move(session, version.id or 0, "take_back", motive="Une erreur.", by=world.actors["coordinator"], at=AT)
    put_to_sign(
        session,
        version.id or 0,
        instance=settings.instance,
        address=ADDRESS,
        by=world.actors["coordinator"],
        at=AT,
    )
    assert session.get_one(Convention, version.convention_id).number == "C-2026-002"
    files = session.exec(select(ConventionFile).where(ConventionFile.version_id == version.id)).all()
    assert [file.sha256 for file in files] == [version.file_sha256] * 2
    with pytest.raises(Refusal, match="figé"):
        set_terms(session, version.id or 0, TERMS, seen=None, by=world.actors["coordinator"], at=AT)


def test_an_avenant_raises_the_ceiling_once_signed(
    session: Session, database: Database, world: World, settings: Settings
) -> None:
    version = drafted(session, world)
    completed(session, world, version)
    signed(session, world, to_sign(session, world, settings.instance, version))
    convention_id, by = version.convention_id, world.actors["coordinator"]
    assert session.get_one(Convention, convention_id).status == "active"
    assert session.get_one(ConventionBalance, convention_id).ceiling == Decimal("50000.00")
    avenant = begin_avenant(session, convention_id, by=by, at=AT)
    with pytest.raises(Conflict, match="déjà en préparation"):
        begin_avenant(session, convention_id, by=by, at=AT)
    assert facts_of(session, avenant.id or 0).instalments == facts_of(session, version.id or 0).instalments
    move(session, avenant.id or 0, "submit", by=by, at=AT)
    told = {"instance": settings.instance, "address": ADDRESS, "by": by, "at": AT}
    move(session, avenant.id or 0, "return", motive="Le plafond change.", by=by, at=AT)
    kept = {name: getattr(avenant, name) for name in vars(TERMS)}
    set_terms(session, avenant.id or 0, Terms(**{**kept, "ceiling": Decimal("60000.00")}), seen=None, by=by, at=AT)
    lines = [
        ShareLine(world["region"], 2026, 1, Decimal("30000.00")),
        ShareLine(world["opco"], 2026, 1, Decimal("20000.00")),
        ShareLine(world["region"], 2026, 2, Decimal("10000.00")),
    ]
    set_plan(session, avenant.id or 0, lines, seen=None, by=by, at=AT)
    move(session, avenant.id or 0, "submit", by=by, at=AT)
    with pytest.raises(Refusal, match="échéancier de Région"):
        put_to_sign(session, avenant.id or 0, **told)
    schedule = [
        InstalmentLine(world[code], InstalmentKind.BALANCE, date(2026, 12, 15), percent=Decimal(100))
        for code in ("region", "opco")
    ]
    move(session, avenant.id or 0, "return", motive="L’échéancier change.", by=by, at=AT)
    set_schedule(session, avenant.id or 0, schedule, seen=None, by=by, at=AT)
    move(session, avenant.id or 0, "submit", by=by, at=AT)
    put_to_sign(session, avenant.id or 0, **told)
    assert {"ceiling", "plan", "instalments"} <= set(avenant.changes.split())
    assert session.get_one(ConventionBalance, convention_id).ceiling == Decimal("50000.00")
    signed(session, world, avenant)
    assert session.get_one(ConventionBalance, convention_id).ceiling == Decimal("60000.00")
    page = convention_page(session, by, convention_id)
    assert [(each.rank, each.in_force) for each in page.versions] == [(0, False), (1, True)]


def test_a_convention_starts_on_its_first_day_is_suspended_and_renewed(
    session: Session, world: World, settings: Settings
) -> None:
    version = drafted(session, world)
    completed(session, world, version)
    version.first = date(2026, 5, 1)
    signed(session, world, to_sign(session, world, settings.instance, version))
    convention, by = session.get_one(Convention, version.convention_id), world.actors["coordinator"]
    assert convention.status == "signed"
    assert start_conventions(session, at=AT) == 0
    assert start_conventions(session, at=AT.replace(month=5, day=2)) == 1
    with pytest.raises(Refusal, match="motif"):
        suspend(session, version.convention_id, motive=" ", by=by, at=AT)
    suspend(session, version.convention_id, motive="Budget non voté.", by=by, at=AT)
    with pytest.raises(Refusal):
        begin_avenant(session, version.convention_id, by=by, at=AT)
    resume(session, version.convention_id, by=by, at=AT)
    assert convention.status == "active"
    version.first = date(2026, 1, 1)
    renewal = renew_convention(session, version.convention_id, by=by, at=AT)
    assert (renewal.first, renewal.last) == (date(2027, 1, 1), date(2027, 12, 31))
    facts = facts_of(session, renewal.id or 0)
    assert facts.years == (2027,)
    assert facts.instalments[0].due_on == date(2027, 3, 1)


def test_a_party_that_goes_takes_its_lines_with_it(session: Session, world: World) -> None:
    version = drafted(session, world)
    completed(session, world, version)
    lines = [PartyLine(world["region"], PartyRole.FUNDER), PartyLine(world["france_travail"], PartyRole.PARTNER)]
    set_parties(session, version.id or 0, lines, seen=None, by=world.actors["coordinator"], at=AT)
    facts = facts_of(session, version.id or 0)
    assert {share.organisation_id for share in facts.shares} == {world["region"]}
    assert {each.organisation_id for each in facts.signatories} == {world["region"]}
    # Whoever was a party of this draft only is one no more.
    with pytest.raises(NotFound):
        convention_page(session, world.actors["opco"], version.convention_id)


def test_verify_holds_after_a_whole_life(database: Database, world: World, settings: Settings) -> None:
    with database.writing() as session:
        version = drafted(session, world)
        completed(session, world, version)
        signed(session, world, to_sign(session, world, settings.instance, version))
        avenant = begin_avenant(session, version.convention_id, by=world.actors["region"], at=AT)
        move(session, avenant.id or 0, "abandon", motive="Sans suite.", by=world.actors["region"], at=AT)
        draft_convention(
            session,
            kind=ConventionKind.PROTOCOL,
            terms=TERMS,
            parties=[PartyLine(world[code], PartyRole.PARTNER) for code in ("region", "opco", "france_travail")],
            by=world.actors["region"],
            at=AT,
        )
    with database.reading() as session:
        assert verify(session, instance=settings.instance).first_fault is None


def test_two_versions_of_one_path_are_the_same_bytes(
    session: Session, world: World, tmp_path: Path, settings: Settings
) -> None:
    version = drafted(session, world)
    completed(session, world, version)
    to_sign(session, world, settings.instance, version)
    again, mark = rendered(session, version.id or 0, ADDRESS, is_draft=False)
    assert again == read_kept(settings.instance, version.file_sha256 or "")
    assert mark == version.fingerprint
