"""Can a hurried officer record, pay, correct, confirm and find commitments, and is nothing typed ever lost?"""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from flask import Flask

from conference.data.queries.commitment_page import CommitmentShown, commitment_page
from conference.data.session import Database
from conference.data.tables import Organisation
from tests.seeds import World, commit, make_world
from tests.web.ledger_pages import Browsers, commit_by_form, version_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NOW = "2026-06-15T09:00:00Z"


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def browsers(app: Flask, database: Database, world: World) -> Browsers:
    with time_machine.travel(NOW, tick=False):
        yield Browsers(app, database, world)


def shown(database: Database, world: World, who: str, commitment_id: int) -> CommitmentShown:
    with database.reading() as session:
        return commitment_page(session, world.actors[who], commitment_id)


def set_threshold(database: Database, world: World, amount: str) -> None:
    with database.writing() as session:
        row = session.get_one(Organisation, world["region"])
        row.confirmation_threshold = Decimal(amount)
        session.add(row)


def test_an_empty_list_offers_the_next_step(browsers: Browsers) -> None:
    page = browsers("region").get("/engagements")
    assert page.status_code == 200
    assert page.text.count("Nouvel engagement") == 2, "the button of the page, and that of the empty list"


def test_a_commitment_is_recorded_and_found(browsers: Browsers, database: Database, world: World) -> None:
    region = browsers("region")
    answer = commit_by_form(region, provider="Centre de formation du Bâtiment", persons="12", first="1/6/2026")
    assert (answer.status_code, answer.location) == (302, "/engagements/1")
    page = region.get("/engagements/1")
    assert "Engagement E-2026-000001 enregistré." in page.text
    line = shown(database, world, "region", 1)
    assert (line.balance.committed, line.decided_on, line.object) == (
        Decimal("1250.00"),
        date(2026, 5, 14),
        "Formation de soudeur",
    )
    assert (line.provider, line.persons, line.first) == ("Centre de formation du Bâtiment", 12, date(2026, 6, 1))
    assert "E-2026-000001" in region.get("/engagements").text
    assert "Formation de soudeur" in region.get("/recherche?q=soudeur").text


def test_a_refused_form_says_why_and_keeps_what_was_typed(browsers: Browsers) -> None:
    region = browsers("region")
    answer = commit_by_form(region, amount="12.50,00", decided_on="31/02/2026", object="", persons="0", provider="<b>x")
    assert answer.status_code == 422
    for sentence in (
        "Le montant «\u202f12.50,00\u202f» n’est pas lisible. Écrivez par exemple 1250,00 ou 1 250,00.",
        "La date «\u202f31/02/2026\u202f» n’existe pas. Vérifiez le jour et le mois.",
        "Dites en quelques mots ce qui est financé.",
        "Le nombre de personnes doit être au moins 1, ou rester vide.",
    ):
        assert answer.text.count(sentence) == 2, sentence
    assert 'value="12.50,00"' in answer.text and 'value="31/02/2026"' in answer.text
    assert 'value="&lt;b&gt;x"' in answer.text
    assert "Aucun engagement n’est encore enregistré" in region.get("/engagements").text


def test_a_taken_reference_is_refused_at_its_field(browsers: Browsers) -> None:
    region = browsers("region")
    assert commit_by_form(region, funder_reference="R-1").status_code == 302
    answer = commit_by_form(region, funder_reference="R-1")
    assert answer.status_code == 422
    assert "La référence «\u202fR-1\u202f» existe déjà pour ce financeur." in answer.text
    assert 'href="#funder_reference"' in answer.text


def test_an_unknown_siret_needs_a_name_and_a_new_provider_is_to_check(
    browsers: Browsers, database: Database, world: World
) -> None:
    region = browsers("region")
    answer = commit_by_form(region, provider="356 000 000 00048")
    assert answer.status_code == 422
    assert "n’est pas encore connu. Écrivez aussi le nom" in answer.text
    assert commit_by_form(region, provider="La Poste 356 000 000 00048").status_code == 302
    line = shown(database, world, "region", 1)
    assert (line.provider, line.provider_siret, line.provider_to_check) == ("La Poste", "35600000000048", True)


def test_the_same_form_sent_twice_records_once(browsers: Browsers) -> None:
    region = browsers("region")
    first = commit_by_form(region, number="abc")
    second = commit_by_form(region, number="abc")
    assert first.location == second.location == "/engagements/1"
    assert region.get("/engagements/2").status_code == 404


