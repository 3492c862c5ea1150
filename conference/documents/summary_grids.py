"""Which tables does the summary hold, with which columns?

Each is a `Grid` of typed values, that the document prints and the annex carries as a sheet of its own: both show the same
figures because both are made from here.
"""

from decimal import Decimal

from conference.documents.grid import Field, Grid, GridRow
from conference.documents.sheet import Cell
from conference.documents.summary_content import (
    ByMember,
    Compared,
    CrossRow,
    FlowFigures,
    FunderFigures,
    MemberFigures,
    MonthSummary,
    Persons,
)
from conference.documents.summary_words import capital, counted, days, masked, under, year_before, year_to_date
from conference.domain.figures import Sums
from conference.domain.french import PARIS, format_month, format_number

LABEL = {"funder": "Financeur", "scheme": "Dispositif", "nature": "Nature", "territory": "Territoire"}


def key_grid(summary: MonthSummary) -> Grid:
    """Month, year and all that came before, each with what it was a year earlier."""
    key, month = summary.key, summary.month
    before = year_before(month)
    periods = (
        (format_month(month), format_month(before), key.month),
        (year_to_date(month), year_to_date(before), key.year),
        (f"Jusqu’à fin {format_month(month)}", f"Jusqu’à fin {format_month(before)}", key.ever),
    )
    rows = tuple(row for each in periods for row in _period(*each))
    names = ("Engagé", "Payé", "Engagé moins payé", "Décisions")
    fields = (Field("Période", numeric=False), *(Field(name) for name in names))
    caption = f"Chiffres clés, {_whose(summary)}, en euros et en nombre de décisions"
    return Grid("Chiffres clés", caption, fields, rows)


def _period(now: str, before: str, compared: Compared) -> list[GridRow]:
    return [
        GridRow((capital(now), *_sums(compared.now))),
        GridRow((capital(before), *_sums(compared.before))),
        GridRow(("Écart sur un an", *_sums(compared.change))),
    ]


def _sums(sums: Sums) -> tuple[Cell, ...]:
    return sums.committed, sums.paid, sums.still_to_pay, sums.lines


def _whose(summary: MonthSummary) -> str:
    return summary.scope[1] if summary.scope else "la conférence, total partagé"


def funder_month_grid(summary: MonthSummary) -> Grid:
    """What each funder committed and paid in the month, and a year earlier."""
    caption = f"Engagé et payé par financeur, {format_month(summary.month)}, en euros"
    rows = tuple(_compared(each, each.month, strong=strong) for each, strong in _funder_rows(summary))
    return Grid("Financeurs, mois", caption, _compared_fields(summary, "funder"), rows)


def funder_year_grid(summary: MonthSummary) -> Grid:
    """The same for the year up to the month."""
    caption = f"Engagé et payé par financeur, {year_to_date(summary.month)}, en euros"
    rows = tuple(_compared(each, each.year, strong=strong) for each, strong in _funder_rows(summary))
    return Grid("Financeurs, année", caption, _compared_fields(summary, "funder"), rows)


def funder_ever_grid(summary: MonthSummary) -> Grid:
    """Since the first entry, with what each pays through another; and the persons of the year."""
    year = summary.month.year
    fields = (
        Field(LABEL["funder"], numeric=False),
        *(Field(name, group) for group in ("Engagé", "Payé") for name in ("Total", "Dont transféré")),
        Field("Reste à payer"),
        Field(f"{year}", "Personnes prévues"),
        Field(f"{year - 1}", "Personnes prévues"),
    )
    found = summary.by_funder
    rows = [GridRow((each.label, *_ever(each, transferred=True), *_persons(each.persons))) for each in found.funders]
    if summary.scope is None:
        rows += [
            GridRow((found.total.label, *_ever(found.total, transferred=True), None, None), strong=True),
            GridRow((found.internal.label, *_ever(found.internal), None, None), strong=True),
            GridRow((found.shared.label, *_ever(found.shared), *_persons(found.shared.persons)), strong=True),
        ]
    caption = f"Depuis l’origine jusqu’à fin {format_month(summary.month)}, en euros, et personnes de l’année"
    return Grid("Depuis l’origine", caption, fields, tuple(rows), note=_ever_note(summary))


