"""Which persons are the answers of the coverage engine measured on? Generated ones, the same at each run.

One to four steps and none to three rights each, entered on any day from 2005 to 2026, so that all rule sets are asked. Columns
of whole numbers, as a nightly run reads them from tables; the whole case of a person is made when the engine asks for it.
`paid` is the share of the persons wholly paid by recorded rights. Nobody has published it: four in five is taken as
plausible (most trainees keep their allowance, or a trainee's pay, to the end), and the bench says which was used.
"""

from array import array
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice, pairwise
from pathlib import Path
from random import Random

from conference.domain.case import Case, Person, Step, StepKind
from conference.domain.coverage_in_bulk import Asked
from conference.domain.period import Period
from conference.domain.rate import rate
from conference.domain.rights import Right, RightKind

PAID = 0.8
FIRST_ENTRY, LAST_ENTRY = date(2005, 1, 1).toordinal(), date(2026, 12, 31).toordinal()
COLUMNS = {
    **dict.fromkeys(("step_from", "step_first", "step_last", "step_needs"), "i"),
    **dict.fromkeys(("right_from", "right_first", "right_last", "right_cents", "right_kind"), "i"),
    "facts": "Q",
}
"""Steps and rights of all persons end to end; `step_from` and `right_from` say where those of each begin, and the end. Days
are ordinals; `facts` are random bits, from which the rest of the case is read."""
KINDS = (RightKind.AREF, RightKind.TRAINEE_PAY, RightKind.ASP, RightKind.WAGE, RightKind.ASS)
CENTS = (1948, 2283, 2565, 2850, 3100, 3417, 4120, 4734, 6000)
STEP_KINDS = (StepKind.TRAINING, StepKind.TRAINING, StepKind.TRAINING, StepKind.BILAN)
HOURS = (Decimal(35), Decimal(30), Decimal(21), None)
FUNDERS = (("region",), ("france_travail",), ("region", "opco"), ())
YES_NO = (True, False, None, False)
TROUBLES = ("ends", "ends", "ends", "ends", "late", "hole", "hole", "none", "none", "lower", "twice")
"""What is wrong for those who are not wholly paid, each with its weight."""