def test_a_period_over_two_years_proposes_its_shares(browsers: Browsers, database: Database, world: World) -> None:
    region = browsers("region")
    typed = {"amount": "6000", "first": "01/09/2025", "last": "31/08/2026"}
    asked = commit_by_form(region, **typed)
    assert asked.status_code == 422
    assert 'name="shares-2025"' in asked.text and 'value="2005,48"' in asked.text and 'value="3994,52"' in asked.text
    wrong = commit_by_form(region, **typed, **{"shares-2025": "2000", "shares-2026": "3000"})
    assert wrong.status_code == 422
    assert "Les parts font 5\u202f000,00\u00a0€ au lieu de 6\u202f000,00\u00a0€." in wrong.text
    right = commit_by_form(region, **typed, **{"shares-2025": "2000", "shares-2026": "4000"})
    assert right.status_code == 302
    assert shown(database, world, "region", 1).shares == ((2025, Decimal("2000.00")), (2026, Decimal("4000.00")))


def test_duplicate_takes_what_repeats_and_not_the_references(browsers: Browsers) -> None:
    region = browsers("region")
    commit_by_form(region, funder_reference="R-1", provider="Centre de formation du Bâtiment")
    page = region.get("/engagements/nouveau?depuis=1").text
    assert 'value="1250,00"' in page and 'value="Formation de soudeur"' in page
    assert 'value="Centre de formation du Bâtiment"' in page
    assert 'value="15/06/2026"' in page, "the day is today's"
    assert "R-1" not in page


def test_a_draft_keeps_even_what_is_wrong(browsers: Browsers) -> None:
    region = browsers("region")
    kept = commit_by_form(region, amount="douze", object="Atelier", draft="1")
    assert kept.status_code == 302
    page = region.get(kept.location).text
    assert 'value="douze"' in page and 'value="Atelier"' in page
    assert "Atelier" in region.get("/brouillons").text
    assert browsers("region_signatory").get(kept.location).status_code == 404
    done = region.post("/engagements/nouveau", token_from=kept.location, data={**_typed(), "draft_id": "1"})
    assert done.status_code == 302
    assert "Vous n’avez aucun brouillon." in region.get("/brouillons").text


def test_a_draft_can_be_thrown_away(browsers: Browsers) -> None:
    region = browsers("region")
    commit_by_form(region, draft="1")
    other = browsers("region_signatory")
    assert other.post("/brouillons/1/supprimer", token_from="/engagements/nouveau").status_code == 404
    assert region.post("/brouillons/1/supprimer", token_from="/brouillons").status_code == 302
    assert "Vous n’avez aucun brouillon." in region.get("/brouillons").text


def _typed() -> dict[str, str]:
    return {"amount": "12,00", "decided_on": "14/05/2026", "object": "Atelier"}


def record(browsers: Browsers, who: str, kind: str, version: str | None = None, **typed: str) -> tuple[int, str]:
    client, address = browsers(who), f"/engagements/1/ecriture?type={kind}"
    carried = version or version_of(client, address)
    data = {"effective_on": "10/06/2026", "version": carried, **typed}
    answer = client.post(address, token_from=address, data=data)
    return answer.status_code, answer.text


def test_a_payment_and_its_annulation(browsers: Browsers, database: Database, world: World) -> None:
    region = browsers("region")
    commit_by_form(region)
    page = region.get("/engagements/1/ecriture?type=payment").text
    assert 'value="1250,00"' in page, "what is left is proposed"
    assert record(browsers, "region", "payment", amount="12500")[0] == 422
    _, text = record(browsers, "region", "payment", amount="1251")
    assert "Le total payé (1\u202f251,00\u00a0€) dépasserait le montant engagé (1\u202f250,00\u00a0€)." in text
    assert record(browsers, "region", "payment", amount="125,00")[0] == 302
    reverse = "/engagements/1/ecritures/2/annuler"
    asked = region.get(reverse).text
    assert "Le payé passe de 125,00\u00a0€ à 0,00\u00a0€." in asked
    assert region.post(reverse, token_from=reverse, data={"version": "2"}).status_code == 422
    done = region.post(reverse, token_from=reverse, data={"version": "2", "motive": "Saisi deux fois"})
    assert done.status_code == 302
    line = shown(database, world, "region", 1)
    assert [(e.amount, e.reversed_by, e.motive) for e in line.entries[1:]] == [
        (Decimal("125.00"), 3, None),
        (Decimal("-125.00"), None, "Saisi deux fois"),
    ]
    page = region.get("/engagements/1").text
    assert "<s>Paiement</s>" in page and 'href="#ecriture-3"' in page
    assert "Saisi deux fois" in page.partition("Historique")[2]
    again = region.post(reverse, token_from="/engagements/nouveau", data={"version": "3", "motive": "encore"})
    assert again.status_code == 409 and "déjà annulée" in again.text


