"""Which facts may a column of a funder's table hold?

Each field has the label that the conférence's template gives it, the codes and titles of the open-data schema of grant
agreements (SCDL *subventions* 2.x), and the headings that funders are known to write instead. A field belongs to a table of
commitments, to one of entries, or to both; those of people's parcours are in `people_fields`.
"""

from conference.domain.importing.field import Field, FieldFacts, Target, ValueKind
from conference.domain.importing.people_fields import PEOPLE_FIELDS, PEOPLE_TEMPLATE
from conference.domain.ledger import EntryKind

__all__ = [
    "ENTRY_KINDS",
    "FACTS",
    "FIELDS",
    "LINE_HEADING",
    "REASON_HEADING",
    "RETURNED",
    "Field",
    "FieldFacts",
    "Target",
    "ValueKind",
    "choosable_fields",
    "template_fields",
]


_LINES = frozenset({Target.COMMITMENTS})
_ENTRIES = frozenset({Target.ENTRIES})
_BOTH = _LINES | _ENTRIES

FIELDS: tuple[FieldFacts, ...] = (
    FieldFacts(
        Field.FUNDER_NAME,
        "Financeur",
        ValueKind.ITEM,
        _BOTH,
        "À remplir seulement si le tableau réunit plusieurs financeurs.",
        code="nomAttribuant",
        titles=("Nom de l’attribuant",),
        aliases=(
            "attribuant",
            "nom attribuant",
            "nom du financeur",
            "organisme financeur",
            "autorité administrative",
            "nom de l’autorité administrative",
            "collectivité",
            "nom de la collectivité",
            "coll nom",
        ),
    ),
    FieldFacts(
        Field.FUNDER_SIRET,
        "SIRET du financeur",
        ValueKind.SIRET,
        _BOTH,
        code="idAttribuant",
        titles=("Identification de l’attribuant", "Identification SIRET de l’attribuant"),
        aliases=(
            "siret attribuant",
            "siret de l’attribuant",
            "n siret attribuant",
            "siret financeur",
            "siret autorité administrative",
            "siret de la collectivité",
            "coll siret",
        ),
    ),
    FieldFacts(
        Field.FUNDER_REFERENCE,
        "Référence",
        ValueKind.TEXT,
        _LINES,
        "Votre propre référence, une par engagement : elle le retrouve quand vous renvoyez le fichier.",
        required=True,
        aliases=("référence du financeur", "référence engagement", "notre référence"),
    ),
    FieldFacts(
        Field.DECIDED_ON,
        "Date de la décision",
        ValueKind.DAY,
        _LINES,
        "Jour de la décision, par exemple 14/05/2026.",
        required=True,
        code="dateConvention",
        titles=("Date de la convention de subvention", "Date de la convention"),
        aliases=(
            "date convention",
            "date de décision",
            "date décision",
            "acte date",
            "date de l’acte",
            "date d’engagement",
        ),
    ),
    FieldFacts(
        Field.YEAR,
        "Année",
        ValueKind.YEAR,
        _LINES,
        aliases=("exercice", "année budgétaire"),
    ),
    FieldFacts(
        Field.OBJECT,
        "Objet",
        ValueKind.TEXT,
        _LINES,
        "Ce qui est financé, en une phrase, sans nom de personne.",
        code="objet",
        titles=("Objet de la subvention",),
        aliases=("objet convention", "objet de la convention", "sub objet", "sub obj", "intitulé", "libellé"),
    ),
    FieldFacts(
        Field.AMOUNT,
        "Montant",
        ValueKind.AMOUNT,
        _BOTH,
        "En euros, supérieur à zéro, par exemple 1250,00.",
        required=True,
        code="montant",
        titles=("Montant total de la subvention", "Montant de la subvention"),
        aliases=(
            "montant en euros",
            "montant engagé",
            "montant décidé ligne",
            "montant décidé",
            "sub montant",
            "montant attribué",
            "montant voté",
        ),
    ),
    FieldFacts(
        Field.SCHEME,
        "Dispositif",
        ValueKind.ITEM,
        _LINES,
        code="dispositifAide",
        titles=("Identifiant référençant le dispositif d’aide à l’origine de la subvention", "Dispositif d’aide"),
    ),
    FieldFacts(Field.AUDIENCE, "Public", ValueKind.ITEM, _LINES | {Target.PARCOURS}),
    FieldFacts(
        Field.COST_NATURE,
        "Nature de la dépense",
        ValueKind.ITEM,
        _LINES,
        aliases=("nature du coût", "nature de dépense"),
    ),
    FieldFacts(Field.LEVEL, "Niveau de qualification", ValueKind.ITEM, _LINES, aliases=("niveau",)),
    FieldFacts(Field.TERRITORY, "Territoire", ValueKind.ITEM, _LINES | {Target.PARCOURS}, aliases=("département",)),
    FieldFacts(Field.SECTOR, "Secteur", ValueKind.ITEM, _LINES, aliases=("secteur d’activité",)),
    FieldFacts(
        Field.BENEFICIARY_NAME,
        "Prestataire",
        ValueKind.TEXT,
        _LINES,
        "Nom de l’organisme qui reçoit les fonds.",
        code="nomBeneficiaire",
        titles=("Nom du bénéficiaire",),
        aliases=("bénéficiaire", "nom bénéficiaire", "nom de l’organisme", "organisme bénéficiaire", "attrib nom"),
    ),
    FieldFacts(
        Field.BENEFICIARY_SIRET,
        "SIRET du prestataire",
        ValueKind.SIRET,
        _LINES,
        "14 chiffres.",
        code="idBeneficiaire",
        titles=("Identification SIRET du bénéficiaire", "Identification du bénéficiaire"),
        aliases=("siret bénéficiaire", "siret du bénéficiaire", "n siret bénéficiaire", "attrib siret"),
    ),
    FieldFacts(
        Field.BENEFICIARY_RNA,
        "RNA du bénéficiaire",
        ValueKind.TEXT,
        _LINES,
        code="rnaBeneficiaire",
        titles=("Identification RNA du bénéficiaire",),
    ),
    FieldFacts(Field.FIRST, "Début", ValueKind.DAY, _LINES, "Premier jour financé.", aliases=("date de début", "du")),
    FieldFacts(Field.LAST, "Fin", ValueKind.DAY, _LINES, "Dernier jour financé.", aliases=("date de fin", "au")),
    FieldFacts(
        Field.PERSONS,
        "Nombre de personnes",
        ValueKind.COUNT,
        _LINES,
        aliases=("effectif", "nombre de stagiaires", "nb de personnes"),
    ),
    FieldFacts(
        Field.DECISION_REFERENCE,
        "Référence de la décision",
        ValueKind.TEXT,
        _LINES,
        "Délibération ou décision ; plusieurs engagements peuvent la partager.",
        code="referenceDecision",
        titles=("Référence de la décision",),
        aliases=(
            "référence décision",
            "référence délibération",
            "référence de la délibération",
            "acte ref",
            "référence de l’acte",
        ),
    ),
    FieldFacts(
        Field.ACCOUNTING_NUMBER,
        "Numéro comptable",
        ValueKind.TEXT,
        _LINES,
        aliases=("n comptable", "numéro d’engagement comptable"),
    ),
    FieldFacts(
        Field.PAYER,
        "Payeur",
        ValueKind.ITEM,
        _LINES,
        "Seulement si un autre organisme paie à la place du financeur.",
    ),
    FieldFacts(
        Field.MANAGER,
        "Gestionnaire",
        ValueKind.ITEM,
        _LINES,
        "Seulement si un autre organisme gère à la place du financeur.",
    ),
    FieldFacts(
        Field.RECEIVER,
        "Financeur destinataire",
        ValueKind.ITEM,
        _LINES,
        "Seulement pour un transfert : le financeur qui dépensera ces fonds.",
    ),
    FieldFacts(
        Field.AID_NATURE,
        "Nature de la subvention",
        ValueKind.TEXT,
        _LINES,
        code="nature",
        titles=("Nature de la subvention",),
        aliases=("nature subvention",),
    ),
    FieldFacts(
        Field.PAYMENT_TERMS,
        "Conditions de versement",
        ValueKind.TEXT,
        _LINES,
        code="conditionsVersement",
        titles=("Conditions de versement de la subvention",),
    ),
    FieldFacts(
        Field.PAYMENT_DATES,
        "Dates de versement",
        ValueKind.DAYS,
        _LINES,
        code="datesPeriodeVersement",
        titles=("Date ou période de versement",),
        aliases=("dates période versement", "date premier mandat ligne", "date de versement"),
    ),
    FieldFacts(
        Field.RAE,
        "Identifiant RAE",
        ValueKind.TEXT,
        _LINES,
        code="idRAE",
        titles=("Identifiant RAE de l’aide au titre de laquelle la subvention est attribuée",),
    ),
    FieldFacts(
        Field.EU_NOTIFIED,
        "Notification à l’Union européenne",
        ValueKind.YES_NO,
        _LINES,
        code="notificationUE",
        titles=("Aide d’État notifiée à la Commission européenne",),
        aliases=("notification à la commission européenne", "notification ue"),
    ),
    FieldFacts(
        Field.SHARE,
        "Pourcentage de la subvention",
        ValueKind.SHARE,
        _LINES,
        code="pourcentageSubvention",
        titles=("Pourcentage du montant total de la subvention attribuée au bénéficiaire",),
    ),
    FieldFacts(
        Field.COMMITMENT_REFERENCE,
        "Référence de l’engagement",
        ValueKind.TEXT,
        _ENTRIES,
        "La référence de la feuille Engagements, ou le numéro E-… de l’outil.",
        required=True,
    ),
    FieldFacts(
        Field.ENTRY_KIND,
        "Type d’écriture",
        ValueKind.ITEM,
        _ENTRIES,
        "Paiement si la case est vide.",
        aliases=("type", "nature de l’écriture"),
    ),
    FieldFacts(
        Field.EFFECTIVE_ON,
        "Date",
        ValueKind.DAY,
        _ENTRIES,
        "Jour du paiement ou de l’écriture.",
        required=True,
        aliases=("date de paiement", "date du paiement", "date d’effet", "date de l’écriture"),
    ),
    FieldFacts(
        Field.ENTRY_REFERENCE,
        "Référence de l’écriture",
        ValueKind.TEXT,
        _ENTRIES,
        "Numéro de mandat, de bordereau : il retrouve l’écriture quand vous renvoyez le fichier.",
        aliases=("numéro de mandat", "n de mandat", "mandat"),
    ),
    FieldFacts(Field.MOTIVE, "Motif", ValueKind.TEXT, _ENTRIES, aliases=("commentaire",)),
    *PEOPLE_FIELDS,
)

