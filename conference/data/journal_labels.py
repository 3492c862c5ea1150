"""How are the verbs, objects and fields of the journal said in French?

The journal keeps the names of the code, which do not change; the screen says them in the words of the people who did
them. A verb that is missing here is shown as it is kept: a test then names it.
"""

from conference.data.glossary import label

VERBS = {
    "add_account": "Compte ajouté",
    "add_organisation": "Organisme ajouté",
    "add_provider": "Prestataire ajouté",
    "add_scale_value": "Valeur ajoutée à un barème",
    "add_step": "Étape ajoutée",
    "add_reference": "Valeur ajoutée à une liste",
    "attach_file": "Pièce jointe",
    "change_password": "Mot de passe changé",
    "choose_columns": "Colonnes d’un fichier expliquées",
    "close_month": "Mois clôturé",
    "close_session": "Session fermée",
    "commit_funds": "Engagement enregistré",
    "confirm_commitment": "Engagement confirmé",
    "deactivate_account": "Compte désactivé",
    "drop_second_factor": "Second facteur retiré",
    "edit_account": "Compte modifié",
    "edit_organisation": "Organisme modifié",
    "edit_profile": "Réglages modifiés",
    "edit_reference": "Valeur d’une liste modifiée",
    "enrol_second_factor": "Second facteur installé",
    "generate": "Lignes d’essai créées",
    "import_file": "Fichier importé",
    "init_instance": "Instance créée",
    "invite_account": "Invitation envoyée",
    "move_step": "Étape déplacée",
    "open_parcours": "Parcours ouvert",
    "pair_transfer": "Transfert rattaché",
    "pay_in_bulk": "Paiement groupé",
    "reactivate_account": "Compte réactivé",
    "record_commitments": "Engagements enregistrés",
    "record_commitment": "Engagement complété",
    "record_forecast": "Prévision enregistrée",
    "record_order": "Mandatement enregistré",
    "record_payment": "Paiement enregistré",
    "record_release": "Dégagement enregistré",
    "record_repayment": "Reversement enregistré",
    "record_right": "Droit à un revenu enregistré",
    "record_settlement": "Liquidation enregistrée",
    "rename_self": "Nom modifié",
    "reset_second_factor": "Second facteur réinitialisé",
    "reverse_entry": "Écriture annulée",
    "set_budget": "Budget annuel fixé",
    "set_confirmation_threshold": "Seuil de confirmation fixé",
    "set_delegate": "Délégation changée",
    "take_first_steps": "Conférence mise en place",
    "undo_import": "Import annulé",
    "unlock_account": "Compte déverrouillé",
    "use_link": "Mot de passe choisi par un lien",
    "withdraw_file": "Pièce retirée",
    "withdraw_scale_value": "Valeur d’un barème retirée",
}

FIELDS = {
    "accepted": "Lignes acceptées",
    "alert": "Alerte",
    "alerts": "Alertes",
    "amount": "Montant",
    "attachment": "Pièce jointe (numéro)",
    "checked_on": "Vérifié le",
    "code": "Code",
    "commitments": "Engagements",
    "confirmation_threshold": "Seuil de confirmation",
    "count": "Nombre",
    "daily_amount": "Montant par jour",
    "days": "Jours sans revenu",
    "decided_on": "Date de la décision",
    "definition": "Définition",
    "delegate_id": "Délégué (numéro de compte)",
    "effective_on": "Date d’effet",
    "entries": "Écritures",
    "entry": "Écriture (numéro)",
    "file": "Empreinte du fichier",
    "first": "Valable à partir du",
    "first_month": "Premier mois",
    "forecast": "Prévision",
    "funder_id": "Financeur (numéro)",
    "funders": "Financeurs (numéros)",
    "given": "Transfert donné",
    "is_active": "Actif",
    "is_funder": "Financeur",
    "key_situation": "Situation clé",
    "kind": "Type",
    "label": "Libellé",
    "law": "Texte",
    "last": "Valable jusqu’au",
    "month": "Mois",
    "motive": "Motif",
    "name": "Nom",
    "need": "Besoin en euros",
    "needs_income": "Revenu nécessaire",
    "note": "Note",
    "organisation_id": "Organisme (numéro)",
    "paid": "Engagements payés",
    "parent_code": "Rattachement",
    "password": "Mot de passe",
    "payer": "Payeur (numéro)",
    "purpose": "Lien",
    "region": "Région",
    "right": "Droit (numéro)",
    "role": "Rôle",
    "rows": "Empreinte des lignes",
    "sha256": "Empreinte",
    "short_name": "Nom court",
    "siret": "SIRET",
    "size": "Taille en octets",
    "source": "Source",
    "step": "Étape (numéro)",
    "successor_code": "Remplacé par",
    "successor_id": "Successeur (numéro)",
    "to_check": "À vérifier",
    "total": "Total",
    "totp": "Second facteur",
    "value": "Valeur",
    "year": "Année",
}


def verb_label(verb: str) -> str:
    """« Engagement enregistré » for `commit_funds`."""
    return VERBS.get(verb, verb)


def field_label(name: str) -> str:
    """« Montant » for `amount`."""
    return FIELDS.get(name, name)


def object_label(kind: str) -> str:
    """What the glossary calls the table of that kind."""
    return label("table", kind)