def test_the_second_of_two_writers_is_told(browsers: Browsers) -> None:
    commit_by_form(browsers("region"))
    seen = version_of(browsers("region_signatory"), "/engagements/1/ecriture?type=payment")
    assert record(browsers, "region", "payment", amount="100")[0] == 302
    code, text = record(browsers, "region_signatory", "payment", seen, amount="100")
    assert code == 409
    assert "Une écriture a été enregistrée sur cet engagement depuis que vous avez ouvert cette page." in text
    assert 'value="100"' in text, "what was typed is kept"
    assert record(browsers, "region_signatory", "payment", amount="100")[0] == 302


def test_a_payment_in_the_future_is_refused_at_its_date(browsers: Browsers) -> None:
    commit_by_form(browsers("region"))
    code, text = record(browsers, "region", "payment", amount="1", effective_on="16/06/2026")
    assert code == 422 and "est dans le futur" in text and 'href="#effective_on"' in text


def test_above_the_threshold_another_person_confirms(browsers: Browsers, database: Database, world: World) -> None:
    set_threshold(database, world, "1000.00")
    region = browsers("region")
    assert "Au-dessus de 1\u202f000,00\u00a0€, une seconde personne confirme" in region.get("/engagements/nouveau").text
    commit_by_form(region)
    assert "il attend sa confirmation" in region.get("/engagements/1").text
    assert "E-2026-000001" in region.get("/engagements?etat=a-confirmer").text
    assert shown(database, world, "region", 1).balance.committed == 0
    address = "/engagements/1/confirmer"
    refused = region.post(address, token_from=address, data={"version": "1"})
    assert refused.status_code == 422 and "un signataire doit le confirmer" in refused.text
    signatory = browsers("region_signatory")
    stale = signatory.post(address, token_from=address, data={"version": "9"})
    assert stale.status_code == 409
    assert signatory.post(address, token_from=address, data={"version": "1"}).status_code == 302
    assert shown(database, world, "region", 1).balance.committed == Decimal("1250.00")
    late = signatory.post(address, token_from="/engagements/nouveau", data={"version": "3"})
    assert late.status_code == 409 and "n’attend plus de confirmation" in late.text


def test_bulk_payment_tells_what_was_paid_and_refused(browsers: Browsers, database: Database, world: World) -> None:
    with database.writing() as session:
        ids = [commit(session, world, "region", amount) for amount in ("100.10", "200.20", "300.00")]
        other = commit(session, world, "opco", "400.00")
    region = browsers("region")
    record(browsers, "region", "payment", amount="100,10")
    chosen = [str(number) for number in (*ids, other, 999)]
    asked = region.post("/engagements/paiement-groupe", token_from="/engagements", data={"ids": chosen})
    assert asked.status_code == 200 and asked.text.count('name="ids"') == 3
    wrong = region.post("/engagements/paiement-groupe", token_from="/engagements", data={"ids": chosen, "paid_on": "x"})
    assert wrong.status_code == 422
    data = {"ids": chosen, "paid_on": "12/06/2026", "reference": "VIR-7"}
    report = region.post("/engagements/paiement-groupe", token_from="/engagements", data=data)
    assert report.status_code == 200
    assert "2 engagements payés pour 500,20\u00a0€, 3 refusés" in report.text
    assert "Rien ne reste à payer sur cet engagement." in report.text
    assert shown(database, world, "region", ids[1]).balance.paid == Decimal("200.20")
    assert shown(database, world, "opco", other).balance.paid == 0
    again = region.post("/engagements/paiement-groupe", token_from="/engagements", data=data)
    assert "0 engagement payé pour 0,00\u00a0€, 5 refusés" in again.text
    assert "Paiement groupé de 200,20\u00a0€" in region.get(f"/engagements/{ids[1]}").text


def test_nothing_chosen_is_said(browsers: Browsers) -> None:
    region = browsers("region")
    commit_by_form(region)
    answer = region.post("/engagements/paiement-groupe", token_from="/engagements", follow_redirects=True)
    assert "Choisissez d’abord des engagements dans la liste." in answer.text


