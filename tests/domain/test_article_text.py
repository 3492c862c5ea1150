"""Are the variables of an article filled with what the version says, and is what it does not say yet told?"""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from conference.domain.article_text import (
    VARIABLES,
    filled,
    missing,
    names_in,
    unknown_variables,
    variables_of,
)
from conference.domain.convention import ArticleRole, ConventionKind, InstalmentKind, PartyRole
from conference.domain.convention_facts import (
    ActionFacts,
    ArticleFacts,
    BonusFacts,
    ConventionFacts,
    IncomeFacts,
    InstalmentFacts,
    PartyFacts,
    ShareFacts,
)

EMPTY = ConventionFacts(
    conference="Conférence Exemple",
    region="Exemple",
    convention_id=12,
    version_id=30,
    number=None,
    kind=ConventionKind.CO_FUNDING,
    rank=0,
    title="Conducteurs routiers",
    known_on=datetime(2026, 4, 20, tzinfo=UTC),
)
REGION = PartyFacts(
    1, "Région Exemple", "Région", None, PartyRole.FUNDER, duties=("Payer sa part.", "OPCO : le prévenir ;")
)
OPCO = PartyFacts(2, "OPCO Exemple", "OPCO", None, PartyRole.FUNDER)
CENTRE = PartyFacts(3, "Centre Exemple", "Centre", None, PartyRole.BENEFICIARY, duties=("former",))
FACTS = replace(
    EMPTY,
    parties=(REGION, OPCO, CENTRE),
    first=date(2026, 5, 1),
    last=date(2027, 4, 30),
    ceiling=Decimal("50000.00"),
    shares=(
        ShareFacts(1, 2026, "Coûts pédagogiques", Decimal("15000.00")),
        ShareFacts(1, 2027, "Coûts pédagogiques", Decimal("5000.00")),
        ShareFacts(2, 2026, "Coûts pédagogiques", Decimal("30000.00")),
    ),
    instalments=(
        InstalmentFacts(1, 1, InstalmentKind.ADVANCE, date(2026, 6, 1), Decimal("20000.00"), "convention signée."),
        InstalmentFacts(2, 2, InstalmentKind.BALANCE, date(2027, 6, 1), Decimal("30000.00")),
    ),
    actions=(ActionFacts("Permis C", "Centre Exemple", date(2026, 5, 4), date(2026, 7, 3), 280, 12),),
)


def value(facts: ConventionFacts, name: str) -> str:
    """A value, with plain spaces."""
    return variables_of(facts)[name].replace("\u202f", " ").replace("\xa0", " ")


def article(text: str, title: str = "Objet") -> ArticleFacts:
    return ArticleFacts(1, ArticleRole.OBJECT, title, text)


def test_every_variable_has_a_value_and_a_meaning() -> None:
    assert variables_of(EMPTY).keys() == variables_of(FACTS).keys() == VARIABLES.keys()
    assert all(VARIABLES.values())


def test_what_is_known_is_written_in_french() -> None:
    assert value(FACTS, "parties") == "Région Exemple, OPCO Exemple et Centre Exemple"
    assert value(FACTS, "financeurs") == "Région Exemple et OPCO Exemple"
    assert value(FACTS, "beneficiaire") == "Centre Exemple"
    assert value(FACTS, "premier_jour") == "1er mai 2026"
    assert value(FACTS, "duree") == "1 an"
    assert value(FACTS, "annees") == "2026 et 2027"
    assert value(FACTS, "montant_total") == value(FACTS, "plafond") == "50 000,00 €"
    assert value(FACTS, "financement") == (
        "– Région Exemple : 20 000,00 €, soit 40 % du total ;\n\n– OPCO Exemple : 30 000,00 €, soit 60 % du total."
    )
    assert value(FACTS, "echeancier") == (
        "– Région Exemple : avance de 20 000,00 € au plus tard le 1er juin 2026, sous la condition suivante : "
        "convention signée ;\n\n– OPCO Exemple : solde de 30 000,00 € au plus tard le 1er juin 2027."
    )
    assert value(FACTS, "actions") == (
        "– « Permis C », conduite par Centre Exemple, du 4 mai 2026 au 3 juillet 2026, 280 heures, 12 places."
    )
    assert value(FACTS, "exemplaires") == "3"


def test_the_duties_are_a_list_by_party_and_a_party_without_any_is_told() -> None:
    assert value(FACTS, "engagements") == (
        "Région Exemple, financeur, s’engage à :\n\n– payer sa part ;\n\n– OPCO : le prévenir.\n\n"
        "OPCO Exemple, financeur, s’engage à :\n\n– [à compléter : engagements de OPCO Exemple].\n\n"
        "Centre Exemple, bénéficiaire, s’engage à :\n\n– former."
    )
    told = replace(FACTS, articles=(article("{engagements}"),))
    assert missing(told) == ("engagements",)
    every = tuple(replace(party, duties=("payer",)) for party in FACTS.parties)
    assert missing(replace(told, parties=every)) == ()


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2026, 1, 1), date(2028, 12, 31), "3 ans"),
        (date(2026, 3, 15), date(2027, 9, 14), "18 mois"),
        (date(2026, 3, 15), date(2026, 4, 14), "1 mois"),
        (date(2028, 2, 29), date(2029, 2, 28), "366 jours"),
        (date(2026, 3, 15), date(2026, 3, 15), "1 jour"),
        (date(2026, 1, 31), date(2026, 2, 28), "29 jours"),
        (date(2023, 1, 1), date(2025, 12, 30), "1 095 jours"),
    ],
)
def test_a_duration_is_told_in_its_largest_whole_unit(first: date, last: date, told: str) -> None:
    assert value(replace(EMPTY, first=first, last=last), "duree") == told


