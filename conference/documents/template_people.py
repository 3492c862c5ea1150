"""What do the sheets of the template say about people's parcours: their names, example rows and help?

The example row of each sheet tells one invented parcours; the import leaves rows whose parcours is referenced EXEMPLE.
"""

from datetime import date
from decimal import Decimal

from conference.domain.french import typeset
from conference.domain.importing.field import Field, Target

EXAMPLE_REFERENCE = "EXEMPLE-1"
"""Reference of the example rows: the import leaves rows whose reference begins with EXEMPLE."""
MARK = typeset("Ligne d’exemple, jamais importée : gardez-la ou effacez-la.")

SHEETS = {Target.PARCOURS: "Parcours", Target.STEPS: "Étapes", Target.RIGHTS: "Droits"}
"""Name of the sheet of each kind of row about people."""
SHARED = {
    Field.REFERENT: Field.FUNDER_NAME,
    Field.RIGHT_FUNDER: Field.FUNDER_NAME,
    Field.RIGHT_PAYER: Field.PAYER,
    Field.RIGHT_MANAGER: Field.PAYER,
    Field.PROVIDER: Field.PAYER,
}
"""Columns that offer the list of another one."""
KINDS = frozenset({Field.PARCOURS_KIND, Field.KEY_SITUATION, Field.STEP_KIND, Field.RIGHT_KIND})
"""Columns whose value the import must know."""
EXAMPLES: dict[Target, dict[Field, str | int | Decimal | date]] = {
    Target.PARCOURS: {
        Field.PARCOURS_REFERENCE: EXAMPLE_REFERENCE,
        Field.PROJECT: MARK,
        Field.NO_BENEFIT: "non",
    },
    Target.STEPS: {
        Field.PARCOURS_REFERENCE: EXAMPLE_REFERENCE,
        Field.STEP_REFERENCE: "ÉTAPE-1",
        Field.STEP_TITLE: MARK,
        Field.FIRST_DAY: date(2026, 6, 1),
        Field.LAST_DAY: date(2026, 12, 18),
        Field.HOURS: 800,
        Field.WEEKLY_HOURS: Decimal(35),
        Field.NEEDS_INCOME: "oui",
        Field.PRESCRIBED: "oui",
    },
    Target.RIGHTS: {
        Field.PARCOURS_REFERENCE: EXAMPLE_REFERENCE,
        Field.RIGHT_REFERENCE: "DROIT-1",
        Field.FIRST_DAY: date(2026, 6, 1),
        Field.LAST_DAY: date(2026, 9, 30),
        Field.DAILY_AMOUNT: Decimal("32.50"),
        Field.ORIGIN: MARK,
    },
}
WIDER = {Field.PROJECT: 40, Field.STEP_TITLE: 40, Field.STEP_FUNDERS: 32, Field.ORIGIN: 40}
HELP: tuple[str, tuple[str, ...]] = (
    "Les parcours",
    (
        "Dans la feuille « Parcours », écrivez une ligne par personne suivie, sous votre numéro de dossier.",
        "Dans les feuilles « Étapes » et « Droits », rappelez ce numéro, ou le numéro P-… d’un parcours que vous financez.",
        "Une case vide ne dit rien : ce qui est enregistré reste. Une ligne ôtée du fichier est signalée, jamais retirée.",
        "Aucune colonne ne dit qui est la personne : son identité s’inscrit, chiffrée, sur la page du parcours.",
        "Un numéro de sécurité sociale écrit dans une case fait refuser la ligne.",
    ),
)
