"""Does a conférence keep its own model articles, with every refusal, and is no text ever lost?"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from conference.data.constraints import refusal_of
from conference.data.queries.article_library import article_page, library_rows, own_lines
from conference.data.queries.convention_facts import facts_of
from conference.data.queries.journal import history_of
from conference.data.session import Database
from conference.data.tables import LibraryArticle
from conference.domain.article_library import AVENANT, LibraryLine, missing_roles, model
from conference.domain.article_text import missing
from conference.domain.convention import ArticleRole, ConventionKind, PartyRole
from conference.domain.permissions import Actor
from conference.domain.refusal import Forbidden, NotFound, Refusal
from conference.services.article_library import (
    ArticleLine,
    checked_article,
    library_on,
    record_article,
    withdraw_article,
)
from conference.services.convention_articles import add_article, remove_article, standing_articles
from conference.services.convention_terms import PartyLine
from conference.services.conventions import draft_convention
from tests.seeds import AT, World, make_world
from tests.services.drafted_conventions import TERMS, drafted

TODAY = date(2026, 4, 20)
NEXT = date(2026, 5, 1)
LINE = ArticleLine(
    code="disputes",
    first=NEXT,
    role=ArticleRole.DISPUTES,
    position=140,
    title="Règlement des litiges",
    text="Premier temps : l'accord.\r\n\r\n\r\nSecond temps : le juge, à {lieu}.",
)
SPECIAL = ArticleLine(
    first=TODAY,
    role=ArticleRole.OTHER,
    position=85,
    title="Égalité d’accès",
    text="Aucune personne n’est écartée.",
    kinds=frozenset({"relay"}),
    required=False,
)


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def record(database: Database, line: ArticleLine, actor: Actor) -> int:
    with database.writing() as session:
        return record_article(session, line, by=actor, at=AT).id or 0


def disputes(session: Session, day: date) -> LibraryLine:
    return library_on(session, day)["disputes"]


def test_a_dated_version_stands_from_its_day_on_and_the_one_before_stays(database: Database, world: World) -> None:
    number = record(database, LINE, world.actors["coordinator"])
    with database.reading() as session:
        eve, day = disputes(session, NEXT - timedelta(days=1)), disputes(session, NEXT)
        assert (eve.article_id, eve.title) == (None, "Litiges")
        assert (day.article_id, day.title) == (number, "Règlement des litiges")
        # French spaces and apostrophe, and one empty line between paragraphs.
        assert day.text == "Premier temps\u202f: l’accord.\n\nSecond temps\u202f: le juge, à {lieu}."
        for kind in ConventionKind:
            assert day in model(kind, library_on(session, NEXT))
        told = history_of(session, "library_article", number)
        assert [event.what.split(" (")[0] for event in told] == ["Article ajouté à la bibliothèque"]
        assert "Types de convention\u202f: tous" in told[0].what and "Rôle\u202f: Litiges" in told[0].what


def test_a_new_article_gets_a_code_of_its_own(database: Database, world: World) -> None:
    coordinator = world.actors["coordinator"]
    record(database, SPECIAL, coordinator)
    record(database, replace(SPECIAL, kinds=frozenset()), coordinator)
    with database.reading() as session:
        codes = [line.code for line in own_lines(session)]
        assert codes == ["egalite_d_acces", "egalite_d_acces_2"]
        articles = library_on(session, TODAY)
        assert [codes[0] in [line.code for line in model(kind, articles)] for kind in ("relay", "bonus", AVENANT)] == [
            True,
            False,
            False,
        ]
        assert codes[1] in [line.code for line in model("bonus", articles)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": " "}, ("title", "article_empty")),
        ({"title": "x" * 201}, ("title", "article_long")),
        ({"text": ""}, ("text", "article_empty")),
        ({"text": "x" * 20_001}, ("text", "article_long")),
        ({"text": "Jusqu’au {dernier jour}."}, ("text", "article_variable")),
        ({"text": "Jusqu’au {dernier_jour."}, ("text", "article_variable")),
        ({"title": "Litiges {ici}"}, ("title", "article_variable")),
        ({"position": 0}, ("position", "article_position")),
        ({"kinds": frozenset({"convention"})}, ("kinds", "article_kinds")),
        ({"kinds": frozenset({AVENANT, "relay"})}, ("kinds", "article_kinds")),
        # A relay convention alone: all the others would have no article on disputes.
        ({"kinds": frozenset({"relay"})}, ("kinds", "article_needed")),
        ({"first": TODAY - timedelta(days=1)}, ("first", "article_past")),
        ({"role": ArticleRole.DATA}, ("role", "article_role")),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(
    database: Database, world: World, changes: dict[str, object], expected: tuple[str, str]
) -> None:
    line = replace(LINE, **changes)  # type: ignore[arg-type]
    with pytest.raises(Refusal) as early, database.reading() as session:
        checked_article(session, line, by=world.actors["coordinator"], at=AT)
    with pytest.raises(Refusal) as late, database.writing() as session:
        record_article(session, line, by=world.actors["coordinator"], at=AT)
    assert (late.value.field, late.value.code) == expected == (early.value.field, early.value.code)
    with database.reading() as session:
        assert own_lines(session) == []


def test_one_version_a_day_and_none_that_changes_nothing(database: Database, world: World) -> None:
    record(database, LINE, world.actors["coordinator"])
    for line, code in (
        (replace(LINE, text="Autrement."), "article_same_day"),
        (replace(LINE, first=NEXT + timedelta(days=1)), "article_same"),
    ):
        with pytest.raises(Refusal) as refused:
            record(database, line, world.actors["coordinator"])
        assert refused.value.code == code


def test_the_database_itself_holds_one_version_a_day(database: Database, world: World) -> None:
    record(database, LINE, world.actors["coordinator"])
    with database.writing() as session:
        row = session.exec(select(LibraryArticle)).one()
        again = LibraryArticle(**row.model_dump(exclude={"id"}))
        session.add(again)
        with pytest.raises(Exception, match=r"(?i)unique") as error:
            session.flush()
        session.rollback()
    assert refusal_of(error.value).field == "first"  # type: ignore[arg-type, union-attr]


def test_only_who_coordinates_writes_and_an_unknown_code_is_no_article(database: Database, world: World) -> None:
    for who in ("region", "region_signatory", "reader", "admin"):
        with pytest.raises(Forbidden):
            record(database, LINE, world.actors[who])
    with pytest.raises(NotFound):
        record(database, replace(LINE, code="litige"), world.actors["coordinator"])
    with database.writing() as session, pytest.raises(Forbidden):
        withdraw_article(session, 1, motive="Erreur", by=world.actors["opco"], at=AT)


def test_a_withdrawn_version_counts_no_more_and_stays_readable(database: Database, world: World) -> None:
    coordinator = world.actors["coordinator"]
    number = record(database, LINE, coordinator)
    with database.writing() as session:
        with pytest.raises(Refusal) as refused:
            withdraw_article(session, number, motive="  ", by=coordinator, at=AT)
        assert refused.value.field == "motive"
        withdraw_article(session, number, motive=" Une coquille ", by=coordinator, at=AT)
        with pytest.raises(Refusal, match="déjà retirée"):
            withdraw_article(session, number, motive="Encore", by=coordinator, at=AT)
        with pytest.raises(NotFound):
            withdraw_article(session, number + 1, motive="Erreur", by=coordinator, at=AT)
    with database.reading() as session:
        assert disputes(session, NEXT).article_id is None
        page = article_page(session, coordinator, "disputes", on=NEXT)
        withdrawn, shipped = page.versions
        assert (withdrawn.motive, withdrawn.withdrawn_by, withdrawn.in_force) == (
            "Une coquille",
            "Compte coordinator",
            False,
        )
        assert shipped.in_force and page.current == shipped.line
        other = article_page(session, world.actors["region"], "disputes", on=NEXT).versions[0]
        assert (other.recorded_by, other.withdrawn_by, other.motive) == (None, None, "Une coquille")
    # The day is free again.
    assert record(database, LINE, coordinator) > number


def test_a_withdrawal_never_leaves_a_kind_without_an_article_that_it_must_have(
    database: Database, world: World
) -> None:
    coordinator = world.actors["coordinator"]
    second = replace(LINE, code="", title="Juge des relais", kinds=frozenset({"relay"}), first=TODAY)
    number = record(database, second, coordinator)
    narrowed = replace(LINE, kinds=frozenset({"protocol", "income", "co_funding", "bonus"}))
    record(database, narrowed, coordinator)
    with pytest.raises(Refusal) as refused, database.writing() as session:
        withdraw_article(session, number, motive="Inutile", by=coordinator, at=AT)
    assert refused.value.code == "article_needed"
    with database.reading() as session:
        roles = [line.role for line in model("relay", library_on(session, NEXT))]
        assert missing_roles("relay", roles) == ()


def test_the_list_is_of_a_day_a_kind_and_a_role(database: Database, world: World) -> None:
    record(database, LINE, world.actors["coordinator"])
    with database.reading() as session:
        reader = world.actors["opco"]
        rows = library_rows(session, reader, on=TODAY, kind="bonus")
        assert [row.line for row in rows] == list(model("bonus", library_on(session, TODAY)))
        [row] = library_rows(session, reader, on=TODAY, role="disputes")
        assert (row.line.title, row.coming) == ("Litiges", NEXT)
        [row] = library_rows(session, reader, on=NEXT, kind="relay", role="disputes")
        assert (row.line.title, row.coming) == ("Règlement des litiges", None)
        with pytest.raises(Forbidden):
            library_rows(session, world.actors["reader"], on=TODAY)
        with pytest.raises(NotFound):
            article_page(session, reader, "litige", on=TODAY)


def test_a_required_article_is_rewritten_and_never_taken_off(database: Database, world: World) -> None:
    coordinator = world.actors["coordinator"]
    record(database, replace(SPECIAL, kinds=frozenset({"co_funding"})), coordinator)
    record(database, replace(LINE, first=TODAY, required=False), coordinator)
    with database.writing() as session:
        version = drafted(session, world)
        articles = {row.source: row.id or 0 for row in standing_articles(session, version.id or 0)}
        with pytest.raises(Refusal, match="est obligatoire dans son modèle"):
            remove_article(session, articles["duration"], by=coordinator, at=AT)
        for source in ("egalite_d_acces", "disputes"):
            remove_article(session, articles[source], by=coordinator, at=AT)
        left = [row.source for row in standing_articles(session, version.id or 0)]
        assert "duration" in left and not {"egalite_d_acces", "disputes"} & set(left)
        added = add_article(
            session,
            version.id or 0,
            role=ArticleRole.OTHER,
            title="À nous",
            text="À nous.",
            after=None,
            by=coordinator,
            at=AT,
        )
        remove_article(session, added.id or 0, by=coordinator, at=AT)


def test_a_party_that_says_nothing_is_given_the_usual_duties_of_its_role(database: Database, world: World) -> None:
    with database.writing() as session:
        lines = [
            PartyLine(world["region"], PartyRole.FUNDER),
            PartyLine(world["opco"], PartyRole.PARTNER, duties="Aider."),
        ]
        version = draft_convention(
            session, kind=ConventionKind.RELAY, terms=TERMS, parties=lines, by=world.actors["coordinator"], at=AT
        )
        region, opco = facts_of(session, version.id or 0).parties
        assert len(region.duties) == 3 and region.duties[0].startswith("Proposer les relais")
        assert opco.duties == ("Aider.",)
        assert "engagements" not in missing(facts_of(session, version.id or 0))
