"""Is this SIRET well formed?

Fourteen digits whose Luhn sum is a multiple of ten; La Poste (SIREN 356000000) alone has establishments whose digits
sum to a multiple of five instead (source: INSEE, Sirene documentation).
"""

import re

from conference.domain.refusal import Refusal

LA_POSTE = "356000000"


def luhn_sum(digits: str) -> int:
    """Luhn sum of a string of digits, the last one being the check digit."""
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled)


def is_siret(digits: str) -> bool:
    """True for fourteen digits that pass the check of SIRET."""
    if not re.fullmatch(r"[0-9]{14}", digits):
        return False
    if digits.startswith(LA_POSTE) and sum(map(int, digits)) % 5 == 0:
        return True
    return luhn_sum(digits) % 10 == 0


def parse_siret(text: str) -> str:
    """The fourteen digits of a SIRET typed with or without spaces. Raises Refusal (code `siret`)."""
    digits = re.sub(r"[\s\u00a0\u202f.]", "", text)
    if not re.fullmatch(r"[0-9]{14}", digits):
        raise Refusal(f"Le SIRET « {text.strip()} » doit compter 14 chiffres.", code="siret")
    if not is_siret(digits):
        raise Refusal(f"Le SIRET « {text.strip()} » contient une erreur : sa clé de contrôle est fausse.", code="siret")
    return digits
