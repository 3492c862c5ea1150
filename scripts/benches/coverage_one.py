"""How long does the whole answer for one person take, every explanation included?

`coverage_one.py RUNS PAID`: the founding case asked again and again, then generated persons, each asked once: those of a
run were never asked before, so that nothing is remembered of them but the scales. Cases are made before, answers are not
written as JSON.
"""

import json
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2])]

from coverage_persons import generated  # noqa: E402  (the path is made above)

from conference.data.scales import shipped_scales  # noqa: E402
from conference.domain.case import Case  # noqa: E402
from conference.domain.case_json import read_cases  # noqa: E402
from conference.domain.coverage import coverage  # noqa: E402

PERSONS = 1000
FOUNDING = """{
 "known_on": "2026-01-05", "person": {"birth_date": "1982-04-11", "disabled": false},
 "steps": [{"id": "F1", "kind": "training", "first": "2026-01-05", "last": "2026-06-30", "weekly_hours": 35,
            "needs_income": true, "prescribed": true, "qualifying": true, "shortage_occupation": false,
            "funders": ["region"]}],
 "rights": [{"kind": "aref", "payer": "france_travail", "first": "2026-01-05", "last": "2026-05-14",
             "daily_amount": "31.00"}]}"""


def main(runs: str, paid: str) -> None:
    """Print one JSON document: by label, seconds of processor time for one person, a mean for each run."""
    founding = read_cases(FOUNDING)
    if not isinstance(founding, Case):
        raise TypeError("one case is one case")
    gap = coverage(founding, shipped_scales()).days.gap
    if gap != 47:
        raise SystemExit(f"the founding case has a gap of {gap} days instead of 47")
    persons = generated(PERSONS * int(runs), float(paid))
    unpaid = generated(PERSONS * int(runs), 0.0)
    told: dict[str, list[float]] = {"founding case": [], "generated persons": [], "of whom not wholly paid": []}
    for run in range(int(runs)):
        places = range(run * PERSONS, (run + 1) * PERSONS)
        told["founding case"].append(_seconds([founding] * PERSONS))
        told["generated persons"].append(_seconds([persons[place] for place in places]))
        told["of whom not wholly paid"].append(_seconds([unpaid[place] for place in places]))
    print(json.dumps({"seconds": told}))


def _seconds(cases: list[Case]) -> float:
    scales, start = shipped_scales(), time.process_time()
    for case in cases:
        coverage(case, scales)
    return (time.process_time() - start) / len(cases)


if __name__ == "__main__":
    main(*sys.argv[1:])
