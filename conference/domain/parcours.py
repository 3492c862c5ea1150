"""What kinds of parcours are there, and which key situation does each answer? (PRODUCT §5)"""

from enum import StrEnum


class ParcoursKind(StrEnum):
    """Type of parcours."""

    INSERTION = "insertion"
    PROFESSIONNALISATION = "professionnalisation"
    MOBILITE_SUBIE = "mobilite_subie"
    MOBILITE_CHOISIE = "mobilite_choisie"


class KeySituation(StrEnum):
    """The five key situations of the founding study."""

    FIRST_JOB = "1"
    CAREER_CHANGE = "2"
    BREAKS = "3"
    SENIORS = "4"
    OTHER = "5"
