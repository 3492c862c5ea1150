"""Which data does the document of a convention carry, so that nobody types it again?

The plan and the schedule as CSV, as the house writes it, are the data that the annexes show; every field as JSON, with the
texts of the articles, is the source that the document was made from.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from conference.documents.csv_file import csv_bytes
from conference.documents.model import Attachment
from conference.documents.sheet import Sheet
from conference.domain.convention_facts import ConventionFacts, InstalmentFacts, ShareFacts
from conference.domain.convention_words import INSTALMENTS

FORMAT = "convention/1"
"""Name of the shape of the JSON; the number rises when a field changes its meaning or goes."""
_KEPT_IN = frozenset({"selection", "version_id", "convention_id", "is_draft"})
"""What means something inside the instance only."""


def convention_attachments(facts: ConventionFacts, texts: Mapping[int, str], stem: str) -> tuple[Attachment, ...]:
    """The files that the document carries, named after `stem`; an empty plan or schedule has no file."""
    made = [
        Attachment(f"{stem}.json", "application/json", fields_json(facts, texts), "Champs de la convention", "Source")
    ]
    if facts.shares:
        made.append(Attachment(f"{stem}-plan.csv", "text/csv", csv_bytes(_plan(facts)), "Plan de financement"))
    if facts.instalments:
        made.append(
            Attachment(f"{stem}-versements.csv", "text/csv", csv_bytes(_schedule(facts)), "Échéancier des versements")
        )
    return tuple(made)


def fields_json(facts: ConventionFacts, texts: Mapping[int, str]) -> bytes:
    """Every field, in the order of the class: amounts and days as text, articles with their variables filled. UTF-8."""
    told = {"format": FORMAT, "reference": facts.reference, **_plain(facts)}
    for article, written in zip(facts.articles, told["articles"], strict=True):
        written["text"] = texts[article.article_id]
    return (json.dumps(told, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value) if each.name not in _KEPT_IN}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date | datetime) else value


def _plan(facts: ConventionFacts) -> Sheet:
    headings = ("Partie", "SIRET", "Année", "Nature", "Bénéficiaire", "Part (%)", "Montant (€)")
    rows = [_share(facts, share) for share in facts.shares]
    totals = ("Total", "", "", "", "", "", facts.total)
    return Sheet(f"{facts.reference}, plan de financement", (), headings, rows, totals)


def _share(facts: ConventionFacts, share: ShareFacts) -> tuple[str | int | Decimal | None, ...]:
    party = facts.party(share.organisation_id)
    return party.name, party.siret or "", share.year, share.nature, share.beneficiary, share.percent, share.amount


def _schedule(facts: ConventionFacts) -> Sheet:
    headings = ("Numéro", "Échéance", "Partie", "SIRET", "Versement", "Condition", "Montant (€)")
    lines = sorted(facts.instalments, key=lambda each: (each.due_on, each.key))
    total = sum((line.amount for line in lines), Decimal("0.00"))
    totals = ("Total", "", "", "", "", "", total)
    return Sheet(f"{facts.reference}, versements", (), headings, [_instalment(facts, line) for line in lines], totals)


def _instalment(facts: ConventionFacts, line: InstalmentFacts) -> tuple[str | int | Decimal | date, ...]:
    party = facts.party(line.organisation_id)
    kind = INSTALMENTS[line.kind]
    return line.key, line.due_on, party.name, party.siret or "", kind, line.condition, line.amount
