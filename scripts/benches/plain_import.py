"""The alternative of `import_csv`: the standard `csv` and `sqlite3.executemany`, no check, no plan, no sums but balances."""

import csv
import hashlib
import sqlite3
import sys
from itertools import islice
from pathlib import Path


def main(source: str, target: str) -> None:
    """Insert each row of `source` as a commitment, its entry and its balance; print the sum."""
    connection = sqlite3.connect(target, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT INTO organisation (id, code, name, short_name, kind, siret, is_funder, to_check, version) "
        "VALUES (1000, 'region', 'REGION EXEMPLE', 'REGION', 'other', '23350001600040', 1, 1, 1)"
    )
    connection.execute(
        "INSERT INTO dimension_set (id, scheme_id, audience_id, nature_id, level_id, territory_id, sector_id) "
        "VALUES (1000, 1, 1, 1, 1, 1, 1)"
    )
    total, number, at = 0, 0, "2026-01-01 00:00:00.000000"
    with Path(source).open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        while chunk := list(islice(rows, 5000)):
            commitments, entries, balances = [], [], []
            for row in chunk:
                number += 1
                cents = int(row["montant"].replace(".", ""))
                total += cents
                day = row["dateConvention"]
                identity = "row:" + hashlib.sha256("\t".join(row.values()).encode()).hexdigest()
                commitments.append(
                    (
                        number,
                        f"E-2026-{number:06d}",
                        1000,
                        1000,
                        day,
                        row["objet"],
                        row["referenceDecision"],
                        number + 1,
                        at,
                    )
                )
                entries.append((number, number, 1000, cents, day, int(day[:4] + day[5:7]), at, number + 1))
                balances.append((number, 1000, identity, cents, day))
            connection.executemany(
                "INSERT INTO commitment (id, reference, funder_id, dimension_set_id, decided_on, object, "
                "decision_reference, source_row, source, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'file', ?)",
                commitments,
            )
            connection.executemany(
                "INSERT INTO entry (id, commitment_id, funder_id, kind, amount, effective_on, booked_month, recorded_at, "
                "source, source_row) VALUES (?, ?, ?, 'commitment', ?, ?, ?, ?, 'file', ?)",
                entries,
            )
            connection.executemany(
                "INSERT INTO balance (commitment_id, funder_id, identity, commitment, committed_on, forecast, release, "
                'settlement, "order", payment, repayment, entry_count, shared) '
                "VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 1, 0)",
                balances,
            )
    connection.execute("COMMIT")
    print(f"{total // 100}.{total % 100:02d}")


if __name__ == "__main__":
    main(*sys.argv[1:])
