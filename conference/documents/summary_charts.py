"""Which drawings does the summary hold? Each stands beside the table of its figures."""

from conference.documents.chart import Chart, Flow, Flows, Series
from conference.documents.summary_content import MonthSummary
from conference.documents.summary_words import year_to_date
from conference.domain.french import SHORT_MONTHS, format_month


def _source(summary: MonthSummary, *more: str) -> str:
    whose = f"chiffres de {summary.scope[1]}" if summary.scope else "total partagé"
    return ", ".join(("registre commun de la conférence", whose, *more)) + "."


def territory_chart(summary: MonthSummary) -> Chart:
    """Committed by territory in the year, the largest first; those that the table gathers are not drawn."""
    members = [each for each in summary.by_territory.members if each.code]
    return Chart(
        f"Engagé par territoire, {year_to_date(summary.month)}",
        "Barres par territoire, de la plus grande à la plus petite\u202f; les chiffres sont dans le tableau.",
        tuple(each.label for each in members),
        (Series("Engagé", tuple(each.year.now.committed for each in members)),),
        category_label="Territoire",
        source=_source(summary),
        form="ranked",
    )


def flows_chart(summary: MonthSummary) -> Flows:
    """Who funds what in the year: committed, from funder to scheme to audience."""
    return Flows(
        f"Qui finance quoi, engagé, {year_to_date(summary.month)}, transferts internes déduits"
        if summary.scope is None
        else f"À quoi servent les financements de {summary.scope[1]}, engagé, {year_to_date(summary.month)}",
        "Rubans des financeurs aux dispositifs puis aux publics, larges comme les montants engagés\u202f; les plus grands "
        "sont dans le tableau, tous dans l’annexe.",
        ("Financeur", "Dispositif", "Public"),
        tuple(Flow((each.funder, each.scheme, each.audience), each.committed) for each in summary.flows.drawn),
        source=_source(summary, "montants positifs"),
    )


def months_chart(summary: MonthSummary, measure: str, name: str) -> Chart:
    """Twelve months of a measure, and the same months a year earlier."""
    months = summary.twelve_months
    years = {each.month.year for each in months}
    first = {min(each.month for each in months if each.month.year == year) for year in years}
    names = [
        SHORT_MONTHS[each.month.month - 1] + (f"\n{each.month.year}" if each.month in first else "") for each in months
    ]
    now = Series("Douze mois", tuple(getattr(each.compared.now, measure) for each in months))
    before = Series("Un an plus tôt", tuple(getattr(each.compared.before, measure) for each in months))
    return Chart(
        f"{name} par mois, douze mois jusqu’à {format_month(summary.month)}",
        "Lignes\u202f: les douze derniers mois et les mêmes mois un an plus tôt\u202f; leurs chiffres sont dans le tableau.",
        tuple(names),
        (now, before),
        source=_source(summary),
        form="lines",
    )
