"""What do the funders of the demo spend? Three years of plausible decisions, drawn from one seed.

Built on the facts of the founding study: the construction recruitments shared 40 / 60, the lorry drivers in two steps,
the nurses over three years, the leave of employees on fixed terms. Amounts are drawn; nothing is random twice.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from conference.domain.french import next_month, previous_month
from conference.domain.ledger import EntryKind
from conference.domain.money import round_cents, split

SEED = 20061211
"""The day of the first protocol of a conférence des financeurs, Poitou-Charentes."""
PUBLIC_BODIES = frozenset({"region", "etat"})


@dataclass(frozen=True)
class Programme:
    """One line of spending of a funder: how often it decides in two hundred months, between which euros, for how many persons
    (0: it is for none in particular)."""

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
    persons: int | None
    number: int
    shares: tuple[tuple[int, Decimal], ...] = ()
    follow: list[tuple[date, EntryKind, Decimal]] = field(default_factory=list)


_P = Programme
PROGRAMMES = (
    _P("region", "programme_regional_formation", "demandeurs_emploi", "pedagogique", "niveau_3", "F",
       "Recrut’BTP : formation aux métiers du gros œuvre", "cfa_btp", 130, 320_000, 640_000, (180, 420)),
    _P("region", "programme_regional_formation", "demandeurs_emploi", "pedagogique", "niveau_4", "Q",
       "Aide-soignants : parcours qualifiant", "ifsi", 90, 420_000, 900_000, (120, 240)),
    _P("region", "remuneration_stagiaires", "demandeurs_emploi_non_indemnises", "remuneration", "niveau_3", "F",
       "Rémunération des stagiaires du programme régional", None, 120, 380_000, 950_000, (150, 420)),
    _P("region", "cheque_formation", "salaries_prive", "pedagogique", "niveau_4", "N",
       "Chèques formation : certification numérique", "greta", 60, 20_000, 90_000, (20, 90)),
    _P("region", "cheque_formation", "demandeurs_emploi", "pedagogique", "niveau_3", "P",
       "Clés de la formation : modules de 4 à 20 heures", "greta", 50, 15_000, 60_000, (60, 200)),
    _P("region", "pric", "jeunes_sans_qualification", "accompagnement", "niveau_3", "P",
       "Accompagnement vers la qualification", "greta", 45, 80_000, 300_000, (80, 300)),
    _P("region", "programme_regional_formation", "demandeurs_emploi", "annexes", "niveau_3", "F",
       "Hébergement et restauration des stagiaires", "afpa", 50, 25_000, 90_000, (80, 300)),
    _P("region", "programme_regional_formation", "demandeurs_emploi", "investissement", "niveau_3", "F",
       "Plateau technique du gros œuvre", "cfa_btp", 14, 250_000, 700_000, (0, 0)),
    _P("region", "programme_regional_formation", "demandeurs_emploi", "pedagogique", "niveau_3", "F",
       "Recrut’BTP : part régionale versée par l’OPCO", "cfa_btp", 40, 160_000, 420_000, (150, 500), "opco_batiment"),
    _P("france_travail", "aif", "demandeurs_emploi_indemnises", "pedagogique", "niveau_4", "H",
       "Aides individuelles : permis C et FIMO", "ecole_routiere", 150, 45_000, 130_000, (15, 45)),
    _P("france_travail", "afc", "demandeurs_emploi", "pedagogique", "niveau_3", "H",
       "Action conventionnée : conducteurs routiers, étape 1", "ecole_routiere", 70, 250_000, 620_000, (60, 140)),
    _P("france_travail", "rfft", "demandeurs_emploi_non_indemnises", "remuneration", "niveau_4", "Q",
       "Rémunération des formations de France Travail", None, 110, 160_000, 420_000, (60, 180)),
    _P("france_travail", "afc", "demandeurs_emploi_longue_duree", "accompagnement", "niveau_3", "N",
       "ARRMEL : retour à l’emploi des chômeurs de longue durée", "greta", 40, 40_000, 140_000, (30, 90)),
    _P("opco_batiment", "contrat_professionnalisation", "salaries_alternance", "pedagogique", "niveau_3", "F",
       "Contrats de professionnalisation du bâtiment", "cfa_btp", 120, 120_000, 420_000, (20, 80)),
    _P("opco_batiment", "contrat_professionnalisation", "salaries_alternance", "accompagnement", "niveau_3", "F",
       "GEIQ du bâtiment : accompagnement vers la qualification", "cfa_btp", 40, 25_000, 90_000, (12, 40)),
    _P("opco_batiment", "poec", "demandeurs_emploi", "pedagogique", "niveau_3", "F",
       "Préparation collective : coffreurs et maçons", "afpa", 50, 90_000, 240_000, (30, 60)),
    _P("opco_mobilites", "contrat_professionnalisation", "salaries_alternance", "pedagogique", "niveau_3", "H",
       "Conducteurs routiers, étape 2 : alternance", "ecole_routiere", 110, 110_000, 360_000, (20, 70)),
    _P("opco_mobilites", "plan_developpement_competences", "salaries_prive", "pedagogique", "niveau_4", "H",
       "Plan de développement des compétences : logistique", "afpa", 60, 30_000, 150_000, (30, 150)),
    _P("opco_mobilites", "plan_developpement_competences", "interimaires", "pedagogique", "niveau_3", "H",
       "Pass’Compétences : séquences de 35 heures", "greta", 40, 12_000, 60_000, (3, 25)),
    _P("agefiph", "agefiph_formation", "personnes_handicapees", "pedagogique", "niveau_4", "N",
       "Complément de financement d’un parcours qualifiant", "greta", 90, 4_000, 26_000, (1, 6)),
    _P("agefiph", "agefiph_aides", "personnes_handicapees", "annexes", "niveau_4", "N",
       "Transport et aménagement pendant la formation", None, 60, 1_500, 9_000, (1, 4)),
    _P("transitions_pro", "ptp", "salaries_prive", "remuneration", "niveau_5", "Q",
       "Projets de transition : soins infirmiers, première année", "ifsi", 100, 180_000, 420_000, (6, 14)),
    _P("transitions_pro", "ptp", "salaries_cdd", "pedagogique", "niveau_4", "M",
       "Projets de transition de salariés en CDD", "greta", 70, 40_000, 130_000, (5, 14)),
    _P("etat", "csp", "licencies_economiques", "accompagnement", "niveau_4", "N",
       "Accompagnement des licenciés économiques", "greta", 60, 90_000, 320_000, (60, 200)),
    _P("etat", "csp", "licencies_economiques", "remuneration", "niveau_4", "N",
       "Allocations des licenciés économiques en formation", None, 50, 120_000, 380_000, (40, 120)),
    _P("etat", "pec", "contrats_aides", "pedagogique", "niveau_3", "Q",
       "Parcours emploi compétences : formation", "greta", 50, 40_000, 160_000, (40, 160)),
    _P("etat", "pric", "jeunes_sans_qualification", "accompagnement", "niveau_3", "P",
       "Thémis : suivi des contrats en alternance", "greta", 30, 20_000, 80_000, (20, 60)),
    _P("cci", "bilan_competences", "createurs", "accompagnement", "niveau_5", "G",
       "Bilans de reprise et de création d’entreprise", None, 60, 9_000, 40_000, (2, 25)),
    _P("cci", "plan_developpement_competences", "salaries_prive", "ingenierie", "niveau_5", "G",
       "Ingénierie de certification du commerce", None, 30, 20_000, 70_000, (0, 0)),
    _P("region", "pric", "demandeurs_emploi", "ingenierie", "niveau_3", "P",
       "Centre de ressources pédagogiques : fonctionnement annuel", "greta", 10, 33_000, 38_000, (0, 0)),
)  # fmt: skip
SEASON = (90, 95, 105, 100, 95, 90, 60, 45, 165, 145, 110, 100)
"""How much is decided in each month, in hundredths of the mean: the year begins in September, and August rests."""
GROWTH = Decimal("1.04")
"""From one year to the next."""
SILENT = "cci"
"""The funder that has sent nothing for two months: completeness has something to say."""
TERRITORIES = ("departement_16", "departement_17", "departement_79", "departement_86")
WEIGHTS = (20, 35, 19, 26)
"""Share of each department, near those of their inhabitants."""


def draw_plans(first_month: date, last_day: date) -> list[Plan]:
    """Every decision from `first_month` to `last_day`, in the order of the days."""
    random = Random(SEED)
    plans: list[Plan] = []
    month, heard = first_month, previous_month(previous_month(last_day))
    while month <= last_day:
        for programme in PROGRAMMES:
            rate = programme.rate * SEASON[month.month - 1] // 100
            count = rate // 200 + (random.randrange(200) < rate % 200)
            if programme.funder == SILENT and month > heard:
                continue
            plans += [_draw(random, programme, month, len(plans) + i, last_day) for i in range(count)]
        month = next_month(month)
    return sorted((plan for plan in plans if plan.decided_on <= last_day), key=lambda p: (p.decided_on, p.number))


def _draw(random: Random, programme: Programme, month: date, number: int, last_day: date) -> Plan:
    decided_on = _weekday(month + timedelta(days=random.randrange(27)))
    drawn = Decimal(random.randrange(programme.low * 100, programme.high * 100)) / 100
    amount = round_cents(drawn * GROWTH ** (month.year - last_day.year))
    amount = (amount / 10).quantize(Decimal(1)) * 10 if random.random() < 0.6 else amount
    first = decided_on + timedelta(days=random.randrange(10, 60))
    last = first + timedelta(days=random.randrange(60, 330))
    persons = random.randrange(programme.persons[0], programme.persons[1] + 1)
    amount = round_cents(Decimal(amount))
    plan = Plan(
        programme, random.choices(TERRITORIES, WEIGHTS)[0], decided_on, amount, first, last, persons or None, number
    )
    plan.shares = _yearly_shares(plan)
    silent_after = previous_month(last_day) if programme.funder == SILENT else last_day
    plan.follow = _follow(random, plan, silent_after)
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
