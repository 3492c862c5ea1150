"""The administrator's rooms, one's own account, and who may enter them."""

import email
import email.policy
import re

import pytest
from flask import Flask
from sqlmodel import select

import conference
from conference.data.session import Database
from conference.data.tables import Account, AccountLink, JournalEntry, LoginSession, Organisation, Scheme
from conference.domain.permissions import Role, is_granted_somewhere
from conference.services.passwords import hash_password
from conference.services.sessions import token_hash
from conference.settings import Settings
from conference.web.access import COOKIE
from tests.seeds import World, make_world, sign_in_token
from tests.web.page_client import PageClient

PASSWORD = "un mot de passe assez long"
ROOMS = {
    "/administration": "account.manage",
    "/administration/comptes": "account.manage",
    "/administration/comptes/nouveau": "account.manage",
    "/administration/comptes/1": "account.manage",
    "/administration/comptes/1/desactiver": "account.manage",
    "/administration/organismes": "organisation.manage",
    "/administration/organismes/nouveau": "organisation.manage",
    "/administration/organismes/1": "organisation.manage",
    "/administration/listes/scheme": "reference.manage",
    "/administration/listes/level/nouveau": "reference.manage",
    "/administration/listes/territory/2": "reference.manage",
    "/administration/journal": "journal.read",
    "/administration/reglages": "setting.manage",
    "/administration/baremes": "scale.read",
    "/administration/baremes/RFF_PLAFOND": "scale.read",
    "/administration/baremes/RFF_PLAFOND/nouvelle": "scale.edit",
    "/mon-compte": "self.manage",
    "/mon-compte/mot-de-passe": "self.manage",
    "/mon-compte/second-facteur": "self.manage",
    "/mon-compte/second-facteur/retirer": "self.manage",
    "/mon-organisme": "self.manage",
}


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def browser(app: Flask, database: Database, world: World, who: str) -> PageClient:
    client = PageClient(app)
    client.flask.set_cookie(COOKIE, sign_in_token(database, world.actors[who]))
    return client


def mails(settings: Settings) -> list[email.message.EmailMessage]:
    files = sorted((settings.instance / "mails").glob("*.eml"))
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("address", ROOMS)
def test_rooms_open_to_whom_the_matrix_says(app: Flask, database: Database, world: World, address: str) -> None:
    assert PageClient(app).get(address).status_code == 302
    for who, actor in world.actors.items():
        expected = 200 if is_granted_somewhere(actor, ROOMS[address]) else 403
        assert (who, browser(app, database, world, who).get(address).status_code) == (who, expected)


def test_invitation_goes_by_mail_and_its_link_serves_once(
    app: Flask, database: Database, world: World, settings: Settings
) -> None:
    admin = browser(app, database, world, "admin")
    data = {"email": "Neuve@Example.org", "name": "Neuve", "organisation_id": world["opco"], "role": "officer"}
    answer = admin.post("/administration/comptes/nouveau", data=data, token_from="/administration/comptes/nouveau")
    assert answer.status_code == 302
    assert "partie à neuve@example.org" in admin.get(answer.location).text
    (mail,) = mails(settings)
    assert mail["To"] == "neuve@example.org"
    address = re.search(r"http://127\.0\.0\.1:8000(/lien/\S+)", mail.get_content())[1]
    with database.reading() as session:
        stored = session.exec(select(AccountLink.token_hash)).one()
    assert stored == token_hash(address.removeprefix("/lien/"))

    guest = PageClient(app)
    short = guest.post(address, data={"password": "court", "again": "court"}, token_from=address)
    assert (short.status_code, "trop court" in short.text) == (422, True)
    chosen = {"password": PASSWORD, "again": PASSWORD}
    assert guest.post(address, data=chosen, token_from=address).location == "/connexion"
    assert guest.get(address).status_code == 410
    token = guest.token("/connexion")
    assert guest.post(address, data={**chosen, "csrf_token": token}).status_code == 410
    entered = guest.post(
        "/connexion", data={"email": "neuve@example.org", "password": PASSWORD}, token_from="/connexion"
    )
    assert entered.location == "/"


def test_reset_answers_the_same_and_writes_only_to_who_exists(
    app: Flask, database: Database, world: World, settings: Settings
) -> None:
    with database.writing() as session:
        account = session.get_one(Account, world.actors["region"].account_id)
        account.password_hash = hash_password("l’ancien mot de passe", email=account.email, name=account.name)
        session.add(account)
    old = browser(app, database, world, "region")
    answers = []
    for address in ("nobody@example.org", "region@example.org", "region@example.org"):
        guest = PageClient(app)
        answer = guest.post("/mot-de-passe-oublie", data={"email": address}, token_from="/mot-de-passe-oublie")
        answers.append(
            (answer.status_code, answer.location, "vient de lui être envoyé" in guest.get("/connexion").text)
        )
    app.extensions["errands"].shutdown(wait=True)
    assert answers == [(302, "/connexion", True)] * 3
    (mail,) = mails(settings)
    assert (mail["To"], "region@example.org" in mail["To"]) == ("region@example.org", True)
    link = re.search(r"(/lien/\S+)", mail.get_content())[1]
    guest = PageClient(app)
    guest.post(link, data={"password": PASSWORD, "again": PASSWORD}, token_from=link)
    assert old.get("/mon-compte").status_code == 302


