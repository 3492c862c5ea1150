"""Does every route ask what the matrix says, of every role, on things of one's own and of others?

The routes are read from the application: a new one is walked as soon as it exists.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from conference.data.session import Database
from conference.data.tables import Nature
from conference.domain.case import InterruptionKind, StepKind
from conference.domain.identity import Person
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.permissions import MATRIX, Role, is_granted_somewhere
from conference.domain.rights import RightKind
from conference.services.handoffs import HandoffLine, draft_handoff, propose_handoff
from conference.services.identities import record_identity
from conference.services.income_rights import RightLine, record_right
from conference.services.parcours import Situation, open_parcours
from conference.services.plans import PlanOf, set_cost, set_share
from conference.services.steps import StepLine, add_step, record_interruption
from conference.settings import Settings
from tests.seeds import AT, World, commit, make_world, sign_in_token
from tests.services.scdl_files import scdl
from tests.services.sending import send

SECRETS = ("Objet-à-taire", "Prestataire-à-taire", "REF-A-TAIRE", "Formation-à-taire", "NOM-A-TAIRE", "Dossier-à-taire")
"""Object, provider, reference of a line; title of a step; name of the person; file number of the referent."""
ADMINISTRATION = ("accounts.", "organisations.", "references.", "scales.", "scale_value.")
"""What an administrator keeps for the whole conférence."""
ROLES = ("region", "region_signatory", "opco", "coordinator", "reader", "admin")
sqlite_only = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def world(database: Database, settings: Settings) -> World:
    world = make_world(database)
    with database.writing() as session:
        commit(session, world, "region", "1000.00", object=SECRETS[0], funder_reference=SECRETS[2], persons=31)
        person(session, world, settings)
    rows = [{"nomAttribuant": "Région Exemple", "idAttribuant": "", "objet": SECRETS[0]}]
    rows.append({**rows[0], "montant": SECRETS[2]})
    send(database, scdl(*rows), by=world.actors["region"])
    return world


def person(session: Session, world: World, settings: Settings) -> None:
    """A parcours of the Région with one thing of each kind, each of identifier 1: step, right, interruption, plan, action,
    handoff to France Travail, alert, identity, joined file."""
    region, at = world.actors["region"], AT
    open_parcours(
        session,
        referent_id=world["region"],
        kind=ParcoursKind.INSERTION,
        key_situation=KeySituation.OTHER,
        situation=Situation(own_reference=SECRETS[5]),
        by=region,
        at=at,
    )
    line = StepLine(StepKind.TRAINING, SECRETS[3], date(2026, 5, 1), date(2026, 8, 31), funder_ids=(world["region"],))
    add_step(session, 1, line, by=region, at=at)
    known = {"kind": InterruptionKind.ABSENCE, "first": date(2026, 5, 4), "last": date(2026, 5, 5)}
    record_interruption(session, 1, by=region, at=at, **known)
    paid = RightLine(RightKind.AREF, world["france_travail"], date(2026, 5, 1), date(2026, 6, 30), Decimal("31.00"))
    record_right(session, 1, paid, by=region, at=at)
    nature = session.exec(select(Nature.id).where(Nature.code == "pedagogique")).one() or 0
    cost = set_cost(session, PlanOf(1), nature, Decimal("600.00"), by=region, at=at)
    assert cost is not None
    set_share(session, cost.id or 0, world["region"], amount=Decimal("500.00"), by=region, at=at)
    asked = ((nature, Decimal("100.00")),)
    named = Person(SECRETS[4], "Ada", date(1990, 1, 1))
    record_identity(session, 1, named, instance=settings.instance, by=region, at=at)
    draft = HandoffLine(world["region"], world["france_travail"], 1, date(2026, 7, 1), asked, message=SECRETS[3])
    propose_handoff(session, draft_handoff(session, 1, draft, by=region, at=at).id or 0, by=region, at=at)


@pytest.fixture
def open_app(app: Flask) -> Flask:
    """The application without form tokens: what is walked here is who may, not how."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint != "static":
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def address(rule: Rule, number: int = 1) -> str:
    """The address of a route with each of its variables filled: identifiers by `number`."""
    filled: dict[str, int | str] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        if isinstance(converter, AnyConverter):
            filled[name] = sorted(converter.items)[0]
            continue
        filled[name] = (
            number
            if isinstance(converter, IntegerConverter)
            else {"name": "2026-03", "list_name": "scheme"}.get(name, "x")
        )
    found = rule.build(filled)
    assert found is not None
    return found[1]


