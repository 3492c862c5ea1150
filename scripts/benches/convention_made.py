"""Conventions to measure with: the model texts that the software ships, filled, for two to seven parties in turn.

Each has its own number, amounts and days, so that no two documents are the same.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from conference.data.articles import shipped_articles
from conference.domain.article_library import library, model
from conference.domain.article_text import filled, variables_of
from conference.domain.convention import ConventionKind, InstalmentKind, PartyRole
from conference.domain.convention_facts import (
    ActionFacts,
    ArticleFacts,
    BonusFacts,
    ConventionFacts,
    IncomeFacts,
    InstalmentFacts,
    PartyFacts,
    ShareFacts,
    SignatoryFacts,
)

ADDRESS = "https://conference.exemple.fr"
DAY = date(2026, 3, 2)
_NATURES = ("Coûts pédagogiques", "Rémunération")
_KINDS = tuple(ConventionKind)
_DUTIES = (
    "financer sa part dans les délais de l’échéancier",
    "désigner un correspondant",
    "participer au comité de suivi",
)


def conventions(count: int) -> Iterator[tuple[ConventionFacts, dict[int, str]]]:
    """So many conventions, each with the filled texts of its articles."""
    articles = library(shipped_articles(), (), DAY)
    for rank in range(count):
        kind = _KINDS[rank % len(_KINDS)]
        lines = enumerate(model(kind, articles), start=1)
        facts = _facts(rank, kind, tuple(ArticleFacts(n, line.role, line.title, line.text) for n, line in lines))
        values = variables_of(facts)
        yield facts, {each.article_id: filled(each.text, values) for each in facts.articles}


def _facts(rank: int, kind: ConventionKind, articles: tuple[ArticleFacts, ...]) -> ConventionFacts:
    parties = tuple(_party(each, kind) for each in range(7 if kind is ConventionKind.PROTOCOL else 2 + rank % 2))
    shares = tuple(
        ShareFacts(party.organisation_id, year, nature, Decimal(rank + 1_000 * party.organisation_id + year) / 4)
        for party in parties
        for nature in _NATURES
        for year in (2026, 2027)
    )
    return ConventionFacts(
        conference="Conférence des financeurs",
        region="Région Exemple",
        convention_id=rank + 1,
        version_id=rank + 1,
        number=f"C-2026-{rank + 1:03}",
        kind=kind,
        rank=0,
        title=f"Convention de financement et de continuité du revenu n° {rank + 1}",
        known_on=datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(minutes=rank),
        parties=parties,
        articles=articles,
        first=DAY,
        last=date(2027, 12, 31),
        ceiling=sum((share.amount for share in shares), Decimal("0.00")),
        shares=shares,
        instalments=_instalments(shares, parties),
        bonus_base=Decimal(90_000 + rank),
        bonuses=(
            BonusFacts(Decimal(0), Decimal(-5)),
            BonusFacts(Decimal(45), Decimal(0)),
            BonusFacts(Decimal(65), Decimal(4)),
        ),
        income=IncomeFacts(parties[0].name, "Rémunération des stagiaires", Decimal("25.75")),
        actions=(
            ActionFacts("Soudage", "Centre de formation", DAY, date(2026, 11, 6), 910, 14, Decimal(96_000 + rank)),
        ),
        signatories=tuple(
            SignatoryFacts(each.organisation_id, place, f"Camille Exemple {place}", "présidence")
            for place, each in enumerate(parties, start=1)
        ),
        place="Exempleville",
        decision_reference=f"délibération n° 26-{rank + 1:04} du 2 février 2026",
        payment_conditions="Les versements sont faits par virement, dans les trente jours de la demande.",
        persons=20 + rank % 30,
        days=900 + rank,
        need=Decimal(31_000 + rank),
        is_draft=False,
    )


def _party(place: int, kind: ConventionKind) -> PartyFacts:
    receives = place == 1 and kind is ConventionKind.BONUS
    role = PartyRole.BENEFICIARY if receives else PartyRole.MANAGER if place == 1 else PartyRole.FUNDER
    name = f"Organisme financeur de l’exemple {place + 1}"
    return PartyFacts(place + 1, name, f"l’organisme {place + 1}", "12345678200010", role, "", _DUTIES)


def _instalments(shares: tuple[ShareFacts, ...], parties: tuple[PartyFacts, ...]) -> tuple[InstalmentFacts, ...]:
    made = []
    for party in parties:
        whole = sum((each.amount for each in shares if each.organisation_id == party.organisation_id), Decimal("0.00"))
        advance = (whole / 2).quantize(Decimal("0.01"))
        parts = (
            (InstalmentKind.ADVANCE, advance, "à la signature"),
            (InstalmentKind.BALANCE, whole - advance, "sur bilan"),
        )
        for place, (kind, amount, condition) in enumerate(parts):
            due = date(2026 + place, 6, 15)
            made.append(InstalmentFacts(len(made) + 1, party.organisation_id, kind, due, amount, condition))
    return tuple(made)
