"""Is a convention on paper what its parties agreed on, whole, fit to sign, and the same each time?"""

import csv
import dataclasses
import json
import re
from collections.abc import Callable
from contextlib import closing
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from conference.documents.convention import convention_document, convention_pdf, file_stem
from conference.documents.model import Items, Lead, fingerprint
from conference.domain.convention import ArticleRole, ConventionKind
from conference.domain.convention_facts import ArticleFacts, ConventionFacts
from conference.domain.page_code import PageCode, read_page_code
from tests.documents.convention_samples import ADDRESS, convention, texts
from tests.documents.verapdf.validator import Validator

Read = Callable[[bytes], str]


def pdf_of(facts: ConventionFacts) -> bytes:
    return convention_pdf(facts, texts(facts), ADDRESS)


def words_of(read_text: Read, facts: ConventionFacts) -> str:
    return " ".join(read_text(pdf_of(facts)).split())


def codes_of(content: bytes) -> list[str]:
    """What a scan at 150 points an inch reads at the foot of each page, in order; each page bears one code."""
    found = []
    with closing(pypdfium2.PdfDocument(content)) as pdf:
        for page in pdf:
            with closing(page), closing(page.render(scale=150 / 72, grayscale=True)) as shown:
                (code,) = zxingcpp.read_barcodes(shown.to_pil())
                found.append(code.text)
    return found


@pytest.mark.parametrize(
    "facts",
    [
        convention(2),
        convention(7, kind=ConventionKind.PROTOCOL, ordered=True, natures=3, instalments=4),
        convention(15, natures=3),
        convention(3, rank=1, amends="Une convention", changes=("Plafond", "Durée")),
        convention(2, number=None),
    ],
    ids=["two", "seven", "fifteen", "avenant", "draft"],
)
def test_convention_keeps_both_standards(validator: Validator, facts: ConventionFacts) -> None:
    assert validator.broken_rules(pdf_of(facts)) == []


def test_convention_with_hardly_anything_keeps_both_standards(validator: Validator, read_text: Read) -> None:
    bare = ConventionFacts("Conférence", "", 1, 2, None, ConventionKind.RELAY, 0, "Titre", convention(2).known_on)
    content = convention_pdf(bare, {}, "")
    assert validator.broken_rules(content) == []
    assert "Annexe" not in read_text(content)


def test_hostile_texts_are_shown_as_texts(validator: Validator, read_text: Read) -> None:
    hostile = "<b>gras</b> & =1+1 \u0000 \U0001f600 " + "mot" * 200
    article = ArticleFacts(1, ArticleRole.OBJECT, hostile, "")
    facts = dataclasses.replace(convention(2), articles=(article,), title=hostile, place=hostile)
    content = convention_pdf(facts, {1: f"{hostile}\n\n- {hostile}\n\na) {hostile}\n\n1.1 {hostile}"}, ADDRESS)
    assert validator.broken_rules(content) == []
    assert "<b>gras</b> & =1+1" in read_text(content)


def test_usual_convention_takes_four_to_eight_pages_and_stays_light() -> None:
    for facts in (convention(2), convention(7)):
        content = pdf_of(facts)
        with closing(pypdfium2.PdfDocument(content)) as pdf:
            assert 4 <= len(pdf) <= 8
        assert len(content) < 80_000


def test_same_convention_same_bytes_and_another_cent_another_fingerprint() -> None:
    facts, other = convention(4), convention(4, ceiling=Decimal("180000.01"))
    assert pdf_of(facts) == pdf_of(convention(4))
    marks = [fingerprint(convention_document(each, texts=texts(each), address=ADDRESS)) for each in (facts, other)]
    assert marks[0] != marks[1]


def test_fingerprint_is_that_of_what_is_said_and_not_of_where_it_is_filed() -> None:
    facts = convention(2)
    here, there = (convention_document(facts, texts=texts(facts), address=each) for each in (ADDRESS, "https://x.fr"))
    assert here.code_start != there.code_start
    assert fingerprint(here) == fingerprint(there)


def test_each_page_bears_its_code_number_and_fingerprint(read_text: Read) -> None:
    facts = convention(7, rank=2, changes=("Durée",))
    content = pdf_of(facts)
    mark = fingerprint(convention_document(facts, texts=texts(facts), address=ADDRESS))
    codes = codes_of(content)
    for rank, code in enumerate(codes, start=1):
        assert read_page_code(code) == PageCode("C-2026-004", None, 2, mark[:16], rank)
        assert code.startswith(ADDRESS.upper())
    foots = re.findall(r"C-2026-004 avenant 2 – page (\d+)/(\d+) – empreinte (\w+)…", read_text(content))
    assert foots == [(str(rank), str(len(codes)), mark[:16]) for rank in range(1, len(codes) + 1)]


