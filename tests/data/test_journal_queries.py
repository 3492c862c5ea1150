"""The journal as it is read: in French, whole for the administrator, by object on the object's page."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from conference.data.journal_labels import VERBS, object_label, verb_label
from conference.data.queries.journal import JournalFilter, history_of, journal_page, seals
from conference.data.session import Database
from conference.domain.ledger import EntryKind
from conference.domain.permissions import CONSOLE
from conference.domain.refusal import Forbidden
from conference.services.accounts import edit_account
from conference.services.organisations import set_confirmation_threshold
from tests.seeds import AT, make_world

SERVICES = Path(__file__).resolve().parents[2] / "conference" / "services"
IN_CALL = re.compile(r'verb="(\w+)"|_(?:journal|changed)\([^")]*"(\w+)",')


def test_every_verb_that_the_services_write_is_said_in_french() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SERVICES.rglob("*.py"))
    written = {verb or other for verb, other in IN_CALL.findall(code)} - set(SQLModel.metadata.tables)
    written |= {f"record_{kind.value}" for kind in EntryKind}
    assert {"commit_funds", "edit_account", "add_reference"} <= written
    assert written - set(VERBS) == set()


def test_every_kind_of_object_that_the_services_write_is_said_in_french() -> None:
    written = {
        found for path in SERVICES.rglob("*.py") for found in re.findall(r'object_kind="(\w+)"', path.read_text())
    }
    assert len(written) > 10
    assert all(object_label(kind) for kind in written)


def test_history_tells_changes_in_french_and_amounts_as_amounts(database: Database) -> None:
    world = make_world(database)
    with database.writing() as session:
        by = world.actors["region_signatory"]
        set_confirmation_threshold(session, world["region"], threshold=Decimal("50000"), by=by, at=AT)
        edit_account(
            session,
            world.actors["opco"].account_id or 0,
            name="Autre nom",
            role="signatory",
            organisation_id=world["opco"],
            version=1,
            by=CONSOLE,
            at=AT + timedelta(hours=1),
        )
    with database.reading() as session:
        last = history_of(session, "organisation", world["region"])[0]
        assert (last.by, last.what) == ("Compte region_signatory", "Seuil de confirmation fixé")
        assert last.changes == (("Seuil de confirmation", "vide", "50\u202f000,00\u00a0€"),)
        (event,) = history_of(session, "account", world.actors["opco"].account_id or 0)
        assert event.what == "Compte modifié (Nom\u202f: modifié)"
        assert event.changes == (("Rôle", "Gestionnaire", "Signataire"),)


def test_journal_is_filtered_paged_and_for_the_administrator(database: Database) -> None:
    world = make_world(database)
    with database.reading() as session:
        whole = journal_page(session, world.actors["admin"], JournalFilter())
        assert [line.id for line in whole.lines] == list(range(whole.total, 0, -1))
        page = journal_page(session, world.actors["admin"], JournalFilter(verb="add_organisation"), first=1, count=2)
        assert (page.total, [line.object_id for line in page.lines]) == (5, [4, 3])
        day = AT.date()
        empty = JournalFilter(first=day + timedelta(days=1))
        assert journal_page(session, world.actors["admin"], empty).total == 0
        assert journal_page(session, world.actors["admin"], JournalFilter(first=day, last=day)).total == whole.total
        assert seals(session, world.actors["admin"]) == []
        for who in ("region", "coordinator", "reader", "opco_signatory"):
            with pytest.raises(Forbidden):
                journal_page(session, world.actors[who], JournalFilter())


def test_unknown_verb_is_shown_as_it_is_kept() -> None:
    assert verb_label("not_a_verb") == "not_a_verb"
