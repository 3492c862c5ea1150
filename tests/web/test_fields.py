"""Do the fields understand what French officers type, and keep what they cannot read?"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from conference.web.fields import (
    ChoiceField,
    DayField,
    EurosField,
    MonthField,
    Needed,
    PersonsField,
    SharesField,
    TextField,
    WholeField,
)


class Sample(Form):
    amount = EurosField("Montant", [Needed("Indiquez le montant.")])
    on = DayField("Date")
    month = MonthField("Mois")
    persons = PersonsField("Personnes")
    count = WholeField("Nombre")
    item = ChoiceField("Dispositif", choices=[(4, "AIF <1>")])
    text = TextField("Objet", longest=10)
    shares = SharesField("Parts")


def filled(**typed: Any) -> Sample:
    return Sample(MultiDict(typed))


@pytest.mark.parametrize(
    ("typed", "read"),
    [("1 250,00", "1250.00"), ("1250.5", "1250.50"), (" 1.250,00 € ", "1250.00"), ("1\u202f250,00", "1250.00")],
)
def test_euros_read_what_is_pasted(typed: str, read: str) -> None:
    form = filled(amount=typed)
    assert form.validate()
    assert form.amount.data == Decimal(read)


@pytest.mark.parametrize("typed", ["12.50,00", "1,250", "1e3", "douze"])
def test_euros_keep_what_cannot_be_read(typed: str) -> None:
    form = filled(amount=typed)
    assert not form.validate()
    assert form.amount.errors == [f"Le montant « {typed} » n’est pas lisible. Écrivez par exemple 1250,00 ou 1 250,00."]
    assert f'value="{typed}"' in form.amount()
    assert 'inputmode="decimal"' in form.amount()


def test_blank_amount_is_needed_once() -> None:
    form = filled(amount="  ")
    assert not form.validate()
    assert form.amount.errors == ["Indiquez le montant."]
    assert form.errors.keys() == {"amount"}


def test_a_value_given_by_the_page_is_shown_for_editing() -> None:
    form = Sample(data={"amount": Decimal("1250"), "on": date(2026, 5, 4), "month": date(2026, 3, 1)})
    assert 'value="1250,00"' in form.amount()
    assert 'value="04/05/2026"' in form.on()
    assert 'value="03/2026"' in form.month()


@pytest.mark.parametrize("typed", ["14/05/2026", "2026-05-14", "14 mai 2026", "14-5-2026"])
def test_days(typed: str) -> None:
    form = filled(amount="1", on=typed)
    assert form.validate()
    assert form.on.data == date(2026, 5, 14)


def test_a_day_that_does_not_exist_says_so() -> None:
    form = filled(amount="1", on="31/02/2026")
    assert not form.validate()
    assert form.on.errors == ["La date « 31/02/2026 » n’existe pas. Vérifiez le jour et le mois."]
    assert 'value="31/02/2026"' in form.on()


@pytest.mark.parametrize("typed", ["2026-03", "03/2026", "mars 2026"])
def test_months(typed: str) -> None:
    form = filled(amount="1", month=typed)
    assert form.validate()
    assert form.month.data == date(2026, 3, 1)


def test_numbers() -> None:
    form = filled(amount="1", persons="1 250", count="0")
    assert form.validate()
    assert (form.persons.data, form.count.data) == (1250, 0)
    form = filled(amount="1", persons="0", count="douze")
    assert not form.validate()
    assert form.persons.errors == ["Le nombre de personnes doit être au moins 1, ou rester vide."]
    assert form.count.errors == ["« douze » n’est pas un nombre entier. Écrivez par exemple 12."]


@pytest.mark.parametrize(("typed", "read", "errors"), [("4", 4, ()), ("", None, ()), ("5", 5, 1), ("x", None, 1)])
def test_items(typed: str, read: int | None, errors: Any) -> None:
    form = filled(amount="1", item=typed)
    assert form.validate() is not bool(errors)
    assert list(form.item.errors) == (["Choisissez dans la liste."] if errors else [])
    if not errors:
        assert form.item.data == read
        assert ('<option value="4" selected>AIF &lt;1&gt;</option>' in form.item()) is (read == 4)


def test_text_is_stripped_and_never_cut() -> None:
    assert filled(amount="1", text="  a\x00b \n").text.data == "a b"
    assert filled(amount="1", text="  ").text.data is None
    form = filled(amount="1", text="x" * 11)
    assert not form.validate()
    assert form.text.errors == ["Ce texte compte 11 caractères : 10 au plus."]
    assert "x" * 11 in form.text()


def test_shares_by_year() -> None:
    form = filled(amount="1", **{"shares-2026": "600,00", "shares-2027": "", "shares-2028": "400"})
    assert form.validate()
    assert form.shares.data == ((2026, Decimal("600.00")), (2028, Decimal("400.00")))
    assert form.shares.years == [2026, 2027, 2028]
    form = filled(amount="1", **{"shares-2026": "<b>"})
    assert not form.validate()
    assert form.shares.errors == [
        "2026 : Le montant « <b> » n’est pas lisible. Écrivez par exemple 1250,00 ou 1 250,00."
    ]
    assert "&lt;b&gt;" in form.shares() and "<b>" not in form.shares()