def _ever_note(summary: MonthSummary) -> str:
    found = summary.by_funder
    counts = [count for each in (*found.funders, found.shared) for count in (each.persons.now, each.persons.before)]
    note = (
        "Transféré\u202f: ce qu’un financeur verse à travers un autre financeur de la conférence. Personnes prévues par les "
        f"décisions de {year_to_date(summary.month)} et des mêmes mois de {summary.month.year - 1}, transferts déduits."
    )
    return f"{note} {masked(summary.threshold)}" if None in counts else note


def _ever(each: FunderFigures, *, transferred: bool = False) -> tuple[Cell, ...]:
    ever, sent = each.ever, each.transferred
    through = (sent.committed, sent.paid) if transferred else (None, None)
    return ever.committed, through[0], ever.paid, through[1], ever.still_to_pay


def _persons(persons: Persons) -> tuple[Cell, Cell]:
    return counted(persons.now), counted(persons.before)


def _funder_rows(summary: MonthSummary) -> list[tuple[FunderFigures, bool]]:
    """The rows of a table by funder, and whether each is a sum."""
    found = summary.by_funder
    sums = [(found.total, True), (found.internal, True), (found.shared, True)]
    return [*((each, False) for each in found.funders), *sums]


def _compared_fields(summary: MonthSummary, axis: str) -> tuple[Field, ...]:
    now, before = f"{summary.month.year}", f"{summary.month.year - 1}"
    groups = ("Engagé", "Payé")
    figures = [Field(name, group) for group in groups for name in (now, before, "Écart")]
    return (Field(LABEL[axis], numeric=False), *figures)


def _compared(each: FunderFigures | MemberFigures, compared: Compared, *, strong: bool = False) -> GridRow:
    now, before, change = compared.now, compared.before, compared.change
    committed = (now.committed, before.committed, change.committed)
    return GridRow((each.label, *committed, now.paid, before.paid, change.paid), strong=strong)


def crossing_grid(summary: MonthSummary) -> Grid:
    """Committed by scheme and audience in the year."""
    found = summary.crossing
    audiences = [Field(name, "Engagé par public") for name in found.columns]
    fields = (
        Field(LABEL["scheme"], numeric=False),
        *audiences,
        Field("Engagé", "Tous publics"),
        Field("Payé", "Tous publics"),
    )
    rows = [_crossed(row) for row in found.rows]
    if rows:
        rows.append(_crossed(found.total, strong=True))
    caption = f"Par dispositif et par public, {year_to_date(summary.month)}, en euros"
    return Grid("Dispositif × public", caption, fields, tuple(rows))


def _crossed(row: CrossRow, *, strong: bool = False) -> GridRow:
    """Where nothing was committed nothing is written: most crossings of a small region are empty."""
    return GridRow((row.label, *(amount or None for amount in row.committed), row.total, row.paid), strong=strong)


def nature_grid(summary: MonthSummary) -> Grid:
    """The year by nature of spending."""
    return _members(summary, summary.by_nature, "nature", "Nature", "par nature de dépense")


def territory_grid(summary: MonthSummary, *, whole: bool = False) -> Grid:
    """The year by territory: the largest, or all of them (`whole`)."""
    name, words = ("Tous les territoires", "par territoire, tous") if whole else ("Territoire", "par territoire")
    return _members(summary, summary.by_territory, "territory", name, words, whole=whole)


def _members(summary: MonthSummary, found: ByMember, axis: str, name: str, words: str, *, whole: bool = False) -> Grid:
    rows = [_compared(each, each.year) for each in (found.all if whole else found.members)]
    if rows:
        rows.append(_compared(found.total, found.total.year, strong=True))
    caption = f"Engagé et payé {words}, {year_to_date(summary.month)}, en euros"
    return Grid(name, caption, _compared_fields(summary, axis), tuple(rows))


def flows_grid(summary: MonthSummary, *, whole: bool) -> Grid:
    """Who funds what: the largest flows, or all of them (`whole`)."""
    names = ("Financeur", "Dispositif", "Public")
    fields = (*(Field(name, numeric=False) for name in names), Field("Engagé"), Field("Payé"))
    found = summary.flows
    rows = [_flow(each) for each in (found.all if whole else found.listed)]
    if rows:
        rows.append(_flow(found.total, strong=True))
    which = "tous les flux" if whole else "les plus grands flux"
    net = "" if summary.scope else ", transferts internes déduits"
    caption = f"Qui finance quoi, {which}, {year_to_date(summary.month)}{net}, en euros"
    return Grid("Tous les flux" if whole else "Qui finance quoi", caption, fields, tuple(rows))