def test_closing_an_account_ends_its_sessions(app: Flask, database: Database, world: World) -> None:
    officer = browser(app, database, world, "region")
    assert officer.get("/mon-compte").status_code == 200
    admin = browser(app, database, world, "admin")
    page = f"/administration/comptes/{world.actors['region'].account_id}/desactiver"
    assert admin.post(page, token_from=page).status_code == 302
    assert officer.get("/mon-compte").status_code == 302


def test_administrator_cannot_close_itself_nor_stop_being_the_last_one(
    app: Flask, database: Database, world: World
) -> None:
    admin = browser(app, database, world, "admin")
    own = world.actors["admin"].account_id
    page = f"/administration/comptes/{own}"
    answer = admin.post(f"{page}/desactiver", token_from=f"{page}/desactiver")
    assert (answer.status_code, "votre propre compte" in answer.text) == (422, True)
    data = {"name": "A", "organisation_id": world["secretariat"], "role": "coordinator", "version": 1}
    answer = admin.post(page, data=data, token_from=page)
    assert (answer.status_code, "dernier administrateur" in answer.text) == (422, True)
    with database.reading() as session:
        account = session.get_one(Account, own)
        assert (account.role, account.is_active) == (Role.ADMIN.value, True)


def test_second_writer_of_an_account_is_told(app: Flask, database: Database, world: World) -> None:
    admin = browser(app, database, world, "admin")
    page = f"/administration/comptes/{world.actors['region'].account_id}"
    data = {"name": "Un", "organisation_id": world["region"], "role": "officer", "version": 1}
    assert admin.post(page, data=data, token_from=page).status_code == 302
    answer = admin.post(page, data={**data, "name": "Deux"}, token_from=page)
    assert (answer.status_code, "modifié par quelqu’un d’autre" in answer.text) == (422, True)


def test_organisation_takes_a_checked_siret_and_shows_its_successor(
    app: Flask, database: Database, world: World
) -> None:
    admin = browser(app, database, world, "admin")
    form = "/administration/organismes/nouveau"
    data = {
        "name": "Assedic Exemple",
        "kind": "assedic",
        "siret": "12345678901234",
        "is_funder": "y",
        "last": "31/12/2008",
    }
    data["successor_id"] = str(world["france_travail"])
    answer = admin.post(form, data=data, token_from=form)
    assert (answer.status_code, "clé de contrôle" in answer.text) == (422, True)
    answer = admin.post(form, data={**data, "siret": "237 500 079 00312"}, token_from=form)
    assert answer.status_code == 302
    page = admin.get(answer.location).text
    assert "23750007900312" in page and "France Travail" in page and "Organisme ajouté" in page
    assert "Assedic Exemple" in admin.get(f"/administration/organismes/{world['france_travail']}").text


def test_list_item_is_added_dated_and_never_removed(app: Flask, database: Database, world: World) -> None:
    admin = browser(app, database, world, "admin")
    form = "/administration/listes/scheme/nouveau"
    answer = admin.post(form, data={"label": "Dispositif local", "first": "01/01/2026"}, token_from=form)
    assert answer.status_code == 302
    again = admin.post(form, data={"label": "Dispositif local"}, token_from=form)
    assert (again.status_code, "existe déjà" in again.text) == (422, True)
    with database.reading() as session:
        item = session.exec(select(Scheme).where(Scheme.code == "dispositif_local")).one()
        page, version = f"/administration/listes/scheme/{item.id}", item.version
    data = {"label": "Dispositif local", "first": "01/01/2026", "last": "31/12/2025", "version": version}
    answer = admin.post(page, data=data, token_from=page)
    assert (answer.status_code, "précède" in answer.text) == (422, True)
    assert admin.post(page, data={**data, "last": "31/12/2027"}, token_from=page).status_code == 302
    assert "31\u00a0décembre\u00a02027" in admin.get(page).text
    assert admin.get("/administration/listes/inconnue").status_code == 404


def test_journal_tells_who_did_what_and_filters(app: Flask, database: Database, world: World) -> None:
    admin = browser(app, database, world, "admin")
    form = "/administration/listes/scheme/nouveau"
    admin.post(form, data={"label": "Dispositif local"}, token_from=form)
    page = admin.get("/administration/journal?action=add_reference").text
    assert "Valeur ajoutée à une liste" in page
    assert page.count("Compte admin") >= 1
    assert "Aucun jour n’est encore scellé" in page
    assert "Rien ne répond" in admin.get("/administration/journal?du=01/01/2000&au=02/01/2000").text
    assert "n’est pas lisible" in admin.get("/administration/journal?du=demain").text


