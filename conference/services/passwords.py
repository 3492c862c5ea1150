"""Is this password good enough, and is it the right one?

Length is what resists guessing: twelve characters at least, no rule of composition (they make people write
« Bonjour2026! »), but neither the person's own name or address nor one of the few that everybody chooses. Argon2id,
19 MiB, two passes, one lane: 0.05 s. A `PasswordHash` can only be had through `hash_password`, so that a service which
asks for one has its rules kept; and it is made before the write lock is taken, never inside.
"""

import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from conference.domain.refusal import Refusal

PasswordHash = NewType("PasswordHash", str)

SHORTEST = 12
LONGEST = 200
"""Argon2 reads all of it: without a limit, a long enough password is a way to keep the server busy."""


COMMON_STEMS = frozenset(
    (
        "motdepasse",
        "monmotdepasse",
        "password",
        "passwordpassword",
        "azerty",
        "azertyuiop",
        "azertyqsdf",
        "qwerty",
        "qwertyuiop",
        "qwertyazerty",
        "azertyuiopqsdfghjklm",
        "bonjour",
        "bonjourbonjour",
        "bienvenue",
        "soleil",
        "soleilsoleil",
        "jetaime",
        "iloveyou",
        "administrateur",
        "administrator",
        "admin",
        "adminadmin",
        "changezmoi",
        "changeme",
        "changemoi",
        "secret",
        "secretsecret",
        "formation",
        "conference",
        "conferencedesfinanceurs",
        "financeurs",
        "utilisateur",
        "identifiant",
        "connexion",
        "abcdefghijkl",
        "abcdefghijklm",
        "welcome",
        "letmein",
        "francetravail",
        "poleemploi",
        "marseille",
        "doudou",
        "loulou",
        "chouchou",
        "princesse",
        "football",
        "nicolas",
        "julien",
        "camille",
    )
)
"""What is left of the commonest passwords without figures, signs and accents."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(text: str, *, email: str, name: str) -> PasswordHash:
    """Hash a new password of the person `name`. Raises Refusal (field `password`) on one that is too easy to guess."""
    check_password(text, email=email, name=name)
    return PasswordHash(_HASHER.hash(text))


def check_password(text: str, *, email: str, name: str) -> None:
    """Raise Refusal (field `password`) unless `text` is long, not the person's own, and not everybody's."""
    if len(text) < SHORTEST:
        raise _refusal(f"Ce mot de passe est trop court : {SHORTEST} caractères au moins.")
    if len(text) > LONGEST:
        raise _refusal(f"Ce mot de passe est trop long : {LONGEST} caractères au plus.")
    if _letters(text) in _own_words(email, name) or text.strip().casefold() == email.casefold():
        raise _refusal("Ce mot de passe est votre nom ou votre adresse. Choisissez autre chose.")
    if _letters(text) in COMMON_STEMS or _is_series(text):
        raise _refusal("Ce mot de passe est trop courant. Une suite de plusieurs mots convient mieux.")


def is_right(stored: str | None, typed: str) -> bool:
    """Does `typed` match the stored hash? Takes the same time when there is none, so that nobody learns who has one."""
    try:
        matches = _HASHER.verify(stored or _nobody(), typed[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return matches and stored is not None


def rehash_if_weaker(stored: str, typed: str) -> PasswordHash | None:
    """A fresh hash of a password just verified, when the stored one was made with other parameters; else None."""
    return PasswordHash(_HASHER.hash(typed)) if _HASHER.check_needs_rehash(stored) else None


@cache
def _nobody() -> str:
    return _HASHER.hash("personne n’a ce mot de passe")


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if "a" <= letter <= "z")


def _own_words(email: str, name: str) -> set[str]:
    local, _, host = email.partition("@")
    own = {email, local, host, name, *name.split(), *(" ".join(reversed(name.split())),)}
    return {_letters(word) for word in own} - {""}


def _is_series(text: str) -> bool:
    """One character, or one short pattern, said again and again; or figures counted up or down."""
    if re.fullmatch(r"(.{1,4}?)\1+.{0,3}", text, flags=re.DOTALL):
        return True
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return (text.isdigit() and steps <= {1, -9}) or steps in ({1}, {-1})


def _refusal(message: str) -> Refusal:
    return Refusal(message, field="password", code="password")
