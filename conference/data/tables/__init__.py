"""All tables, one room per noun; importing this package fills `SQLModel.metadata`."""

from conference.data.tables.metadata import metadata  # isort: skip  (names the constraints before any table is made)
from conference.data.tables.account import Account, AccountLink, LoginSession, Trace
from conference.data.tables.alert import Alert
from conference.data.tables.attachment import Attachment
from conference.data.tables.budget import AnnualBudget
from conference.data.tables.commitment import Commitment, DimensionSet, Entry, TransferPair, YearlyShare
from conference.data.tables.draft import Draft
from conference.data.tables.importing import ColumnMapping, ImportFile, ImportRemark
from conference.data.tables.journal import JournalEntry, JournalHead, JournalSeal
from conference.data.tables.organisation import Organisation
from conference.data.tables.parcours import IncomeRight, Parcours, Step, StepFunder
from conference.data.tables.profile import ConferenceProfile, Counter, MonthState
from conference.data.tables.reference import REFERENCE_TABLES, Audience, Level, Nature, Scheme, Sector, Territory
from conference.data.tables.scale import ScaleValue
from conference.data.tables.sums import Balance, RollupFunder, RollupMonth, RollupTotal
from conference.data.tables.view import NamedView

__all__ = [
    "REFERENCE_TABLES",
    "Account",
    "AccountLink",
    "Alert",
    "AnnualBudget",
    "Attachment",
    "Audience",
    "Balance",
    "ColumnMapping",
    "Commitment",
    "ConferenceProfile",
    "Counter",
    "DimensionSet",
    "Draft",
    "Entry",
    "ImportFile",
    "ImportRemark",
    "IncomeRight",
    "JournalEntry",
    "JournalHead",
    "JournalSeal",
    "Level",
    "LoginSession",
    "MonthState",
    "NamedView",
    "Nature",
    "Organisation",
    "Parcours",
    "RollupFunder",
    "RollupMonth",
    "RollupTotal",
    "ScaleValue",
    "Scheme",
    "Sector",
    "Step",
    "StepFunder",
    "Territory",
    "Trace",
    "TransferPair",
    "YearlyShare",
    "metadata",
]