def test_funder_sets_its_threshold_and_budgets(app: Flask, database: Database, world: World) -> None:
    signatory = browser(app, database, world, "region_signatory")
    data = {"confirmation_threshold": "50 000"}
    assert signatory.post("/mon-organisme/seuil", data=data, token_from="/mon-organisme").status_code == 302
    assert "50\u202f000,00\u00a0€" in signatory.get("/mon-organisme").text
    officer = browser(app, database, world, "region")
    assert officer.post("/mon-organisme/seuil", data=data, token_from="/mon-organisme").status_code == 403
    answer = officer.post(
        "/mon-organisme/budgets", data={"year": "2026", "amount": "1 200 000"}, token_from="/mon-organisme"
    )
    assert answer.status_code == 302
    assert "1\u202f200\u202f000,00" in officer.get("/mon-organisme").text
    with database.reading() as session:
        assert session.get_one(Organisation, world["opco"]).confirmation_threshold is None


def test_password_change_closes_the_other_sessions_and_keeps_this_one(
    app: Flask, database: Database, world: World
) -> None:
    with database.writing() as session:
        account = session.get_one(Account, world.actors["region"].account_id)
        account.password_hash = hash_password(PASSWORD, email=account.email, name=account.name)
        session.add(account)
    here, there = (browser(app, database, world, "region") for _ in range(2))
    form, fresh = "/mon-compte/mot-de-passe", "une autre suite de mots"
    wrong = here.post(form, data={"present": "faux", "password": fresh, "again": fresh}, token_from=form)
    assert (wrong.status_code, "pas votre mot de passe actuel" in wrong.text) == (422, True)
    with database.reading() as session:
        assert session.get_one(Account, world.actors["region"].account_id).failed_attempts == 1
    assert (
        here.post(form, data={"present": PASSWORD, "password": fresh, "again": fresh}, token_from=form).status_code
        == 302
    )
    assert (here.get("/mon-compte").status_code, there.get("/mon-compte").status_code) == (200, 302)


def test_one_closes_its_own_sessions_only(app: Flask, database: Database, world: World) -> None:
    here, there = (browser(app, database, world, "region") for _ in range(2))
    other = browser(app, database, world, "opco")
    hashes = {
        name: token_hash(each.flask.get_cookie(COOKIE).value) for name, each in (("there", there), ("other", other))
    }
    assert here.post(f"/mon-compte/sessions/{hashes['other']}/fermer", token_from="/mon-compte").status_code == 404
    assert here.post(f"/mon-compte/sessions/{hashes['there']}/fermer", token_from="/mon-compte").status_code == 302
    assert [each.get("/mon-compte").status_code for each in (here, there, other)] == [200, 302, 200]
    with database.reading() as session:
        assert session.get_one(LoginSession, hashes["other"]).revoked_at is None


def test_delegate_is_a_colleague(app: Flask, database: Database, world: World) -> None:
    officer = browser(app, database, world, "region")
    colleague, stranger = (str(world.actors[who].account_id) for who in ("region_signatory", "opco"))
    data = {"name": "Compte region", "delegate_id": stranger}
    answer = officer.post("/mon-compte", data=data, token_from="/mon-compte")
    assert (answer.status_code, "collègue de votre organisme" in answer.text) == (422, True)
    assert (
        officer.post("/mon-compte", data={**data, "delegate_id": colleague}, token_from="/mon-compte").status_code
        == 302
    )
    with database.reading() as session:
        assert str(session.get_one(Account, world.actors["region"].account_id).delegate_id) == colleague


def test_journal_holds_no_name(app: Flask, database: Database, world: World) -> None:
    admin = browser(app, database, world, "admin")
    form = "/administration/comptes/nouveau"
    data = {"email": "secrete@example.org", "name": "Nom Secret", "organisation_id": world["opco"], "role": "officer"}
    admin.post(form, data=data, token_from=form)
    with database.reading() as session:
        told = [f"{entry.object_label}{entry.changes}" for entry in session.exec(select(JournalEntry))]
    assert not [text for text in told if "Secret" in text or "secrete" in text]


def test_settings_rename_the_conference(app: Flask, database: Database, world: World) -> None:
    admin = browser(app, database, world, "admin")
    page = admin.get("/administration/reglages").text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    data = {"name": "Conférence de la région", "region": "Exemple", "version": version}
    assert admin.post("/administration/reglages", data=data, token_from="/administration/reglages").status_code == 302
    assert "Conférence de la région" in admin.get("/administration").text


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_mail_that_does_not_leave_shows_the_link_once(database: Database, settings: Settings, world: World) -> None:
    app = conference.create_app(settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": 1}))
    admin = browser(app, database, world, "admin")
    form = "/administration/comptes/nouveau"
    data = {"email": "neuve@example.org", "name": "Neuve", "organisation_id": world["opco"], "role": "officer"}
    answer = admin.post(form, data=data, token_from=form)
    page = admin.get(answer.location).text
    assert "n’est pas parti" in page and "/lien/" in page
    assert "/lien/" not in admin.get(answer.location).text
    app.extensions["database"].dispose()
    assert not (settings.instance / "mails").exists()
