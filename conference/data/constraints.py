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
    "uq_parcours_own_reference": ("own_reference", "Un parcours de votre organisme porte déjà cette référence."),
    "ck_parcours_merged_into_another": (None, "Un parcours ne peut pas être réuni à lui-même."),
    "uq_step_own_reference": ("own_reference", "Une étape de ce parcours porte déjà cette référence."),
    "ck_step_age_known": ("age_at_entry", "L’âge à l’entrée va de 10 à 110 ans. Corrigez-le ou laissez-le vide."),
    "ck_step_weekly_hours_positive": (
        "weekly_hours",
        "Le nombre d’heures par semaine doit être supérieur à zéro, ou rester vide.",
    ),
    "ck_step_motive_of_withdrawal": ("motive", "Indiquez le motif du retrait."),
    "ck_step_interruption_dates_in_order": ("last", "La fin de l’interruption précède son début. Corrigez une date."),
    "ck_step_interruption_kind_known": ("kind", "Choisissez une interruption ou une absence."),
    "ck_step_result_outcome_known": ("outcome", "Choisissez comment l’étape s’est terminée dans la liste."),
    "ck_step_result_qualification_known": ("qualification", "Choisissez un résultat de la liste."),
    "ck_step_result_work_3_months_known": ("work_3_months", "Choisissez une situation de la liste."),
    "ck_step_result_work_6_months_known": ("work_6_months", "Choisissez une situation de la liste."),
    "ck_step_result_motive_known": ("motive", "Choisissez un motif de rupture de la liste."),
    "ck_step_result_motive_of_rupture": (
        "motive",
        "Un motif de rupture ne va qu’avec une étape interrompue ou non commencée.",
    ),
    "ck_income_right_monthly_amount_not_negative": (
        "monthly_amount",
        "Le montant par mois ne peut pas être négatif.",
    ),
    "ck_income_right_one_amount": ("monthly_amount", "Donnez le montant par jour ou par mois, pas les deux."),
    "ck_income_right_opened_months_positive": (
        "opened_months",
        "La durée du droit ouvert doit être d’au moins un mois, ou rester vide.",
    ),
    "ck_income_right_motive_of_withdrawal": ("motive", "Indiquez le motif du retrait."),
    "uq_income_right_own_reference": ("own_reference", "Un droit de ce parcours porte déjà cette référence."),
    "ck_collective_action_dates_in_order": ("last", "La fin de l’action précède son début. Corrigez une date."),
    "ck_collective_action_hours_positive": ("hours", "Le nombre d’heures doit être supérieur à zéro, ou rester vide."),
    "ck_collective_action_places_positive": ("places", "Le nombre de places doit être au moins 1, ou rester vide."),
    "ck_collective_action_kind_known": ("kind", "Choisissez un type d’étape de la liste."),
    "uq_plan_cost_step_id_nature_id": ("nature_id", "Cette nature de coût est déjà dans le plan. Modifiez sa ligne."),
    "uq_plan_cost_action_id_nature_id": ("nature_id", "Cette nature de coût est déjà dans le plan. Modifiez sa ligne."),
    "ck_plan_cost_step_or_action": (None, "Un coût se rapporte à une étape ou à une action collective."),
    "ck_plan_cost_amount_positive": ("amount", "Le coût doit être supérieur à zéro."),
    "uq_plan_share_cost_id_funder_id": ("funder_id", "Ce financeur a déjà une part de ce coût. Modifiez-la."),
    "ck_plan_share_amount_positive": ("amount", "La part doit être supérieure à zéro."),
    "ck_plan_share_percent_positive": ("percent", "Le pourcentage doit être supérieur à zéro."),
    "ck_plan_instalment_amount_positive": ("amount", "Chaque échéance doit être supérieure à zéro."),
    "ck_step_funding_amount_positive": ("amount", "La part d’une personne doit être supérieure à zéro."),
    "uq_handoff_reference": (None, "Ce numéro de relais est déjà pris. Recommencez."),
    "ck_handoff_status_known": (None, "L’état de ce relais n’est pas connu."),
    "ck_handoff_motive_known": ("motive", "Choisissez un motif de la liste."),
    "ck_handoff_two_funders": ("receiver_id", "Un relais va vers un autre financeur que le vôtre."),
    "ck_handoff_motive_of_refusal": ("motive", "Un motif ne va qu’avec un refus."),
    "ck_handoff_proposed_once": (None, "Ce relais n’a pas encore été proposé."),
    "ck_handoff_share_asked_positive": ("asked", "Le montant demandé doit être supérieur à zéro."),
    "ck_handoff_share_accepted_not_negative": ("accepted", "Le montant accepté ne peut pas être négatif."),
    "ck_handoff_release_foreseen_not_negative": (None, "Le montant à dégager ne peut pas être négatif."),
    "uq_coverage_version_parcours_id_number": (None, "Cette version du calcul existe déjà. Recommencez."),
    "ck_coverage_version_days_sum": (None, "Les jours de ce calcul ne font pas le total."),
    "ck_gap_days_positive": (None, "Un trou compte au moins un jour."),
    "ck_gap_dates_in_order": (None, "La fin de ce trou précède son début."),
    "ck_need_cell_counts_not_negative": (None, "Un compte de besoins ne peut pas être négatif."),
    "uq_run_kind_period_scope": (None, "Cette tâche existe déjà pour cette période."),
    "ck_run_status_known": (None, "L’état de cette tâche n’est pas connu."),
    "ck_run_lease_while_running": (None, "Une tâche en cours a un délai, les autres n’en ont pas."),
    "uq_outbox_message_key": (None, "Ce message est déjà prévu."),
    "ck_outbox_message_status_known": (None, "L’état de ce message n’est pas connu."),
    "ck_identity_key_until_erased": (None, "Une identité effacée ne garde pas de clé."),
    "ck_identity_sealed_with_its_key": (None, "Une identité se garde avec sa clé."),
    "ck_parcours_merge_two_parcours": (None, "Un parcours ne peut pas être réuni à lui-même."),
    "ck_parcours_merge_status_known": (None, "L’état de cette demande n’est pas connu."),
    "ck_alert_severity_known": (None, "La gravité de cette alerte n’est pas connue."),
    "ck_alert_outcome_known": ("outcome", "Choisissez une issue de la liste."),
    "ck_alert_outcome_when_decided": ("outcome", "Choisissez une issue de la liste."),
    "ck_alert_motive_of_outcome": ("motive", "Indiquez le motif de la décision."),
    "ck_alert_event_kind_known": (None, "Cet événement n’est pas d’un type connu."),
    "ck_alert_comment_text_written": ("text", "Écrivez votre commentaire."),
    "ck_alert_one_subject": (None, "Une alerte se rapporte à un parcours ou à une convention."),
    "ck_alert_settle_by_told": (None, "La place de cette alerte dans la liste ne suit pas son échéance."),
    "uq_alert_code_convention_id_cause": (None, "Cette alerte existe déjà."),
    "uq_convention_number": (None, "Ce numéro de convention est déjà pris. Recommencez."),
    "ck_convention_kind_known": ("kind", "Choisissez un type de convention de la liste."),
    "ck_convention_status_known": (None, "L’état de cette convention n’est pas connu."),
    "ck_convention_numbered_to_sign": (None, "Une convention reçoit son numéro quand elle part à la signature."),
    "ck_convention_renews_another": (None, "Une convention ne peut pas se renouveler elle-même."),
    "uq_convention_version_convention_id_rank": (None, "Cette version existe déjà. Rechargez la page."),
    "uq_convention_version_open": (None, "Un avenant est déjà en préparation. Terminez-le ou abandonnez-le d’abord."),
    "uq_convention_version_in_force": (None, "Une seule version d’une convention est en vigueur."),
    "ck_convention_version_status_known": (None, "L’état de cette version n’est pas connu."),
    "ck_convention_version_status_of_version": (None, "L’état de cette version n’est pas connu."),
    "ck_convention_version_dates_in_order": ("last", "La fin de la convention précède son début. Corrigez une date."),
    "ck_convention_version_ceiling_positive": ("ceiling", "Le plafond doit être supérieur à zéro, ou rester vide."),
    "ck_convention_version_bonus_base_positive": ("bonus_base", "Le prix doit être supérieur à zéro, ou rester vide."),
    "ck_convention_version_frozen_to_sign": (None, "Le texte doit être figé avant la signature."),
    "ck_convention_version_in_force_signed": (None, "Seule une version signée est en vigueur."),
    "ck_convention_version_signed_on_a_day": (None, "La date de la dernière signature manque."),
    "ck_convention_party_role_known": ("role", "Choisissez le rôle de cette partie dans la liste."),
    "ck_convention_party_rank_positive": (None, "Le rang d’une partie commence à 1."),
    "ck_convention_article_role_known": ("role", "Choisissez l’objet de l’article dans la liste."),
    "ck_article_comment_text_written": ("text", "Écrivez votre observation."),
    "ck_article_comment_resolution_told": ("resolution", "Dites ce qui a été fait de cette observation."),
    "ck_convention_income_daily_amount_positive": (
        "daily_amount",
        "Le montant par jour doit être supérieur à zéro, ou rester vide.",
    ),
    "ck_convention_income_kind_known": ("kind", "Choisissez un type de droit de la liste."),
    "ck_library_article_role_known": ("role", "Choisissez l’objet de l’article dans la liste."),
    "ck_library_article_text_written": ("text", "Écrivez le texte de l’article."),
    "ck_library_article_motive_of_withdrawal": ("motive", "Indiquez le motif du retrait."),
    "uq_library_article_code_first": (
        "first",
        "Une version de cet article commence déjà ce jour-là. Retirez-la d’abord, ou changez la date.",
    ),
    "ck_convention_share_amount_positive": ("amount", "Chaque part doit être supérieure à zéro."),
    "ck_convention_share_percent_positive": ("percent", "Le pourcentage doit être supérieur à zéro."),
    "ck_convention_share_year_known": ("year", "L’année va de 1950 à 2100."),
    "ck_convention_instalment_kind_known": ("kind", "Choisissez le type de versement dans la liste."),
    "ck_convention_instalment_amount_positive": ("amount", "Chaque versement doit être supérieur à zéro."),
    "ck_convention_instalment_percent_positive": ("percent", "Le pourcentage doit être supérieur à zéro."),
    "ck_convention_bonus_rate_known": ("from_rate", "Le taux de retour à l’emploi va de 0 à 100 %."),
    "ck_convention_balance_within_ceiling": ("amount", "Cet engagement dépasse le plafond de la convention."),
    "ck_convention_balance_sums_not_negative": ("amount", "Une annulation ne peut pas dépasser ce qui a été engagé."),
    "uq_signatory_version_id_rank": ("rank", "Un autre signataire a déjà ce rang."),
    "ck_signatory_name_written": ("name", "Indiquez le nom du signataire."),
    "ck_signatory_rank_positive": ("rank", "Le rang d’un signataire commence à 1."),
    "ck_convention_file_kind_known": ("kind", "Ce type de fichier n’est pas connu."),
    "ck_convention_file_size_positive": ("file", "Ce fichier est vide."),
    "ck_convention_file_sha256_length": (None, "L’empreinte de ce fichier n’est pas lisible."),
    "ck_signature_means_known": ("means", "Choisissez un moyen de signature de la liste."),
    "ck_signature_motive_of_taking_back": ("motive", "Indiquez le motif du retrait."),
    "uq_signature_standing": (None, "Ce signataire a déjà signé."),
    "ck_account_digest_known": ("digest", "Choisissez une fréquence de la liste."),
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