def test_a_part_that_is_no_whole_hundredth_is_not_told_in_percent() -> None:
    thirds = tuple(ShareFacts(party, 2026, "Coûts", Decimal("10.00")) for party in (1, 2, 3))
    assert "%" not in value(replace(FACTS, shares=thirds), "financement")


def test_the_tiers_of_a_bonus_hold_every_rate_and_its_price() -> None:
    tiers = tuple(
        BonusFacts(Decimal(rate), Decimal(percent)) for rate, percent in (("60", "5"), ("0", "-10"), ("40", "0"))
    )
    facts = replace(FACTS, bonus_base=Decimal("20000.00"), bonuses=tiers)
    assert value(facts, "paliers").split("\n\n") == [
        "– moins de 40 % : minoration de 10 %, soit un prix de 18 000,00 € ;",
        "– de 40 % à moins de 60 % : prix sans variation, soit un prix de 20 000,00 € ;",
        "– 60 % et plus : majoration de 5 %, soit un prix de 21 000,00 €.",
    ]
    [low, high] = value(replace(FACTS, bonuses=(BonusFacts(Decimal("57.50"), Decimal("2.5")),)), "paliers").split(
        "\n\n"
    )
    assert (low, high) == ("– moins de 57,5 % : prix sans variation ;", "– 57,5 % et plus : majoration de 2,5 %.")


def test_the_income_says_whose_days_are_paid() -> None:
    facts = replace(FACTS, income=IncomeFacts("Région Exemple", "Rémunération de stagiaire"))
    assert value(facts, "public") == "tous les publics"
    assert value(facts, "montant_par_jour").startswith("montant fixé pour chaque jour par le barème")
    narrow = replace(facts, income=IncomeFacts("Région Exemple", "RSP", Decimal("31.00"), "Jeunes", "Alsace"))
    assert [value(narrow, name) for name in ("public", "territoire", "montant_par_jour")] == [
        "Jeunes",
        "Alsace",
        "31,00 € par jour",
    ]


def test_the_finding_tells_figures_only_when_they_may_be_written() -> None:
    assert value(EMPTY, "constat").startswith("que des personnes")
    known = replace(EMPTY, persons=34, days=1200, need=Decimal("37200.00"))
    assert "34 personnes sans revenu pendant 1 200 jours de formation, pour un besoin évalué à 37 200,00 €" in value(
        known, "constat"
    )


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Délibération n° 2026-12 du 3 mars 2026.", "la délibération n° 2026-12 du 3 mars 2026"),
        ("la décision du 3 mars", "la décision du 3 mars"),
        ("Arrêté du 3 mars", "l’arrêté du 3 mars"),
        ("CP-2026-12", "l’acte de référence suivant : CP-2026-12"),
    ],
)
def test_the_decision_is_named_as_a_visa_names_it(typed: str, told: str) -> None:
    facts = replace(EMPTY, decision_reference=typed)
    assert (value(facts, "decision"), value(facts, "clause_decision")) == (told, f"Vu {told} ;")


def test_an_avenant_names_what_it_amends() -> None:
    facts = replace(EMPTY, number="C-2026-004", rank=2, amends="Routiers", changes=("Plafond", "Durée"))
    assert value(facts, "convention_modifiee") == "n° C-2026-004 « Routiers »"
    assert (value(facts, "avenant"), value(facts, "modifications")) == ("2", "plafond et durée")


def test_only_what_the_articles_hold_and_is_not_known_is_missing() -> None:
    facts = replace(
        EMPTY, articles=(article("Du {premier_jour} à {lieu}, {{plafond}} {clause_plafond} {constat}", "{prix}"),)
    )
    assert missing(facts) == ("lieu", "premier_jour", "prix")
    assert missing(replace(facts, first=date(2026, 5, 1), place="Strasbourg", bonus_base=Decimal(1))) == ()
    assert value(facts, "lieu") == "[à compléter : lieu de la signature]"


def test_text_is_filled_and_a_sentence_with_nothing_to_say_leaves_no_hole() -> None:
    text = "Le {{plafond}} de {titre}. {clause_plafond}\n\n{clause_decision}\n\nFin {inconnu}."
    assert filled(text, variables_of(EMPTY)) == "Le {plafond} de Conducteurs routiers.\n\nFin {inconnu}."


@pytest.mark.parametrize(
    ("text", "names", "unknown"),
    [
        ("{lieu}, {parties} et {lieu}", ("lieu", "parties"), ()),
        ("{{lieu}} {Lieu} { lieu }", ("Lieu", " lieu "), ("Lieu", " lieu ")),
        ("{lieu et {parties}", ("{", "parties"), ("{",)),
        ("lieu} {}", ("}", ""), ("}", "")),
        ("{{{lieu}}}", ("lieu",), ()),
    ],
)
def test_names_in_braces(text: str, names: tuple[str, ...], unknown: tuple[str, ...]) -> None:
    assert (names_in(text), unknown_variables(text)) == (names, unknown)
