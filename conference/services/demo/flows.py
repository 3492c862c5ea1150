"""What do the funders of the demo spend? Three years of plausible decisions, drawn from one seed.

Built on the facts of the founding study: the construction recruitments shared 40 / 60, the lorry drivers in two steps,
the nurses over three years, the leave of employees on fixed terms. Amounts are drawn; nothing is random twice.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from conference.domain.french import next_month
from conference.domain.ledger import EntryKind
from conference.domain.money import round_cents, split

SEED = 20061211
"""The day of the first protocol of a conférence des financeurs, Poitou-Charentes."""
PUBLIC_BODIES = frozenset({"region", "etat"})


@dataclass(frozen=True)
class Programme:
    """One line of spending of a funder: how often it decides in two hundred months, and between which euros."""

    funder: str
    scheme: str
    audience: str
    nature: str
    level: str
    sector: str
    object: str
    provider: str | None
    rate: int
    low: int
    high: int
    persons: tuple[int, int] = (1, 1)
    through: str | None = None


@dataclass
class Plan:
    """One commitment to record, and what follows: (day, kind, euros) in order."""

    programme: Programme
    territory: str
    decided_on: date
    amount: Decimal
    first: date
    last: date
    persons: int
    number: int
    shares: tuple[tuple[int, Decimal], ...] = ()
    follow: list[tuple[date, EntryKind, Decimal]] = field(default_factory=list)


_P = Programme
PROGRAMMES = (
    _P("region", "programme_regional_formation", "demandeurs_emploi", "pedagogique", "niveau_3", "F",
       "Recrut’BTP : formation aux métiers du gros œuvre", "cfa_btp", 130, 30_000, 60_000, (20, 50)),
    _P("region", "programme_regional_formation", "demandeurs_emploi", "pedagogique", "niveau_4", "Q",
       "Aide-soignants : parcours qualifiant", "ifsi", 90, 40_000, 95_000, (12, 25)),
    _P("region", "remuneration_stagiaires", "demandeurs_emploi_non_indemnises", "remuneration", "niveau_3", "F",
       "Rémunération des stagiaires du programme régional", None, 100, 12_000, 45_000, (10, 40)),
    _P("region", "cheque_formation", "salaries_prive", "pedagogique", "niveau_4", "N",
       "Chèques formation : certification numérique", "greta", 60, 2_000, 9_000, (2, 9)),
    _P("region", "pric", "jeunes_sans_qualification", "accompagnement", "niveau_3", "P",
       "Accompagnement vers la qualification", "greta", 45, 8_000, 30_000, (8, 30)),
    _P("region", "programme_regional_formation", "demandeurs_emploi", "pedagogique", "niveau_3", "F",
       "Recrut’BTP : part régionale versée par l’OPCO", "cfa_btp", 30, 20_000, 50_000, (15, 50), "opco_batiment"),
    _P("france_travail", "aif", "demandeurs_emploi_indemnises", "pedagogique", "niveau_4", "H",
       "Aide individuelle : permis C et FIMO", "ecole_routiere", 150, 2_500, 6_500),
    _P("france_travail", "afc", "demandeurs_emploi", "pedagogique", "niveau_3", "H",
       "Action conventionnée : conducteurs routiers, étape 1", "ecole_routiere", 70, 25_000, 70_000, (10, 24)),
    _P("france_travail", "rfft", "demandeurs_emploi_non_indemnises", "remuneration", "niveau_4", "Q",
       "Rémunération des formations de France Travail", None, 80, 6_000, 20_000, (5, 20)),
    _P("opco_batiment", "contrat_professionnalisation", "salaries_alternance", "pedagogique", "niveau_3", "F",
       "Contrats de professionnalisation du bâtiment", "cfa_btp", 120, 9_000, 45_000, (2, 12)),
    _P("opco_batiment", "poec", "demandeurs_emploi", "pedagogique", "niveau_3", "F",
       "Préparation collective : coffreurs et maçons", "afpa", 50, 18_000, 48_000, (8, 15)),
    _P("opco_mobilites", "contrat_professionnalisation", "salaries_alternance", "pedagogique", "niveau_3", "H",
       "Conducteurs routiers, étape 2 : alternance", "ecole_routiere", 110, 8_000, 40_000, (2, 12)),
    _P("opco_mobilites", "plan_developpement_competences", "salaries_prive", "pedagogique", "niveau_4", "H",
       "Plan de développement des compétences : logistique", "afpa", 60, 3_000, 15_000, (3, 15)),
    _P("agefiph", "agefiph_formation", "personnes_handicapees", "pedagogique", "niveau_4", "N",
       "Complément de financement d’un parcours qualifiant", "greta", 90, 2_000, 12_000, (1, 6)),
    _P("agefiph", "agefiph_aides", "personnes_handicapees", "annexes", "niveau_4", "N",
       "Transport et aménagement pendant la formation", None, 60, 500, 4_000, (1, 4)),
    _P("transitions_pro", "ptp", "salaries_prive", "remuneration", "niveau_5", "Q",
       "Projet de transition : infirmière, première année", "ifsi", 90, 18_000, 34_000),
    _P("transitions_pro", "ptp", "salaries_cdd", "pedagogique", "niveau_4", "M",
       "Projet de transition de salariés en CDD", "greta", 70, 4_000, 12_000),
    _P("etat", "csp", "licencies_economiques", "accompagnement", "niveau_4", "N",
       "Accompagnement des licenciés économiques", "greta", 60, 10_000, 40_000, (10, 40)),
    _P("etat", "pec", "contrats_aides", "pedagogique", "niveau_3", "Q",
       "Parcours emploi compétences : formation", "greta", 50, 4_000, 16_000, (4, 16)),
    _P("cci", "bilan_competences", "createurs", "accompagnement", "niveau_5", "G",
       "Bilans de reprise et de création d’entreprise", None, 60, 1_500, 8_000, (2, 12)),
    _P("cci", "plan_developpement_competences", "salaries_prive", "ingenierie", "niveau_5", "G",
       "Ingénierie de certification du commerce", None, 30, 3_000, 14_000, (1, 1)),
)  # fmt: skip
TERRITORIES = ("departement_16", "departement_17", "departement_79", "departement_86")


def draw_plans(first_month: date, last_day: date) -> list[Plan]:
    """Every decision from `first_month` to `last_day`, in the order of the days."""
    random = Random(SEED)
    plans: list[Plan] = []
    month = first_month
    while month <= last_day:
        for programme in PROGRAMMES:
            count = programme.rate // 200 + (random.randrange(200) < programme.rate % 200)
            plans += [_draw(random, programme, month, len(plans) + i, last_day) for i in range(count)]
        month = next_month(month)
    return sorted((plan for plan in plans if plan.decided_on <= last_day), key=lambda p: (p.decided_on, p.number))


def _draw(random: Random, programme: Programme, month: date, number: int, last_day: date) -> Plan:
    decided_on = _weekday(month + timedelta(days=random.randrange(27)))
    amount = round_cents(Decimal(random.randrange(programme.low * 100, programme.high * 100)) / 100)
    amount = (amount / 10).quantize(Decimal(1)) * 10 if random.random() < 0.6 else amount
    first = decided_on + timedelta(days=random.randrange(10, 60))
    last = first + timedelta(days=random.randrange(60, 330))
    persons = random.randrange(programme.persons[0], programme.persons[1] + 1)
    amount = round_cents(Decimal(amount))
    plan = Plan(programme, random.choice(TERRITORIES), decided_on, amount, first, last, persons, number)
    plan.shares = _yearly_shares(plan)
    plan.follow = _follow(random, plan, last_day)
    return plan


def _yearly_shares(plan: Plan) -> tuple[tuple[int, Decimal], ...]:
    if plan.first.year == plan.last.year or plan.programme.funder not in PUBLIC_BODIES:
        return ()
    turn = date(plan.last.year, 1, 1)
    days = [(turn - plan.first).days, (plan.last - turn).days + 1]
    return tuple(zip((plan.first.year, plan.last.year), split(plan.amount, days), strict=True))


def _follow(random: Random, plan: Plan, last_day: date) -> list[tuple[date, EntryKind, Decimal]]:
    """Payments in two or three steps, through liquidation and mandatement for public bodies; some dégagements at the end."""
    steps: list[tuple[date, EntryKind, Decimal]] = []
    used = plan.amount if random.random() < 0.8 else round_cents(plan.amount * random.randrange(70, 97) / 100)
    parts = split(used, [30, 40, 30] if plan.amount > 10_000 else [50, 50])
    length = (plan.last - plan.first).days
    for index, part in enumerate(parts, start=1):
        paid_on = _weekday(plan.first + timedelta(days=length * index // len(parts) + random.randrange(5, 40)))
        if plan.programme.funder in PUBLIC_BODIES:
            steps.append((_weekday(paid_on - timedelta(days=18)), EntryKind.SETTLEMENT, part))
            steps.append((_weekday(paid_on - timedelta(days=9)), EntryKind.ORDER, part))
        steps.append((paid_on, EntryKind.PAYMENT, part))
    if used < plan.amount:
        steps.append((steps[-1][0] + timedelta(days=7), EntryKind.RELEASE, plan.amount - used))
    return sorted((step for step in steps if step[0] <= last_day), key=lambda step: step[0])


def _weekday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