def client_of(app: Flask, database: Database, world: World, who: str) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("conference_session", sign_in_token(database, world.actors[who]))
    return client


@sqlite_only
def test_every_route_carries_its_right_or_says_why_it_is_public(app: Flask) -> None:
    bare = []
    for rule, _ in routes(app):
        view = app.view_functions[rule.endpoint]
        if not (getattr(view, "right", None) in MATRIX or getattr(view, "public", "")):
            bare.append(rule.rule)
    assert bare == []


@sqlite_only
def test_a_stranger_is_sent_to_the_door(open_app: Flask, world: World) -> None:
    client = open_app.test_client()
    for rule, method in routes(open_app):
        if getattr(open_app.view_functions[rule.endpoint], "right", None):
            answer = client.open(address(rule), method=method)
            assert answer.status_code == 302, (method, rule.rule)
            assert answer.headers["Location"].startswith("/connexion"), (method, rule.rule)


@sqlite_only
@pytest.mark.parametrize("who", ROLES)
def test_every_route_answers_every_role_as_the_matrix_says(
    open_app: Flask, database: Database, world: World, who: str
) -> None:
    client, actor = client_of(open_app, database, world, who), world.actors[who]
    for rule, method in routes(open_app):
        action = getattr(open_app.view_functions[rule.endpoint], "right", None)
        if action is None or rule.endpoint.startswith("my_account."):
            continue
        answer = client.open(address(rule), method=method)
        if is_granted_somewhere(actor, action):
            assert answer.status_code < 500, (who, method, rule.rule)
        else:
            assert answer.status_code == 403, (who, method, rule.rule)


@sqlite_only
@pytest.mark.parametrize("who", ["opco_signatory", "reader", "admin"])
def test_what_belongs_to_another_answers_as_if_it_did_not_exist(
    open_app: Flask, database: Database, world: World, who: str
) -> None:
    """Every route with an identifier, for who has no part in the thing: 403 or 404, and nothing of it told."""
    client = client_of(open_app, database, world, who)
    own_list = ("administration.", "my_account.", *(ADMINISTRATION if who == "admin" else ()))
    walked = 0
    for rule, method in routes(open_app):
        if not any(name.endswith("_id") for name in rule.arguments) or rule.endpoint.startswith(own_list):
            continue
        answer = client.open(address(rule), method=method)
        assert answer.status_code in (403, 404), (method, rule.rule)
        assert not [secret for secret in SECRETS if secret.encode() in answer.data], rule.rule
        walked += 1
    assert walked >= 40


@sqlite_only
@pytest.mark.parametrize("who", ["opco", "coordinator", "reader", "admin"])
def test_no_page_tells_what_the_matrix_hides(open_app: Flask, database: Database, world: World, who: str) -> None:
    client = client_of(open_app, database, world, who)
    hidden = SECRETS if who != "coordinator" else (*SECRETS[:3], SECRETS[4])
    for rule, method in routes(open_app):
        if method == "GET":
            answer = client.open(address(rule))
            told = [secret for secret in hidden if secret.encode() in answer.data]
            assert told == [], (who, rule.rule)


@sqlite_only
def test_the_owner_is_told_what_the_others_are_not(open_app: Flask, database: Database, world: World) -> None:
    """The leak tests above hold data that could leak."""
    client = client_of(open_app, database, world, "region")
    pages = b"".join(client.get(address(rule)).data for rule, method in routes(open_app) if method == "GET")
    assert [secret for secret in (SECRETS[0], *SECRETS[2:]) if secret.encode() not in pages] == []


@sqlite_only
def test_a_get_never_writes(open_app: Flask, database: Database, world: World) -> None:
    """Reading sessions refuse to write: no route breaks on it, and nothing changes but the session's last visit."""
    client = client_of(open_app, database, world, "region")
    for rule, method in routes(open_app):
        if method == "GET":
            assert client.get(address(rule)).status_code < 500, rule.rule


def test_matrix_names_only_roles_that_exist() -> None:
    assert {role for row in MATRIX.values() for role in row} <= set(Role) - {Role.CONSOLE}
