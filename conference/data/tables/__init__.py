"""All tables, one room per noun; importing this package fills `SQLModel.metadata`."""

from conference.data.tables.metadata import metadata  # isort: skip  (names the constraints before any table is made)
from conference.data.tables.account import Account, AccountLink, LoginSession, Trace
from conference.data.tables.alert import Alert, AlertComment, AlertEvent
from conference.data.tables.attachment import Attachment
from conference.data.tables.budget import AnnualBudget
from conference.data.tables.commitment import Commitment, DimensionSet, Entry, TransferPair, YearlyShare
from conference.data.tables.convention import (
    ArticleComment,
    ArticleWriting,
    Convention,
    ConventionArticle,
    ConventionEvent,
    ConventionIncome,
    ConventionParty,
    ConventionVersion,
    LibraryArticle,
)
from conference.data.tables.convention_money import (
    ConventionBalance,
    ConventionBonus,
    ConventionCommitment,
    ConventionInstalment,
    ConventionPayment,
    ConventionShare,
)
from conference.data.tables.coverage import CoverageState, CoverageVersion, Gap, NeedCell
from conference.data.tables.draft import Draft
from conference.data.tables.handoff import Handoff, HandoffRelease, HandoffShare
from conference.data.tables.identity import Identity, ParcoursMerge
from conference.data.tables.importing import ColumnMapping, ImportFile, ImportRemark
from conference.data.tables.journal import JournalEntry, JournalHead, JournalSeal
from conference.data.tables.organisation import Organisation
from conference.data.tables.parcours import IncomeRight, Parcours, Step, StepFunder, StepInterruption, StepResult
from conference.data.tables.plan import CollectiveAction, PlanCost, PlanInstalment, PlanShare, StepFunding
from conference.data.tables.profile import ConferenceProfile, Counter, MonthState
from conference.data.tables.reference import REFERENCE_TABLES, Audience, Level, Nature, Scheme, Sector, Territory
from conference.data.tables.run import OutboxMessage, Run, Setting
from conference.data.tables.scale import ScaleValue
from conference.data.tables.signature import ConventionFile, Signatory, Signature
from conference.data.tables.sums import Balance, RollupFunder, RollupMonth, RollupTotal
from conference.data.tables.view import NamedView

__all__ = [
    "REFERENCE_TABLES",
    "Account",
    "AccountLink",
    "Alert",
    "AlertComment",
    "AlertEvent",
    "AnnualBudget",
    "ArticleComment",
    "ArticleWriting",
    "Attachment",
    "Audience",
    "Balance",
    "CollectiveAction",
    "ColumnMapping",
    "Commitment",
    "ConferenceProfile",
    "Convention",
    "ConventionArticle",
    "ConventionBalance",
    "ConventionBonus",
    "ConventionCommitment",
    "ConventionEvent",
    "ConventionFile",
    "ConventionIncome",
    "ConventionInstalment",
    "ConventionParty",
    "ConventionPayment",
    "ConventionShare",
    "ConventionVersion",
    "Counter",
    "CoverageState",
    "CoverageVersion",
    "DimensionSet",
    "Draft",
    "Entry",
    "Gap",
    "Handoff",
    "HandoffRelease",
    "HandoffShare",
    "Identity",
    "ImportFile",
    "ImportRemark",
    "IncomeRight",
    "JournalEntry",
    "JournalHead",
    "JournalSeal",
    "Level",
    "LibraryArticle",
    "LoginSession",
    "MonthState",
    "NamedView",
    "Nature",
    "NeedCell",
    "Organisation",
    "OutboxMessage",
    "Parcours",
    "ParcoursMerge",
    "PlanCost",
    "PlanInstalment",
    "PlanShare",
    "RollupFunder",
    "RollupMonth",
    "RollupTotal",
    "Run",
    "ScaleValue",
    "Scheme",
    "Sector",
    "Setting",
    "Signatory",
    "Signature",
    "Step",
    "StepFunder",
    "StepFunding",
    "StepInterruption",
    "StepResult",
    "Territory",
    "Trace",
    "TransferPair",
    "YearlyShare",
    "metadata",
]
