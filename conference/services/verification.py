"""Is everything in this instance still true?

Recomputes from the entries and the journal whatever was written beside them. All checks are run, in one state of the
database; the report names the first fault.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from conference.services.verifying import (
    answers,
    chain,
    conventions,
    files,
    handoffs,
    ledger,
    people,
    plans,
    structure,
    sums,
)
from conference.services.verifying.finding import Facts, Fault, Finding

Check = Callable[[Facts], Finding]

CHECKS: tuple[tuple[str, Check], ...] = (
    ("triggers", structure.triggers),
    ("journal", chain.journal),
    ("seals", chain.seals),
    ("lists", structure.lists),
    ("references", structure.references),
    ("uniqueness", structure.uniqueness),
    ("constraints", structure.checks),
    ("commitments", ledger.commitments),
    ("entries", ledger.entries),
    ("annulations", ledger.annulations),
    ("yearly_shares", ledger.yearly_shares),
    ("transfer_pairs", ledger.transfer_pairs),
    ("numbers", ledger.numbers),
    ("balances", sums.balances),
    ("ledger_rules", structure.ledger_rules),
    ("rollup_month", sums.rollup_month),
    ("rollup_total", sums.rollup_total),
    ("rollup_funder", sums.rollup_funder),
    ("months", sums.months),
    ("coverage_states", answers.coverage_states),
    ("needs", answers.needs),
    ("answers", answers.answers),
    ("attachments", files.attachments),
    ("import_files", files.import_files),
    ("import_remarks", files.import_remarks),
    ("identities", people.identities),
    ("merges", people.merges),
    ("plan_instalments", plans.instalments),
    ("plan_shares", plans.shares),
    ("step_fundings", plans.fundings),
    ("handoff_releases", handoffs.releases),
    ("handoff_shares", handoffs.shares),
    ("convention_balances", conventions.balances),
    ("convention_payments", conventions.payments),
    ("convention_signatures", conventions.signatures),
    ("convention_plans", conventions.plans),
    ("convention_files", conventions.files),
    ("convention_numbers", conventions.numbers),
)
"""Every check, in the order in which a fault is looked for."""


@dataclass(frozen=True)
class CheckResult:
    """One check: its name, the rows it looked at, what it found."""

    name: str
    rows: int
    fault: Fault | None

    @property
    def ok(self) -> bool:
        """True when nothing was found."""
        return self.fault is None


@dataclass(frozen=True)
class Verification:
    """The report of all checks."""

    checks: tuple[CheckResult, ...]

    @property
    def first_fault(self) -> CheckResult | None:
        """The first check that found a fault, None when all is well."""
        return next((check for check in self.checks if not check.ok), None)


def verify(session: Session, *, instance: Path) -> Verification:
    """Run every check in a reading session. Writes nothing, raises nothing on a fault."""
    facts = Facts(session, instance)
    results = []
    for name, check in CHECKS:
        found = check(facts)
        results.append(CheckResult(name, found.rows, found.fault))
    return Verification(tuple(results))
