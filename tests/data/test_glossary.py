"""Every word of the software has a French name and a definition, in good typography."""

import re
from enum import StrEnum

import pytest
from sqlmodel import SQLModel

import conference.data.tables  # noqa: F401  registers every table
from conference.data import glossary
from conference.data.tables.organisation import OrganisationKind
from conference.domain.alert_words import AlertEventKind, AlertOutcome, AlertSeverity, AlertStatus
from conference.domain.case import InterruptionKind, StepKind
from conference.domain.coverage import CoverageStatus, ReasonCode
from conference.domain.handoff import HandoffMotive, HandoffStatus
from conference.domain.ledger import CommitmentStatus, EntryKind, EntrySource
from conference.domain.parcours import KeySituation, ParcoursKind
from conference.domain.permissions import Relation, Role
from conference.domain.results import QualificationResult, RuptureMotive, StepOutcome, WorkResult
from conference.domain.rights import RightKind
from conference.domain.verdict import Verdict

ENUMS: dict[str, type[StrEnum]] = {
    "alert_event_kind": AlertEventKind,
    "alert_outcome": AlertOutcome,
    "alert_severity": AlertSeverity,
    "alert_status": AlertStatus,
    "commitment_status": CommitmentStatus,
    "coverage_reason": ReasonCode,
    "coverage_status": CoverageStatus,
    "entry_kind": EntryKind,
    "entry_source": EntrySource,
    "handoff_motive": HandoffMotive,
    "handoff_status": HandoffStatus,
    "interruption_kind": InterruptionKind,
    "key_situation": KeySituation,
    "organisation_kind": OrganisationKind,
    "parcours_kind": ParcoursKind,
    "qualification_result": QualificationResult,
    "relation": Relation,
    "right_kind": RightKind,
    "role": Role,
    "rupture_motive": RuptureMotive,
    "step_kind": StepKind,
    "step_outcome": StepOutcome,
    "verdict": Verdict,
    "work_result": WorkResult,
}


@pytest.mark.parametrize("group", sorted(ENUMS))
def test_group_names_exactly_the_values_of_its_enum(group: str) -> None:
    assert set(glossary.labels(group)) == {member.value for member in ENUMS[group]}


def test_every_table_has_its_label() -> None:
    missing = {table for table in SQLModel.metadata.tables if table not in glossary.labels("table")}
    assert missing == set()


def test_labels_of_an_enum_are_told_apart() -> None:
    for group in ENUMS:
        names = list(glossary.labels(group).values())
        assert sorted(set(names)) == sorted(names), group


@pytest.mark.parametrize("entry", glossary.entries(), ids=lambda entry: f"{entry.group}.{entry.code}")
def test_definition_is_one_french_sentence(entry: glossary.GlossaryEntry) -> None:
    assert entry.label[0] == entry.label[0].upper()
    assert not entry.label.endswith(".")
    assert entry.definition[0] == entry.definition[0].upper()
    assert re.fullmatch(r"[^.!?]+\.", entry.definition), "one sentence, ended by a full stop"
    for text in (entry.label, entry.definition):
        assert not re.search(r"['\"]", text), "typographic apostrophe"
        assert not re.search(r"[^\u202f][;:?!]", text), "narrow no-break space before a double sign"
        assert "  " not in text


def test_label_takes_an_enum_member() -> None:
    assert glossary.label("role", Role.OFFICER) == "Gestionnaire"
    assert glossary.definition("measure", "still_to_pay") == "L’engagé moins le payé."


def test_unknown_word_raises() -> None:
    with pytest.raises(glossary.GlossaryError, match=r"\[role\.wizard\]"):
        glossary.label("role", "wizard")
    with pytest.raises(glossary.GlossaryError, match="no group"):
        glossary.labels("spells")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[role.officer]\nlabel = "Gestionnaire"\ndefinition = "Saisit."', "without a title"),
        ('[group]\nrole = "Rôles"', "without an entry"),
        ('[group]\nrole = "Rôles"\n[role.officer]\nlabel = "Gestionnaire"', "exactly a label and a definition"),
        ('[group]\nrole = "Rôles"\n[role.officer]\nlabel = " "\ndefinition = "Saisit."', "empty"),
        ('[group]\nrole = "Rôles"\n[role]\nofficer = "Gestionnaire"', "exactly a label and a definition"),
    ],
)
def test_parse_refuses_a_line_that_is_not_whole(text: str, message: str) -> None:
    with pytest.raises(glossary.GlossaryError, match=message):
        glossary.parse(text)


def test_groups_follow_the_file() -> None:
    chapters = glossary.groups()
    assert [chapter.code for chapter in chapters][:2] == ["table", "role"]
    assert sum(len(chapter.entries) for chapter in chapters) == len(glossary.entries())
