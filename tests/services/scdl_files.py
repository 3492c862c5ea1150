"""Small files for the tests of the import: SCDL tables, and a table with headings of its own."""

COLUMNS = (
    "nomAttribuant",
    "idAttribuant",
    "dateConvention",
    "referenceDecision",
    "nomBeneficiaire",
    "idBeneficiaire",
    "rnaBeneficiaire",
    "objet",
    "montant",
    "nature",
    "conditionsVersement",
    "datesPeriodeVersement",
    "idRAE",
    "notificationUE",
    "pourcentageSubvention",
    "dispositifAide",
)
"""The columns of the schema of grant agreements, in its order."""

SIRET_TOWN = "21060004500392"
SIRET_CLUB = "52499120500013"

ROW = {
    "nomAttribuant": "VILLE EXEMPLE",
    "idAttribuant": SIRET_TOWN,
    "dateConvention": "2025-03-10",
    "referenceDecision": "CONV 1",
    "nomBeneficiaire": "CLUB EXEMPLE",
    "idBeneficiaire": SIRET_CLUB,
    "objet": "Fonctionnement",
    "montant": "900",
    "nature": "aide en numéraire",
    "conditionsVersement": "unique",
    "datesPeriodeVersement": "2025-04-01",
    "notificationUE": "non",
    "pourcentageSubvention": "1",
}


def scdl(*changes: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> bytes:
    """A file with one row per argument: ROW with these changes."""
    lines = [",".join(columns)]
    for change in changes:
        row = {**ROW, **change}
        lines.append(",".join(_quoted(row.get(column, "")) for column in columns))
    return ("\r\n".join(lines) + "\r\n").encode()


def own_table(*rows: tuple[str, str, str], headings: str = "Qui;Combien;Quand") -> bytes:
    """A table whose columns must be explained: a name, an amount, a day."""
    return ("\r\n".join([headings, *(";".join(row) for row in rows)]) + "\r\n").encode()


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in ',"\n') else cell
