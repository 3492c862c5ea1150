"""With what is an article of the library filled, to be read as a signed text would read?

An invented convention that knows the value of every variable: whoever writes an article sees each of them at work.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

from conference.domain.convention import ConventionKind, InstalmentKind, PartyRole
from conference.domain.convention_facts import (
    ActionFacts,
    BonusFacts,
    ConventionFacts,
    IncomeFacts,
    InstalmentFacts,
    PartyFacts,
    ShareFacts,
)

EXAMPLE = ConventionFacts(
    conference="la conférence des financeurs",
    region="Exemple",
    convention_id=1,
    version_id=1,
    number="C-2026-001",
    kind=ConventionKind.CO_FUNDING,
    rank=1,
    title="Conducteurs routiers",
    known_on=datetime(2026, 1, 15, tzinfo=UTC),
    parties=(
        PartyFacts(1, "Région Exemple", "Région", None, PartyRole.FUNDER, duties=("verser sa part aux dates prévues",)),
        PartyFacts(2, "OPCO Exemple", "OPCO", None, PartyRole.FUNDER, duties=("verser sa part aux dates prévues",)),
        PartyFacts(
            3, "Centre Exemple", "Centre", None, PartyRole.BENEFICIARY, duties=("conduire les actions prévues",)
        ),
        PartyFacts(4, "Agence Exemple", "Agence", None, PartyRole.MANAGER, duties=("tenir le compte des versements",)),
    ),
    first=date(2026, 2, 1),
    last=date(2027, 1, 31),
    ceiling=Decimal("50000.00"),
    shares=(
        ShareFacts(1, 2026, "Coûts pédagogiques", Decimal("20000.00")),
        ShareFacts(2, 2027, "Coûts pédagogiques", Decimal("30000.00")),
    ),
    instalments=(
        InstalmentFacts(1, 1, InstalmentKind.ADVANCE, date(2026, 3, 1), Decimal("20000.00"), "convention signée"),
        InstalmentFacts(2, 2, InstalmentKind.BALANCE, date(2027, 3, 1), Decimal("30000.00"), "compte rendu financier"),
    ),
    bonus_base=Decimal("20000.00"),
    bonuses=(
        BonusFacts(Decimal(0), Decimal(-10)),
        BonusFacts(Decimal(40), Decimal(0)),
        BonusFacts(Decimal(60), Decimal(5)),
    ),
    income=IncomeFacts("Région Exemple", "rémunération de stagiaire", Decimal("31.00"), "demandeurs d’emploi"),
    actions=(ActionFacts("Titre de conducteur", "Centre Exemple", date(2026, 2, 2), date(2026, 6, 30), 420, 12),),
    changes=("Plafond", "Durée"),
    amends="Conducteurs routiers",
    place="Ville-Exemple",
    beneficiary="Centre Exemple",
    decision_reference="délibération n°\u00a02026-12 du 12 janvier 2026",
    payment_conditions="échelonné",
    persons=34,
    days=1_200,
    need=Decimal("37200.00"),
)