def _flow(each: FlowFigures, *, strong: bool = False) -> GridRow:
    return GridRow((each.funder, each.scheme, each.audience, each.committed, each.paid), strong=strong)


def months_grid(summary: MonthSummary) -> Grid:
    """Twelve months, each with the same month a year earlier."""
    groups = (("Engagé", "committed"), ("Payé", "paid"))
    names = ("Douze mois", "Un an plus tôt")
    fields = (Field("Mois", numeric=False), *(Field(name, group) for group, _ in groups for name in names))
    rows = [_month(capital(format_month(each.month)), each.compared) for each in summary.twelve_months]
    rows.append(_month("Total des douze mois", summary.twelve_total, strong=True))
    last = format_month(summary.month)
    return Grid("Douze mois", f"Engagé et payé par mois, douze mois jusqu’à {last}, en euros", fields, tuple(rows))


def _month(label: str, compared: Compared, *, strong: bool = False) -> GridRow:
    now, before = compared.now, compared.before
    cells: tuple[Decimal, ...] = (now.committed, before.committed, now.paid, before.paid)
    return GridRow((label, *cells), strong=strong)


def completeness_grid(summary: MonthSummary) -> Grid:
    """What is known of each funder's month."""
    fields = (
        Field("Financeur", numeric=False),
        Field("Attendu", numeric=False),
        Field("Écritures du mois"),
        Field("Dernier jour couvert"),
        Field("Dernière écriture reçue"),
    )
    rows = tuple(
        GridRow(
            (
                each.label,
                "oui" if each.is_expected else "non",
                each.entries,
                each.last_on,
                each.last_recorded_at and each.last_recorded_at.astimezone(PARIS).date(),
            )
        )
        for each in summary.sent
    )
    return Grid(
        "Complétude", f"Écritures reçues jusqu’à fin {format_month(summary.month)}", fields, rows, "Aucun financeur."
    )


def gaps_grid(summary: MonthSummary) -> Grid:
    """Income gaps: nothing is told of a few persons."""
    gaps, hidden = summary.gaps, summary.gaps.is_hidden
    need: Cell = "à vérifier" if gaps.need is None else gaps.need
    rows = (
        GridRow(("Parcours concernés", under(summary.threshold) if hidden else gaps.parcours)),
        GridRow(("Jours sans revenu", "non montré" if hidden else gaps.days)),
        GridRow(("Besoin de relais (€)", "non montré" if hidden else need)),
    )
    return Grid(
        "Ruptures de revenu", "Ruptures de revenu en cours", (Field("Mesure", numeric=False), Field("Valeur")), rows
    )


def gaps_words(summary: MonthSummary) -> tuple[str, str]:
    """The key figure of the gaps: its value and its note."""
    gaps = summary.gaps
    if gaps.is_hidden:
        return "Non montré", f"moins de {format_number(summary.threshold)} parcours"
    if not gaps.parcours:
        return "Aucune", "dans les parcours en cours"
    return days(gaps.days), f"{format_number(gaps.parcours)} parcours"


def all_grids(summary: MonthSummary) -> tuple[Grid, ...]:
    """Every table of the document, in its order."""
    periods = () if summary.scope else (funder_month_grid(summary), funder_year_grid(summary))
    return (
        key_grid(summary),
        *periods,
        funder_ever_grid(summary),
        crossing_grid(summary),
        nature_grid(summary),
        territory_grid(summary),
        flows_grid(summary, whole=False),
        months_grid(summary),
        completeness_grid(summary),
        gaps_grid(summary),
    )


def annex_grids(summary: MonthSummary) -> tuple[Grid, ...]:
    """What the annex holds: the tables of the document, then in full those that gather their smallest rows."""
    gathers = len(summary.by_territory.all) > len(summary.by_territory.members)
    more = [territory_grid(summary, whole=True)] if gathers else []
    return (*all_grids(summary), *more, flows_grid(summary, whole=True))
