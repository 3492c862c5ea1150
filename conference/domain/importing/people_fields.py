"""Which facts may a column of a table of parcours, of steps or of rights hold?

No column holds who the person is: identities are entered on the parcours' page, encrypted and logged. A heading that names
one is known by `names_a_person`, so that the sender is told so instead of « colonne inconnue ».
"""

import re
import unicodedata

from conference.domain.importing.field import PEOPLE, Field, FieldFacts, Target, ValueKind

_PARCOURS = frozenset({Target.PARCOURS})
_STEPS = frozenset({Target.STEPS})
_RIGHTS = frozenset({Target.RIGHTS})
_YES = "Oui ou non ; vide si vous ne savez pas."
_PERSON = re.compile(
    r"\b(?:nir|prenoms?|naissance|securite sociale|numero de secu\w*|telephone|portable|courriel|e ?mail|mail|adresse|"
    r"nom (?:de )?(?:naissance|famille|usage|jeune fille|usuel)|nom (?:du |de la |de l )?(?:stagiaire|personne|candidat\w*|"
    r"demandeur\w*|apprenant\w*|salarie\w*)|patronyme|civilite|ne(?:e|\(e\))? le|identifiant de\w*)\b"
)

IDENTITY_CODES = ("identity_column", "identity_sheet", "nir", "nir_left")
"""Codes of the remarks which say that a file tells who somebody is: such a file is not kept."""
PEOPLE_FIELDS: tuple[FieldFacts, ...] = (
    FieldFacts(
        Field.PARCOURS_REFERENCE,
        "Référence du parcours",
        ValueKind.TEXT,
        PEOPLE,
        "Votre numéro de dossier. Pour une étape ou un droit : celui de la feuille Parcours, ou le numéro P-… de l’outil.",
        required=True,
        aliases=("parcours", "numéro de dossier", "référence du dossier", "dossier"),
    ),
    FieldFacts(
        Field.PARCOURS_KIND,
        "Type de parcours",
        ValueKind.ITEM,
        _PARCOURS,
        required=True,
    ),
    FieldFacts(Field.KEY_SITUATION, "Situation clé", ValueKind.ITEM, _PARCOURS, required=True),
    FieldFacts(
        Field.PROJECT,
        "Projet visé",
        ValueKind.TEXT,
        _PARCOURS,
        "Le métier ou la qualification, jamais un nom.",
        aliases=("projet", "métier visé", "objectif"),
    ),
    FieldFacts(
        Field.REFERENT,
        "Organisme référent",
        ValueKind.ITEM,
        _PARCOURS,
        "À remplir seulement si le tableau réunit plusieurs organismes.",
        aliases=("référent",),
    ),
    FieldFacts(Field.NO_BENEFIT, "Sans allocation à l’entrée", ValueKind.YES_NO, _PARCOURS, _YES),
    FieldFacts(
        Field.WORKED_6_OF_12,
        "A travaillé 6 mois sur 12",
        ValueKind.YES_NO,
        _PARCOURS,
        "6 mois sur 12, ou 12 mois sur 24. Vide si vous ne savez pas.",
    ),
    FieldFacts(Field.SINGLE_PARENT, "Parent isolé", ValueKind.YES_NO, _PARCOURS, _YES),
    FieldFacts(Field.DISABLED, "Travailleur handicapé", ValueKind.YES_NO, _PARCOURS, _YES, aliases=("rqth",)),
    FieldFacts(
        Field.STEP_REFERENCE,
        "Référence de l’étape",
        ValueKind.TEXT,
        _STEPS,
        "Votre numéro de l’étape : il la retrouve quand vous renvoyez le fichier.",
        required=True,
    ),
    FieldFacts(Field.STEP_KIND, "Type d’étape", ValueKind.ITEM, _STEPS, required=True),
    FieldFacts(
        Field.STEP_TITLE,
        "Intitulé de l’étape",
        ValueKind.TEXT,
        _STEPS,
        "Le nom de la formation ou de l’action, jamais celui d’une personne.",
        required=True,
        aliases=("intitulé", "formation"),
    ),
    FieldFacts(
        Field.FIRST_DAY,
        "Premier jour",
        ValueKind.DAY,
        _STEPS | _RIGHTS,
        required=True,
        aliases=("début", "date de début", "du"),
    ),
    FieldFacts(
        Field.LAST_DAY,
        "Dernier jour",
        ValueKind.DAY,
        _STEPS | _RIGHTS,
        "Ce jour est compris.",
        required=True,
        aliases=("fin", "date de fin", "au"),
    ),
    FieldFacts(Field.HOURS, "Nombre d’heures", ValueKind.COUNT, _STEPS, aliases=("heures", "durée en heures")),
    FieldFacts(Field.WEEKLY_HOURS, "Heures par semaine", ValueKind.NUMBER, _STEPS),
    FieldFacts(
        Field.NEEDS_INCOME,
        "Revenu nécessaire",
        ValueKind.YES_NO,
        _STEPS,
        "Oui si chaque jour de l’étape demande un revenu ; vide vaut oui.",
    ),
    FieldFacts(Field.PROVIDER, "Organisme de formation", ValueKind.ITEM, _STEPS, aliases=("prestataire", "centre")),
    FieldFacts(
        Field.STEP_FUNDERS,
        "Financeurs de l’étape",
        ValueKind.TEXT,
        _STEPS,
        "Séparés par un point-virgule ; vide vaut l’organisme référent. Chacun pourra lire le parcours.",
        aliases=("financeurs", "financeur"),
    ),
    FieldFacts(
        Field.REGISTERED_ON,
        "Inscription ou prescription",
        ValueKind.DAY,
        _STEPS,
        aliases=("date d’inscription", "date de prescription"),
    ),
    FieldFacts(Field.AGE_AT_ENTRY, "Âge à l’entrée", ValueKind.COUNT, _STEPS, "En années entières, au premier jour."),
    FieldFacts(Field.PRESCRIBED, "Prescrite", ValueKind.YES_NO, _STEPS, _YES),
    FieldFacts(Field.QUALIFYING, "Qualifiante", ValueKind.YES_NO, _STEPS, _YES),
    FieldFacts(Field.SHORTAGE_OCCUPATION, "Métier en tension", ValueKind.YES_NO, _STEPS, _YES),
    FieldFacts(Field.APPROVED_FOR_PAY, "Agréée pour la rémunération", ValueKind.YES_NO, _STEPS, _YES),
    FieldFacts(
        Field.STEP_COMMITMENT,
        "Engagement rattaché",
        ValueKind.TEXT,
        _STEPS,
        "La référence de la feuille Engagements, ou le numéro E-… de l’outil.",
    ),
    FieldFacts(
        Field.STEP_AMOUNT,
        "Part de l’engagement",
        ValueKind.AMOUNT,
        _STEPS,
        "Ce qui est pour cette personne ; vide vaut l’engagement entier.",
    ),
    FieldFacts(
        Field.RIGHT_REFERENCE,
        "Référence du droit",
        ValueKind.TEXT,
        _RIGHTS,
        "Votre numéro du droit : il le retrouve quand vous renvoyez le fichier.",
        required=True,
    ),
    FieldFacts(Field.RIGHT_KIND, "Type de droit", ValueKind.ITEM, _RIGHTS, required=True, aliases=("droit",)),
    FieldFacts(
        Field.RIGHT_PAYER,
        "Payeur du droit",
        ValueKind.ITEM,
        _RIGHTS,
        "Vide vaut votre organisme.",
        aliases=("payeur",),
    ),
    FieldFacts(Field.RIGHT_FUNDER, "Financeur du droit", ValueKind.ITEM, _RIGHTS, aliases=("financeur",)),
    FieldFacts(Field.RIGHT_MANAGER, "Gestionnaire du droit", ValueKind.ITEM, _RIGHTS, aliases=("gestionnaire",)),
    FieldFacts(
        Field.DAILY_AMOUNT,
        "Montant par jour",
        ValueKind.AMOUNT,
        _RIGHTS,
        "Brut, par jour calendaire. Par jour ou par mois, pas les deux.",
    ),
    FieldFacts(Field.MONTHLY_AMOUNT, "Montant par mois", ValueKind.AMOUNT, _RIGHTS, "Brut."),
    FieldFacts(Field.OPENED_MONTHS, "Durée ouverte en mois", ValueKind.COUNT, _RIGHTS),
    FieldFacts(
        Field.MAIN, "Revenu principal", ValueKind.YES_NO, _RIGHTS, "Oui si c’est le revenu principal de ces jours."
    ),
    FieldFacts(
        Field.ORIGIN,
        "Ce qui établit le droit",
        ValueKind.TEXT,
        _RIGHTS,
        "Notification, attestation, sans nom de personne.",
        aliases=("source", "origine"),
    ),
)

PEOPLE_TEMPLATE = {
    Target.PARCOURS: (
        "parcours_reference parcours_kind key_situation target territory audience no_benefit worked_6_of_12 single_parent "
        "disabled referent"
    ),
    Target.STEPS: (
        "parcours_reference step_reference step_kind title first_day last_day hours weekly_hours needs_income provider "
        "step_funders registered_on age_at_entry prescribed qualifying shortage_occupation approved_for_pay "
        "step_commitment step_amount"
    ),
    Target.RIGHTS: (
        "parcours_reference right_reference right_kind first_day last_day right_payer daily_amount monthly_amount "
        "opened_months main right_funder right_manager origin"
    ),
}
"""Columns of the template's sheets, in order."""


def names_a_person(heading: str) -> bool:
    """Does a heading announce who somebody is (« Prénom », « Date de naissance », « NIR »)?"""
    text = unicodedata.normalize("NFKD", heading.casefold())
    bare = "".join(sign for sign in text if not unicodedata.combining(sign))
    words = " ".join(re.findall(r"[a-z0-9()]+", bare))
    return words in ("nom", "noms", "nom et prenom", "personne", "stagiaire") or _PERSON.search(words) is not None
