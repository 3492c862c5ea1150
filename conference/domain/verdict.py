"""How is an answer of the law kept with the reasons for it?

A condition is met, missing, or to check. A datum that nobody has said is **to check, never no**; a rule with one
condition to check does not pay, and one with a condition missing is a no, whatever remains to check (SEMANTICS §6).
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """What is known of a condition, or of a scheme as a whole; labels are in the glossary."""

    YES = "yes"
    NO = "no"
    TO_CHECK = "to_check"


class Condition(NamedTuple):
    """One step of an explanation: a stable code, the verdict, a French sentence, and the text of law that says so.

    A line of an explanation that is no condition (how an amount was found, which value is doubtful) has the same shape.
    """

    code: str
    verdict: Verdict
    text: str
    source: str


def all_of(conditions: Iterable[Condition]) -> Verdict:
    """No as soon as one is missing, else to check as soon as one is unknown, else yes."""
    verdicts = {condition.verdict for condition in conditions}
    if Verdict.NO in verdicts:
        return Verdict.NO
    return Verdict.TO_CHECK if Verdict.TO_CHECK in verdicts else Verdict.YES


def told_condition(code: str, known: bool | None, texts: tuple[str, str, str], source: str) -> Condition:
    """The condition of a datum, with the sentence of its verdict: of `texts`, when it is true, false, or unknown."""
    yes, no, to_check = texts
    if known is None:
        return Condition(code, Verdict.TO_CHECK, to_check, source)
    return Condition(code, Verdict.YES, yes, source) if known else Condition(code, Verdict.NO, no, source)


def told(known: bool | None) -> Verdict:
    """The verdict of a datum that is true, false or unknown."""
    if known is None:
        return Verdict.TO_CHECK
    return Verdict.YES if known else Verdict.NO
