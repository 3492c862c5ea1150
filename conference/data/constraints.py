"""What does each rule of the database say in French?

One map from the name of a constraint to a stable code, the form field it points at and a sentence. A test proves that
every named CHECK and UNIQUE of the metadata is in it. Services translate an IntegrityError through `refusal_of`.
"""

import re

from sqlalchemy.exc import DBAPIError

from conference.domain.refusal import Refusal

SENTENCES: dict[str, tuple[str | None, str]] = {
    "uq_organisation_code": ("code", "Ce code d’organisme existe déjà. Choisissez-en un autre."),
    "ck_organisation_kind_known": ("kind", "Choisissez un type d’organisme de la liste."),
    "ck_organisation_dates_in_order": ("last", "La date de fin précède la date de début. Corrigez l’une des deux."),
    "ck_organisation_threshold_positive": ("confirmation_threshold", "Le seuil doit être supérieur à zéro."),
    "ck_organisation_siret_length": ("siret", "Le SIRET doit compter 14 chiffres."),
    "ck_organisation_successor_is_another": ("successor_id", "Un organisme ne peut pas se succéder à lui-même."),
    "uq_dimension_set_members": (
        None,
        "Cette combinaison de dimensions existe déjà.",
    ),
    "uq_commitment_reference": (None, "Ce numéro d’engagement est déjà pris. Recommencez l’enregistrement."),
    "uq_commitment_id_funder_id": (None, "Cet engagement existe déjà."),
    "uq_commitment_id_dimension_set_id": (None, "Cet engagement existe déjà."),
    "ck_commitment_dates_in_order": ("last", "La fin de la période précède son début. Corrigez l’une des deux dates."),
    "ck_commitment_persons_positive": ("persons", "Le nombre de personnes doit être au moins 1, ou rester vide."),
    "ck_commitment_transfer_to_another": (
        "to_funder_id",
        "Un financeur ne peut pas se transférer des fonds à lui-même.",
    ),
    "ck_commitment_source_known": (None, "L’origine de cette ligne n’est pas connue."),
    "uq_entry_reverses_id": (None, "Cette écriture est déjà annulée."),
    "ck_entry_sign_of_annulation": ("amount", "Le montant doit être supérieur à zéro."),
    "ck_entry_motive_of_annulation": ("motive", "Indiquez le motif de l’annulation."),
    "ck_entry_kind_known": ("kind", "Choisissez un type d’écriture de la liste."),
    "ck_entry_source_known": (None, "L’origine de cette écriture n’est pas connue."),
    "ck_yearly_share_year_known": ("shares", "L’année d’une part annuelle va de 1950 à 2100."),
    "uq_transfer_pair_given_id_spent_id": (None, "Ces deux lignes sont déjà rattachées l’une à l’autre."),
    "ck_transfer_pair_two_sides": (None, "Une ligne ne peut pas être rattachée à elle-même."),
    "uq_balance_funder_id_identity": ("funder_reference", "Cette référence existe déjà pour ce financeur."),
    "ck_balance_repaid_within_paid": ("amount", "Le reversement dépasse ce qui a été payé."),
    "ck_balance_paid_within_committed": ("amount", "Le total payé dépasserait le montant engagé."),
    "ck_balance_settled_within_committed": ("amount", "Le total liquidé dépasserait le montant engagé."),
    "ck_balance_ordered_within_settled": ("amount", "Le total mandaté dépasserait le montant liquidé ou engagé."),
    "ck_balance_paid_within_ordered": ("amount", "Le total payé dépasserait le montant mandaté."),
    "ck_balance_paid_within_settled": ("amount", "Le total payé dépasserait le montant liquidé."),
    "ck_balance_shares_sum_to_committed": ("shares", "Les parts annuelles ne font pas le montant engagé."),
    "ck_balance_dates_in_order": ("effective_on", "Cette date précède celle de l’engagement. Corrigez la date."),
    "ck_conference_profile_single_row": (None, "Cette instance a déjà une conférence."),
    "ck_month_state_closed_month_takes_no_entry": (
        "effective_on",
        "Ce mois est clôturé : il ne reçoit plus d’écriture.",
    ),
    "ck_month_state_closing_whole": (None, "La clôture de ce mois est incomplète."),
    "uq_account_email": ("email", "Un compte existe déjà avec cette adresse."),
    "ck_account_role_known": ("role", "Choisissez un rôle de la liste."),
    "ck_account_email_lower_case": ("email", "L’adresse s’écrit en minuscules."),
    "ck_account_attempts_not_negative": (None, "Le nombre d’essais ne peut pas être négatif."),
    "ck_account_link_purpose_known": (None, "Ce lien n’est pas d’un type connu."),
    "ck_journal_head_single_row": (None, "Le journal a déjà une tête."),
    "ck_import_file_motive_of_undo": ("motive", "Indiquez le motif de l’annulation."),
    "uq_import_file_staged_id": (None, "Ce fichier est déjà importé."),
    "ck_import_remark_kind_known": (None, "Cette remarque n’est pas d’un type connu."),
    "uq_column_mapping_organisation_id_digest": (None, "Ces colonnes sont déjà expliquées. Rechargez la page."),
    "uq_named_view_account_id_name": ("name", "Une de vos vues porte déjà ce nom. Choisissez-en un autre."),
    "uq_annual_budget_funder_id_year": ("year", "Un budget existe déjà pour cette année. Modifiez-le."),
    "ck_annual_budget_amount_not_negative": ("amount", "Le budget ne peut pas être négatif."),
    "ck_annual_budget_year_known": ("year", "L’année va de 1950 à 2100."),
    "ck_attachment_size_positive": ("file", "Ce fichier est vide."),
    "ck_attachment_sha256_length": (None, "L’empreinte de ce fichier est incomplète."),
    "ck_parcours_kind_known": ("kind", "Choisissez un type de parcours de la liste."),
    "ck_parcours_key_situation_known": ("key_situation", "Choisissez une situation de la liste."),
    "uq_parcours_pseudonym": (None, "Ce numéro de parcours est déjà pris. Recommencez l’enregistrement."),
    "ck_step_dates_in_order": ("last", "La fin de l’étape précède son début. Corrigez l’une des deux dates."),
    "ck_step_hours_positive": ("hours", "Le nombre d’heures doit être supérieur à zéro, ou rester vide."),
    "ck_step_kind_known": ("kind", "Choisissez un type d’étape de la liste."),
    "ck_income_right_dates_in_order": ("last", "La fin du droit précède son début. Corrigez l’une des deux dates."),
    "ck_income_right_amount_not_negative": ("daily_amount", "Le montant par jour ne peut pas être négatif."),
    "ck_income_right_kind_known": ("kind", "Choisissez un type de droit de la liste."),
    "uq_alert_code_parcours_id_cause": (None, "Cette alerte existe déjà."),
    "ck_alert_status_known": (None, "L’état de cette alerte n’est pas connu."),
    "uq_scale_value_code_first": (
        "first",
        "Une valeur de ce barème commence déjà ce jour-là. Retirez-la d’abord, ou changez la date.",
    ),
    "ck_scale_value_dates_in_order": ("last", "La date de fin précède la date de début. Corrigez l’une des deux."),
    "ck_scale_value_amount_positive": ("amount", "La valeur doit être supérieure à zéro."),
    "ck_scale_value_law_told": ("law", "Indiquez le texte qui fixe cette valeur, par exemple un décret et sa date."),
    "ck_scale_value_source_told": ("source", "Indiquez où cette valeur a été lue."),
    "ck_scale_value_motive_of_withdrawal": ("motive", "Indiquez le motif du retrait."),
    "ck_alert_days_not_negative": (None, "Le nombre de jours ne peut pas être négatif."),
}
for _list in ("scheme", "audience", "nature", "level", "territory", "sector"):
    SENTENCES[f"uq_{_list}_code"] = ("code", "Ce code existe déjà dans la liste. Choisissez-en un autre.")
    SENTENCES[f"ck_{_list}_dates_in_order"] = (
        "last",
        "La date de fin précède la date de début. Corrigez l’une des deux.",
    )
