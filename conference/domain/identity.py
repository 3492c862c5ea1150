"""Who is a person, and when are two names the same name?

Two files of one person are told alike by a key that leaves only letters: compatibility forms are taken apart (NFKD),
accents, capitals, spaces, hyphens, apostrophes and every other mark go. So « Le Goff », « LEGOFF » and « Le-Goff »
are one, and so are « d’Artagnan » and « D ARTAGNAN ». A particle written after the name comes back before it (« Tour
(de La) », as directories write it). Of the given names only the first one counts, up to a comma: « Marie » and «
Marie, Louise » are one, « Jean-Pierre » and « Jean » are not: telling a stranger that a twin is followed elsewhere
would be worse than missing a likeness.

The number of the social security (NIR) must not be kept (décret 2019-341): `holds_nir` finds one in any text.
"""

import re
import unicodedata
from dataclasses import dataclass, fields
from datetime import date

PARTICLES = frozenset(
    "d da das de del della den der des di do dos du el l la las le les los van vom von zu zur".split()
)
"""Words that directories put after the name that they belong to."""

OLDEST, YOUNGEST = 110, 10
"""Ages in whole years between which a person of a parcours is believed (as `step.age_at_entry`)."""

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_GAP = r"[\s.\-_/]*"
_NIR = re.compile(
    r"(?<!\d)"
    + _GAP.join(["[1-478]", r"\d", r"\d", r"\d", r"\d", "[0-9]", "[0-9ABab]", *[r"\d"] * 6])
    + f"(?:{_GAP}\\d{_GAP}\\d)?"
    r"(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Person:
    """The identity of a person as their referent keeps it. `own_identifier`: the person's number at the referent's."""

    family_name: str
    given_names: str
    birth_date: date
    phone: str = ""
    mail: str = ""
    own_identifier: str = ""

    def texts(self) -> dict[str, str]:
        """What somebody typed, by field."""
        return {each.name: value for each in fields(self) if isinstance(value := getattr(self, each.name), str)}


def name_letters(text: str) -> str:
    """The letters and figures of a name alone, small and without accents; "" when it holds none."""
    return "".join(_words(text))


def likeness_key(family_name: str, given_names: str, birth_date: date) -> str:
    """What two files of one person have in common: "legoff marie 1980-03-12"."""
    words = _words(family_name)
    after = 0
    while after < len(words) - 1 and words[-1 - after] in PARTICLES:
        after += 1
    family = "".join([*words[len(words) - after :], *words[: len(words) - after]])
    given = next((name for each in re.split("[,;]", given_names) if (name := name_letters(each))), "")
    return f"{family} {given} {birth_date.isoformat()}"


def age_on(birth_date: date, day: date) -> int:
    """Whole years of age on `day`; who was born on 29 February has their birthday on 1 March of other years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def believed_age(birth_date: date, day: date) -> int | None:
    """The age on `day`, None when nobody of that age follows a parcours."""
    age = age_on(birth_date, day)
    return age if YOUNGEST <= age <= OLDEST else None


def holds_nir(text: str) -> bool:
    """Does `text` hold something shaped as a NIR, of 13 signs or 15 with its key, however it is spaced?

    A SIRET has 14 figures, a telephone number 10, or 11 after its country: none is taken for one.
    """
    return _NIR.search(unicodedata.normalize("NFKC", text)) is not None


def _words(text: str) -> list[str]:
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(each for each in apart if not unicodedata.combining(each))
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", bare).casefold())