class Persons:
    """Columns of many persons; `persons[n]` is the case of the one at place n."""

    def __init__(self) -> None:
        self.columns = {name: array(code) for name, code in COLUMNS.items()}

    def __len__(self) -> int:
        return len(self.columns["facts"])

    def asked(self) -> Iterator[Asked[int]]:
        """What the quick pass reads, by person, with the place as key."""
        steps, rights = self._steps(), self._rights()
        step_from, right_from = self.columns["step_from"], self.columns["right_from"]
        for place, (step, right) in enumerate(zip(pairwise(step_from), pairwise(right_from), strict=True)):
            needed = [(first, last) for first, last, needs in islice(steps, step[1] - step[0]) if needs]
            yield Asked(place, needed, list(islice(rights, right[1] - right[0])))

    def _steps(self) -> Iterator[tuple[int, int, int]]:
        return zip(*(self.columns[f"step_{name}"] for name in ("first", "last", "needs")), strict=True)

    def _rights(self) -> Iterator[tuple[int, int, tuple[int, int]]]:
        first, last, cents = (self.columns[f"right_{name}"] for name in ("first", "last", "cents"))
        return zip(first, last, (rate(each, 1) for each in cents), strict=True)

    def __getitem__(self, place: int) -> Case:
        columns, facts = self.columns, self.columns["facts"][place]
        steps = range(columns["step_from"][place], columns["step_from"][place + 1])
        rights = range(columns["right_from"][place], columns["right_from"][place + 1])
        return Case(
            None,
            _person(columns["step_first"][steps[0]], facts, bool(rights)),
            tuple(self._step(each, facts >> 16 + 8 * number) for number, each in enumerate(steps)),
            tuple(self._right(each) for each in rights),
        )

    def _step(self, place: int, facts: int) -> Step:
        course = self._period("step", place)
        return Step(
            str(place),
            STEP_KINDS[facts & 3],
            course,
            bool(self.columns["step_needs"][place]),
            registered_on=course.first - timedelta(days=facts & 31),
            weekly_hours=HOURS[facts >> 2 & 3],
            prescribed=True,
            qualifying=bool(facts & 12),
            shortage_occupation=YES_NO[facts >> 4 & 3],
            approved_for_pay=YES_NO[facts >> 5 & 3],
            funders=FUNDERS[facts >> 6 & 3],
        )

    def _right(self, place: int) -> Right:
        held, kind = self._period("right", place), KINDS[self.columns["right_kind"][place]]
        amount = Decimal(self.columns["right_cents"][place]).scaleb(-2)
        return Right(kind, _payer(kind, held.first), held, amount)

    def _period(self, of: str, place: int) -> Period:
        days = self.columns[f"{of}_first"][place], self.columns[f"{of}_last"][place]
        return Period(*map(date.fromordinal, days))

    def write(self, folder: Path) -> None:
        """One file of whole numbers for each column."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, column in self.columns.items():
            (folder / name).write_bytes(column.tobytes())


def read(folder: Path) -> Persons:
    """What `write` wrote."""
    persons = Persons()
    for name, column in persons.columns.items():
        column.frombytes((folder / name).read_bytes())
    return persons


def generated(number: int, paid: float = PAID, seed: int = 2026) -> Persons:
    """So many persons, of whom the share `paid` is wholly paid by recorded rights, once, at amounts that never fall."""
    persons, random = Persons(), Random(seed)
    columns = persons.columns
    for name in ("step_from", "right_from"):
        columns[name].append(0)
    for _ in range(number):
        steps = _steps(random)
        rights = _rights(random, steps, "" if random.random() < paid else random.choice(TROUBLES))
        _extend(columns, "step", ("first", "last", "needs"), steps)
        _extend(columns, "right", ("first", "last", "cents", "kind"), rights)
        columns["facts"].append(random.getrandbits(48))
    return persons


def _extend(columns: dict[str, array], of: str, names: tuple[str, ...], rows: list[tuple[int, ...]]) -> None:
    for row in rows:
        for name, value in zip(names, row, strict=True):
            columns[f"{of}_{name}"].append(value)
    columns[f"{of}_from"].append(columns[f"{of}_from"][-1] + len(rows))


def _steps(random: Random) -> list[tuple[int, ...]]:
    """First and last day, and whether it needs an income: the first does."""
    steps: list[tuple[int, ...]] = []
    first = random.randint(FIRST_ENTRY, LAST_ENTRY)
    for _ in range(random.choices((1, 2, 3, 4), (60, 25, 10, 5))[0]):
        last = first + random.randint(4, 300)
        steps.append((first, last, int(not steps or random.random() < 0.9)))
        first = last + random.choice((1, 1, 1, random.randint(2, 40)))
    return steps


def _rights(random: Random, steps: list[tuple[int, ...]], trouble: str) -> list[tuple[int, ...]]:
    """First and last day, cents a day, kind: rights in a row over all steps, then what is wrong done to them."""
    if trouble == "none":
        return []
    entry, end = steps[0][0], steps[-1][1]
    kind, cents = random.choices(range(len(KINDS)), (60, 25, 5, 5, 5))[0], random.choice(CENTS)
    cuts = sorted(random.randint(entry + 1, end) for _ in range(random.choices((0, 1, 2), (70, 22, 8))[0]))
    firsts = [entry - random.randint(0, 60), *dict.fromkeys(cuts)]
    lasts = [*(cut - 1 for cut in firsts[1:]), end + random.randint(0, 90)]
    rights = [(first, last, cents + 100 * n, kind) for n, (first, last) in enumerate(zip(firsts, lasts, strict=True))]
    return _troubled(random, rights[:3], steps[0], trouble)


def _troubled(
    random: Random, rights: list[tuple[int, ...]], step: tuple[int, ...], trouble: str
) -> list[tuple[int, ...]]:
    """The same rights with what is wrong, on a day of the first step, which needs an income."""
    day = random.randint(step[0], step[1])
    if trouble == "ends":
        return [(first, min(last, day - 1), *rest) for first, last, *rest in rights if first < day]
    if trouble == "late":
        return [(max(first, day + 1), last, *rest) for first, last, *rest in rights if last > day]
    _, last, cents, kind = rights[-1]
    if trouble == "hole":
        return [(rights[0][0] - 1, day - 1, cents, kind), (day + random.randint(1, 3), last + 3, cents, kind)]
    if trouble == "lower":
        return [(step[0] - 200, rights[0][0] - 1, cents + 500, kind), *rights][:3]
    if trouble == "twice":
        return [rights[0], (step[0], last, 1500, (kind + 3) % len(KINDS))]
    return rights


def _person(entry: int, facts: int, is_paid: bool) -> Person:
    return Person(
        birth_date=date.fromordinal(entry - 17 * 365 - (facts & 0x3FFF)),
        disabled=(False, False, None, True)[facts >> 2 & 3],
        no_benefit=None if is_paid else True,
        worked_6_of_12=YES_NO[facts >> 4 & 3],
        single_parent=YES_NO[facts >> 6 & 3],
    )


def _payer(kind: RightKind, first: date) -> str:
    if kind is RightKind.TRAINEE_PAY:
        return "region"
    if kind is RightKind.WAGE:
        return "employeur"
    return "assedic" if first.year < 2009 else "pole_emploi" if first.year < 2024 else "france_travail"
