"""What is a column of a funder's table called in the software, and what is known of each?

The names alone, so that the ledger's columns (`fields`) and those of people's parcours (`people_fields`) are told apart and
still make one list.
"""

from dataclasses import dataclass
from enum import StrEnum


class Target(StrEnum):
    """What one row of a table is."""

    COMMITMENTS = "commitments"
    ENTRIES = "entries"
    PARCOURS = "parcours"
    STEPS = "steps"
    RIGHTS = "rights"


PEOPLE = frozenset({Target.PARCOURS, Target.STEPS, Target.RIGHTS})
"""Rows about people's parcours: no money of the ledger."""


class Field(StrEnum):
    """A fact of a row."""

    FUNDER_NAME = "funder_name"
    FUNDER_SIRET = "funder_siret"
    FUNDER_REFERENCE = "funder_reference"
    DECIDED_ON = "decided_on"
    YEAR = "year"
    DECISION_REFERENCE = "decision_reference"
    BENEFICIARY_NAME = "beneficiary_name"
    BENEFICIARY_SIRET = "beneficiary_siret"
    BENEFICIARY_RNA = "beneficiary_rna"
    OBJECT = "object"
    AMOUNT = "amount"
    AID_NATURE = "aid_nature"
    PAYMENT_TERMS = "payment_terms"
    PAYMENT_DATES = "payment_dates"
    RAE = "rae"
    EU_NOTIFIED = "eu_notified"
    SHARE = "share"
    SCHEME = "scheme"
    AUDIENCE = "audience"
    COST_NATURE = "cost_nature"
    LEVEL = "level"
    TERRITORY = "territory"
    SECTOR = "sector"
    FIRST = "first"
    LAST = "last"
    PERSONS = "persons"
    ACCOUNTING_NUMBER = "accounting_number"
    PAYER = "payer"
    MANAGER = "manager"
    RECEIVER = "receiver"
    COMMITMENT_REFERENCE = "commitment_reference"
    ENTRY_KIND = "entry_kind"
    EFFECTIVE_ON = "effective_on"
    ENTRY_REFERENCE = "entry_reference"
    MOTIVE = "motive"
    PARCOURS_REFERENCE = "parcours_reference"
    PARCOURS_KIND = "parcours_kind"
    KEY_SITUATION = "key_situation"
    PROJECT = "target"
    REFERENT = "referent"
    DISABLED = "disabled"
    NO_BENEFIT = "no_benefit"
    WORKED_6_OF_12 = "worked_6_of_12"
    SINGLE_PARENT = "single_parent"
    STEP_REFERENCE = "step_reference"
    STEP_KIND = "step_kind"
    STEP_TITLE = "title"
    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"
    HOURS = "hours"
    WEEKLY_HOURS = "weekly_hours"
    NEEDS_INCOME = "needs_income"
    PROVIDER = "provider"
    STEP_FUNDERS = "step_funders"
    REGISTERED_ON = "registered_on"
    AGE_AT_ENTRY = "age_at_entry"
    PRESCRIBED = "prescribed"
    QUALIFYING = "qualifying"
    SHORTAGE_OCCUPATION = "shortage_occupation"
    APPROVED_FOR_PAY = "approved_for_pay"
    STEP_COMMITMENT = "step_commitment"
    STEP_AMOUNT = "step_amount"
    RIGHT_REFERENCE = "right_reference"
    RIGHT_KIND = "right_kind"
    RIGHT_PAYER = "right_payer"
    RIGHT_FUNDER = "right_funder"
    RIGHT_MANAGER = "right_manager"
    DAILY_AMOUNT = "daily_amount"
    MONTHLY_AMOUNT = "monthly_amount"
    OPENED_MONTHS = "opened_months"
    MAIN = "main"
    ORIGIN = "origin"


class ValueKind(StrEnum):
    """How the cells of a field are read."""

    TEXT = "text"
    AMOUNT = "amount"
    DAY = "day"
    DAYS = "days"
    YEAR = "year"
    SIRET = "siret"
    COUNT = "count"
    ITEM = "item"
    YES_NO = "yes_no"
    SHARE = "share"
    NUMBER = "number"


@dataclass(frozen=True)
class FieldFacts:
    """What is known of a field. `label`: French heading of the template; `hint`: what to write, in French; `required`: a
    template row needs it; `code` and `titles`: SCDL; `aliases`: other headings."""

    field: Field
    label: str
    kind: ValueKind
    targets: frozenset[Target]
    hint: str = ""
    required: bool = False
    code: str | None = None
    titles: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