def test_two_parties_are_on_one_side_and_on_the_other(read_text: Read) -> None:
    text = words_of(read_text, convention(2))
    assert (
        "Entre : Région Bretagne, SIRET 233 500 016 00040, financeur, agissant par Anne Le Goff, présidente du conseil "
        "régional, dûment habilitée par délibération n° 26_DFPE_04 du 30 mars 2026, ci-après « la Région », d’une part, et :"
    ) in text
    assert "par délégation de Marie Kermarrec, directrice régionale" in text
    assert "« France Travail », d’autre part," in text


def test_many_parties_are_listed_and_each_has_its_place_to_sign(read_text: Read) -> None:
    text = words_of(read_text, convention(7, ordered=True))
    assert "ci-après ensemble « les parties »," in text
    assert "Fait à Rennes, en sept exemplaires originaux. Les parties signent dans l’ordre des cadres." in text
    assert text.count("Date :") == 7


def test_signature_that_is_known_says_its_day_and_a_party_without_signatory_has_a_box(read_text: Read) -> None:
    facts = convention(3)
    signed = dataclasses.replace(facts.signatories[0], signed_on=date(2026, 6, 2))
    text = words_of(read_text, dataclasses.replace(facts, signatories=(signed, facts.signatories[2])))
    assert "Signé le 2 juin 2026" in text
    assert text.count("Date :") == 2
    assert "Nom et qualité :" in text


@pytest.mark.parametrize("parties", [2, 5, 7, 15, 24])
def test_no_place_to_sign_is_cut_and_none_is_lost(parties: int) -> None:
    content = pdf_of(convention(parties, ceiling=None))
    with pikepdf.open(BytesIO(content)) as pdf:
        boxes = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Div"]
        pages = [{page for kid in box.K for page in _pages_of(kid)} for box in boxes]
    assert len(boxes) == parties
    assert all(len(each) == 1 for each in pages)


def _pages_of(element: pikepdf.Object) -> set[tuple[int, int]]:
    return {mark.Pg.objgen for mark in element.K}


def test_draft_says_so_on_each_page_and_a_numbered_text_does_not(read_text: Read) -> None:
    pages = read_text(pdf_of(convention(2, number=None))).split("\f")[:-1]
    assert all("Projet\n" in page and "Projet 12 – page" in page for page in pages)
    assert "Projet" not in read_text(pdf_of(convention(2)))


def test_mentions_of_the_instance_are_shown(read_text: Read) -> None:
    facts = convention(2, number=None)
    content = convention_pdf(facts, texts(facts), ADDRESS, mentions=("Démonstration",))
    assert all("Démonstration – Projet" in page for page in read_text(content).split("\f")[:-1])


def test_avenant_says_what_it_amends_once(read_text: Read) -> None:
    given = {"rank": 1, "amends": "Financer l'énergie", "changes": ("Plafond", "Durée"), "title": "Nouveau plafond"}
    facts = convention(2, **given)
    text = words_of(read_text, facts)
    assert "Avenant n° 1 à la convention C-2026-004" in text
    assert (
        "Le présent avenant n° 1 modifie la convention C-2026-004 « Financer l’énergie » sur les points suivants :"
        in text
    )
    own = ArticleFacts(1, ArticleRole.OTHER, "Objet de l’avenant", "Le présent avenant modifie la durée.")
    told = words_of(read_text, dataclasses.replace(facts, articles=(own, *facts.articles)))
    assert told.count("Le présent avenant") == 1
    protocol = words_of(read_text, convention(2, kind=ConventionKind.PROTOCOL, **given))
    assert "Avenant n° 1 au protocole d’accord C-2026-004" in protocol


def test_articles_are_numbered_after_the_preamble_and_agree_once(read_text: Read) -> None:
    facts = convention(2)
    second = ArticleFacts(1, ArticleRole.PREAMBLE, "Rappel", "Vu la convention ;\n\nIl est convenu ce qui suit :")
    text = words_of(read_text, dataclasses.replace(facts, articles=(second, *facts.articles)))
    assert text.count("Il est convenu ce qui suit :") == 1
    assert text.index("Préambule") < text.index("Il est convenu") < text.index("Article 1 – Objet")
    assert "Article 13 – Annexes" in text


def test_decision_is_seen_after_the_other_texts_unless_the_preamble_names_it(read_text: Read) -> None:
    text = words_of(read_text, convention(2))
    assert "11 décembre 2025 ; Vu la délibération n° 26_DFPE_04 du 30 mars 2026 ; Les parties ont constaté" in text
    named = words_of(read_text, convention(2, decision_reference="loi n° 2000-321 du 12 avril 2000"))
    assert named.count("2000-321") == 1


