"""Do the pages of signatures lead each party through its own means, and file a scan by the code of its pages?"""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from flask import Flask
from sqlmodel import select

from conference.data.session import Database
from conference.data.tables import Convention, ConventionVersion, Signatory
from conference.services.seal_certificate import make_certificate
from conference.settings import Settings
from tests.seeds import World, make_world, sign_in_token
from tests.services.drafted_conventions import completed, drafted, to_sign
from tests.web.page_client import PageClient

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NOW = datetime.now(UTC)


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


def client(app: Flask, database: Database, world: World, who: str) -> PageClient:
    browser = PageClient(app)
    browser.flask.set_cookie("conference_session", sign_in_token(database, world.actors[who]))
    return browser


def spaced(text: str) -> str:
    """Figures as they are typed here, without the no-break spaces of the screen."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


def test_signatories_are_named_then_sign_by_their_own_means(
    app: Flask, database: Database, world: World, settings: Settings
) -> None:
    make_certificate(settings.instance, "Conférence Exemple", at=NOW)
    with database.writing() as session:
        version = drafted(session, world)
        completed(session, world, version)
        version_id, convention_id = version.id or 0, version.convention_id
    officer, signatory = (client(app, database, world, who) for who in ("region", "region_signatory"))
    address = f"/conventions/versions/{version_id}/signataires"
    page = officer.get(address).text
    assert "Signataire 1" in page
    data = {"lines": "4", "organisation_id0": str(world["region"]), "name0": "Mme Exemple", "function0": "Présidente"}
    data |= {"organisation_id1": str(world["opco"]), "name1": "M. Exemple", "ordered": "y"}
    with database.reading() as session:
        data["version"] = str(session.get_one(ConventionVersion, version_id).version)
    assert officer.post(address, token_from=address, data={**data, "name1": ""}).status_code == 422
    assert officer.post(address, token_from=address, data=data).status_code == 303
    with database.writing() as session:
        to_sign(session, world, settings.instance, session.get_one(ConventionVersion, version_id))
        rows = session.exec(select(Signatory).where(Signatory.version_id == version_id)).all()
        region, opco = [row.id or 0 for row in sorted(rows, key=lambda row: row.rank)]
    assert "1 convention à signer" in spaced(officer.get("/").text)
    shown = f"/conventions/{convention_id}/signature"
    assert f"/conventions/signataires/{region}/papier" in officer.get(shown).text
    assert f"/conventions/signataires/{opco}/papier" not in officer.get(shown).text
    seal = f"/conventions/signataires/{region}/cachet"
    assert officer.flask.get(seal).status_code == 403
    assert signatory.post(seal, token_from=seal).status_code == 303
    assert "Attendue" in officer.get(shown).text and "Cachet de l’instance" in officer.get(shown).text
    other = client(app, database, world, "opco")
    paper = f"/conventions/signataires/{opco}/papier"
    assert "Aucune copie numérisée" in other.get(paper).text
    document = other.flask.get(f"/conventions/versions/{version_id}/document").data
    scans = "/conventions/numerisations"
    nothing = other.post(scans, token_from=scans, data={})
    assert nothing.status_code == 422 and "Choisissez un fichier" in nothing.text
    sent = other.post(scans, token_from=scans, data={"file": (BytesIO(document), "copie.pdf")})
    assert sent.status_code == 200 and "complète" in sent.text
    data = {"file_id": "1", "signed_on": f"{NOW:%d/%m/%Y}"}
    with database.reading() as session:
        assert session.get_one(Convention, convention_id).status == "to_sign"
    choices = other.get(paper).text
    file_id = choices.split('<option value="')[-1].split('"')[0]
    done = other.post(paper, token_from=paper, data={**data, "file_id": file_id})
    assert done.status_code == 303
    with database.reading() as session:
        assert session.get_one(ConventionVersion, version_id).status == "signed"
    assert "à signer" not in spaced(other.get("/").text)
    for page in (shown, f"/conventions/{convention_id}"):
        assert "copie.pdf" in other.get(page).text
    file = other.flask.get(f"/conventions/fichiers/{file_id}")
    assert file.status_code == 200 and file.headers["Content-Disposition"].startswith("attachment")
    stranger = client(app, database, world, "france_travail")
    for address in (shown, f"/conventions/fichiers/{file_id}", paper):
        assert stranger.get(address).status_code == 404


def test_an_annex_and_a_delegation_are_joined(app: Flask, database: Database, world: World) -> None:
    with database.writing() as session:
        version = drafted(session, world)
        completed(session, world, version)
        convention_id = version.convention_id
        row = session.exec(select(Signatory).where(Signatory.version_id == version.id)).all()[0]
        row.delegate_of = "la présidente"
        session.add(row)
        number = row.id or 0
    officer = client(app, database, world, "region")
    for address in (
        f"/conventions/{convention_id}/annexes/ajouter",
        f"/conventions/signataires/{number}/delegation",
    ):
        sent = {"file": (BytesIO(b"%PDF-1.4\n%%EOF\n"), "arrete.pdf")}
        assert officer.post(address, token_from=address, data=sent).status_code == 303
    assert "arrete.pdf" in officer.get(f"/conventions/{convention_id}").text