FACTS: dict[Field, FieldFacts] = {facts.field: facts for facts in FIELDS}
"""Facts of each field."""


LINE_HEADING, REASON_HEADING = "Ligne du fichier", "Motif du refus"
RETURNED = frozenset({LINE_HEADING, REASON_HEADING})
"""Headings that a workbook of refused rows adds to those of its file: a corrected one is read without them."""

_TEMPLATE = {
    Target.COMMITMENTS: (
        "funder_reference decided_on object amount scheme audience cost_nature level territory sector beneficiary_name "
        "beneficiary_siret first last persons decision_reference accounting_number payer manager receiver funder_name"
    ),
    Target.ENTRIES: "commitment_reference entry_kind effective_on amount entry_reference motive funder_name",
    **PEOPLE_TEMPLATE,
}


ENTRY_KINDS = {
    EntryKind.PAYMENT: "Paiement",
    EntryKind.REPAYMENT: "Reversement",
    EntryKind.SETTLEMENT: "Liquidation",
    EntryKind.ORDER: "Mandatement",
    EntryKind.RELEASE: "Dégagement",
    EntryKind.COMMITMENT: "Engagement complémentaire",
}
"""Entries that a file may bring to a commitment, and how a cell names them."""


def template_fields(target: Target) -> tuple[FieldFacts, ...]:
    """The columns of one of the template's sheets, in order."""
    return tuple(FACTS[Field(name)] for name in _TEMPLATE[target].split())


def choosable_fields(target: Target) -> tuple[FieldFacts, ...]:
    """The fields that a user may give to a column, those of the template first."""
    first = template_fields(target)
    return first + tuple(facts for facts in FIELDS if target in facts.targets and facts not in first)
