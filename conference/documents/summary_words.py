"""With what words does the summary name its periods, its masked figures and its definitions?"""

from datetime import date, datetime

from conference.documents.summary_content import Count, FunderSent, MonthSummary
from conference.domain.french import MONTHS, NBSP, PARIS, format_instant, format_month, format_number, typeset

PROVISIONAL = "Provisoire"
DEMO = "Démonstration"
MASKED = "masqué"
DEFINITIONS: dict[str, str] = {
    "Engagé": "engagements moins dégagements, annulations déduites.",
    "Payé": "paiements moins reversements, annulations déduites.",
    "Reste à payer": "engagé moins payé, depuis la première écriture.",
    "Mois": "chaque écriture compte dans son mois de comptabilisation, celui de sa date, ou le premier mois ouvert si celui "
    "de sa date est clôturé.",
    "Année": "de janvier au mois de la synthèse, comparée aux mêmes mois de l’année précédente.",
    "Total partagé": "somme des financeurs moins les transferts internes, c’est-à-dire ce qu’un financeur verse à travers un "
    "autre et qui sinon compterait deux fois.",
    "Décisions et personnes prévues": "décisions engagées dans la période, et nombre de personnes que chacune prévoit.",
    "Ruptures de revenu": "jours d’un parcours qu’aucun droit enregistré ne paie, tels qu’ils sont connus quand le document "
    "est fait ; le besoin de relais est ce qu’il faudrait pour les couvrir.",
}
"""What each figure is; the same words in the document and in the annex."""


def of_month(month: date) -> str:
    """Gives "de mars 2026", "d’avril 2026"."""
    written = format_month(month)
    return f"d’{written}" if written[0] in "ao" else f"de {written}"


def year_to_date(month: date) -> str:
    """Gives "janvier à mars 2026", and "janvier 2026" in January."""
    first = f"{MONTHS[0]} à " if month.month > 1 else ""
    return f"{first}{format_month(month)}"


def year_before(month: date) -> date:
    """The same month a year earlier."""
    return month.replace(year=month.year - 1)


def capital(text: str) -> str:
    """`text` with its first letter made large, the others untouched."""
    return text[:1].upper() + text[1:]


def days(number: int) -> str:
    """Gives "47 jours"."""
    return f"{format_number(number)}{NBSP}jour{'s' if number > 1 else ''}"


def counted(count: Count) -> int | str:
    """The count, or what stands for one that may not be published: the same word for one that is small and for one that
    would tell it, since the difference would tell it too."""
    return MASKED if count is None else count


def masked(threshold: int) -> str:
    """What `MASKED` means."""
    return typeset(
        f"Masqué : moins de {format_number(threshold)} personnes, ou nombre qui permettrait d’en retrouver un aussi petit."
    )


def under(threshold: int) -> str:
    """Gives "< 11"."""
    return f"<{NBSP}{threshold}"


def known(known_on: datetime | None) -> str:
    """Gives "Connu le 9 avril 2026 à 16:32"."""
    return f"Connu le {format_instant(known_on.astimezone(PARIS))}" if known_on else "Aucune écriture connue"


def completeness(sent: tuple[FunderSent, ...], month: date) -> str:
    """Gives "5 financeurs sur 7 ont au moins une écriture comptabilisée en mars 2026."."""
    present, funders = sum(1 for each in sent if each.entries), len(sent)
    verb = "ont" if present > 1 else "a"
    return (
        f"{present} financeur{'s' if present > 1 else ''} sur {funders} {verb} au moins une écriture comptabilisée en "
        f"{format_month(month)}. Ce compte ne dit pas si chacun a tout transmis."
    )


def perimeter(summary: MonthSummary) -> str:
    """What the figures are about."""
    return (
        typeset(f"Périmètre : {summary.scope[1]} seul") if summary.scope else typeset("Périmètre : tous les financeurs")
    )


def definitions() -> tuple[str, ...]:
    """The definitions as sentences."""
    return tuple(typeset(f"{name} : {text}") for name, text in DEFINITIONS.items())