def test_duty_that_no_article_says_is_told_under_the_commitments() -> None:
    facts = convention(2)
    document = convention_document(facts, texts=texts(facts), address=ADDRESS)
    assert Items(("Réunir le comité de suivi deux fois par an.", "publier le bilan")) in _plain(document.blocks)
    told = texts(facts) | {103: "– réunir le comité de suivi deux fois par an ;\n\n– publier le bilan."}
    document = convention_document(facts, texts=told, address=ADDRESS)
    assert not any(isinstance(block, Lead) and block.text == " s’engage à\u202f:" for block in document.blocks)


def _plain(blocks: tuple[object, ...]) -> list[object]:
    return [dataclasses.replace(each, space_after=0) if isinstance(each, Items) else each for each in blocks]


def test_amounts_of_the_annexes_sum_to_the_cent(read_text: Read) -> None:
    facts = convention(7, natures=3)
    text = words_of(read_text, facts)
    total = f"{facts.total:,.2f}".replace(",", " ").replace(".", ",")
    assert text.count(total) == 3
    assert "100,00 %" in text
    parts = [Decimal(each.replace(",", ".")) for each in re.findall(r"(\d+,\d\d) %", text)]
    assert sum(parts) == 200


def test_annexes_are_there_for_what_there_is_to_say(read_text: Read) -> None:
    text = words_of(read_text, convention(2))
    for annex in ("1 – Plan de financement", "3 – Bonus et malus", "4 – Rémunération", "5 – Actions de formation"):
        assert f"Annexe {annex}" in text
    assert "moins de 50 % minoration de 10 % 86 400,00" in text
    hidden = words_of(read_text, convention(2, persons=None, days=None, need=None, income=None, bonuses=()))
    assert "Annexe 3 – Actions de formation" in hidden
    assert "Besoin que les parties" not in hidden


def test_head_of_a_table_is_repeated_on_the_next_page(read_text: Read) -> None:
    pages = read_text(pdf_of(convention(15))).split("\f")
    following = [page for page in pages if "Opérateur de compétences n° 13" in page and "Coûts pédagogiques" in page]
    assert following and all(re.search(r"Partie +Nature +2026 +2027 +2028 +Total", page) for page in following)


def test_data_are_carried_with_their_role(read_text: Read) -> None:
    facts = convention(2)
    with pikepdf.open(BytesIO(pdf_of(facts))) as pdf:
        roles = {str(each.UF): str(each.AFRelationship) for each in pdf.Root.AF}
        carried = {name: pdf.attachments[name].get_file().read_bytes() for name in roles}
    assert roles == {"C-2026-004.json": "/Source", "C-2026-004-plan.csv": "/Data", "C-2026-004-versements.csv": "/Data"}
    fields = json.loads(carried["C-2026-004.json"])
    assert fields["reference"] == "C-2026-004"
    assert fields["shares"][0]["amount"] == str(facts.shares[0].amount)
    assert fields["articles"][1]["text"] == facts.articles[1].text
    plan = list(csv.reader(StringIO(carried["C-2026-004-plan.csv"].decode("utf-8-sig")), delimiter=";"))
    assert len(plan) == 3 + len(facts.shares) + 1
    assert plan[-1][-1] == str(facts.total).replace(".", ",")
    schedule = list(csv.reader(StringIO(carried["C-2026-004-versements.csv"].decode("utf-8-sig")), delimiter=";"))
    assert schedule[3][:3] == ["1", "16/04/2026", "Région Bretagne"]


def test_fields_tell_nothing_of_the_selection_that_it_was_drafted_from() -> None:
    facts = convention(2, selection="funder=12&person=7")
    attached = convention_document(facts, texts=texts(facts), address=ADDRESS).attachments
    assert not any(b"person=7" in each.content for each in attached)


@pytest.mark.parametrize(
    ("number", "rank", "name"),
    [("C-2026-004", 0, "C-2026-004"), ("C-2026-004", 1, "C-2026-004-A1"), (None, 0, "projet-12")],
)
def test_file_is_named_after_its_version(number: str | None, rank: int, name: str) -> None:
    assert file_stem(convention(2, number=number, rank=rank)) == name


@pytest.mark.parametrize("parties", [2, 3, 5, 6, 7, 8])
def test_places_to_sign_stay_together_with_the_last_article_where_a_page_holds_both(
    read_text: Read, parties: int
) -> None:
    pages = read_text(pdf_of(convention(parties))).split("\f")
    (signed,) = [page for page in pages if "Fait à Rennes" in page]
    assert signed.count("Date") == parties
    assert ("Article 13 – Annexes" in signed) == (parties < 7)


def test_long_last_article_does_not_part_the_places_to_sign(read_text: Read) -> None:
    facts = convention(6)
    long = texts(facts) | {facts.articles[-1].article_id: "Un paragraphe de l’article. " * 200}
    pages = read_text(convention_pdf(facts, long, ADDRESS)).split("\f")
    (signed,) = [page for page in pages if "Fait à Rennes" in page]
    assert signed.count("Date") == 6