for _kind in ("forecast", "commitment", "release", "settlement", "order", "payment", "repayment"):
    SENTENCES[f"ck_balance_{_kind}_not_negative"] = (
        "amount",
        "Une annulation ne peut pas dépasser ce qui a été enregistré.",
    )

_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (\S.*)")


def constraint_name(error: DBAPIError) -> str:
    """Name of the constraint that `error` tells of, in the house's naming convention; "" when none can be read."""
    diagnostic = getattr(error.orig, "diag", None)
    if diagnostic is not None and diagnostic.constraint_name:
        return str(diagnostic.constraint_name)
    text = str(error.orig)
    if found := _SQLITE_UNIQUE.search(text):
        columns = [column.strip().split(".") for column in found[1].split(",")]
        return f"uq_{columns[0][0]}_{'_'.join(name for _, name in columns)}"
    if found := re.search(r"CHECK constraint failed: (\w+)", text):
        return found[1]
    return ""


def refusal_of(error: DBAPIError) -> Refusal:
    """The French refusal that a broken constraint stands for; re-raises `error` when no rule of ours is behind it."""
    name = constraint_name(error)
    if name not in SENTENCES:
        raise error
    field, sentence = SENTENCES[name]
    return Refusal(sentence, field=field, code=name.removeprefix("ck_").removeprefix("uq_"))