def test_a_transfer_is_received_and_spent(browsers: Browsers, database: Database, world: World) -> None:
    region, opco = browsers("region"), browsers("opco")
    commit_by_form(region, amount="1000", object="SecretObjet", to_funder_id=str(world["opco"]), scheme="3")
    listed = opco.get("/transferts").text
    assert "À rattacher" in listed and "1\u202f000,00" in listed and "SecretObjet" not in listed
    assert "Aucun financeur ne vous a versé" in browsers("france_travail").get("/transferts").text
    assert browsers("france_travail").get("/engagements/nouveau?transfert=1").status_code == 404
    form = opco.get("/engagements/nouveau?transfert=1").text
    assert 'value="1000,00"' in form and 'name="scheme"' not in form
    data = {"amount": "1000", "decided_on": "20/05/2026", "object": "Centre payé", "given_id": "1"}
    done = opco.post("/engagements/nouveau", token_from="/engagements/nouveau?transfert=1", data=data)
    assert (done.status_code, done.location) == (302, "/engagements/2")
    assert shown(database, world, "opco", 2).items == shown(database, world, "region", 1).items
    assert "Rattaché" in opco.get("/transferts").text
    page = opco.get("/engagements").text
    assert "dont transferts internes" in page and "Total partagé" in page
    assert "Transfert reçu de" in opco.get("/engagements/2").text
    assert "Dépensé par" in region.get("/engagements/1").text


def test_an_own_line_is_tied_to_a_transfer(browsers: Browsers, database: Database, world: World) -> None:
    with database.writing() as session:
        given = commit(session, world, "region", "500.00", to_funder_id=world["opco"])
        spent = commit(session, world, "opco", "500.00")
    opco, address = browsers("opco"), f"/transferts/{given}/rattacher"
    assert "E-2026-000002" in opco.get(address).text
    assert browsers("france_travail").get(address).status_code == 404
    assert opco.post(address, token_from=address, data={}).status_code == 422
    assert opco.post(address, token_from=address, data={"spent_id": str(spent)}).status_code == 302
    assert [side.funder for side in shown(database, world, "opco", spent).sides] == ["Région Exemple"]


def test_a_filter_that_cannot_be_read_shows_no_figure(browsers: Browsers) -> None:
    region = browsers("region")
    commit_by_form(region)
    region.get("/engagements/1")  # takes the message of success away
    for query in ("du=bientôt", "financeur=nobody", "etat=x", "annee=12", "du=2026-05&au=2026-04"):
        page = region.get(f"/engagements?{query}")
        assert page.status_code == 422
        assert "E-2026-000001" not in page.text
    assert region.get("/engagements?tri=zzz&page=-4&taille=9999").status_code == 200


@pytest.mark.parametrize("who", ["reader", "coordinator", "admin"])
def test_roles_that_write_nothing(browsers: Browsers, database: Database, world: World, who: str) -> None:
    with database.writing() as session:
        commit(session, world, "region", "500.00")
    client = browsers(who)
    for address in ("/engagements/nouveau", "/engagements/1", "/engagements/1/ecriture", "/brouillons", "/transferts"):
        assert client.get(address).status_code == 403, address
    assert client.get("/engagements").status_code == (403 if who == "reader" else 200)
    assert client.get("/engagements/export.csv").status_code == (403 if who == "reader" else 200)
    assert client.get("/recherche?q=a").status_code == (403 if who == "reader" else 200)


@pytest.mark.parametrize(
    "address",
    [
        "/engagements/1",
        "/engagements/1/ecriture?type=payment",
        "/engagements/1/ecritures/1/annuler",
        "/engagements/1/confirmer",
        "/engagements/1/fichiers/ajouter",
        "/engagements/nouveau?depuis=1",
    ],
)
def test_another_funder_opens_nothing(browsers: Browsers, database: Database, world: World, address: str) -> None:
    with database.writing() as session:
        commit(session, world, "region", "500.00")
    assert browsers("region").get(address).status_code == 200
    client = browsers("opco")
    assert client.get(address).status_code == 404
    data = {"amount": "1", "effective_on": "10/06/2026", "motive": "x", "version": "1"}
    if "nouveau" not in address:
        if address != "/engagements/1":
            assert client.post(address, token_from="/engagements/nouveau", data=data).status_code in (404, 422)
        assert shown(database, world, "region", 1).version == 1
