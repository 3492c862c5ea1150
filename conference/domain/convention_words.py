"""How are the terms of a convention said in French, in a sentence?

The variables of its articles and the comparison of two versions say the same term with the same words.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from conference.domain.convention import InstalmentKind, PartyRole
from conference.domain.convention_facts import BonusFacts, IncomeFacts, InstalmentFacts, PartyFacts
from conference.domain.french import NBSP, format_date, format_euros, format_number
from conference.domain.money import round_cents
from conference.domain.period import ONE_DAY

ROLES = {
    PartyRole.FUNDER: "financeur",
    PartyRole.BENEFICIARY: "bénéficiaire",
    PartyRole.MANAGER: "gestionnaire",
    PartyRole.PARTNER: "partenaire",
}
INSTALMENTS = {InstalmentKind.ADVANCE: "avance", InstalmentKind.INTERIM: "acompte", InstalmentKind.BALANCE: "solde"}
SCALE = "montant fixé pour chaque jour par le barème de rémunération des stagiaires de la formation professionnelle"
EVERYBODY, EVERYWHERE = "tous les publics", "tout le territoire de la conférence"


def listed(names: Sequence[str]) -> str:
    """« a, b et c »."""
    return " et ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def percent(value: Decimal) -> str:
    """`Decimal("2.50")` → « 2,5 % », without sign."""
    text = f"{abs(value):f}"
    return f"{(text.rstrip('0').rstrip('.') if '.' in text else text).replace('.', ',')}{NBSP}%"


def lasting(first: date, last: date) -> str:
    """How long from `first` to `last`, both included: whole years, else whole months, else days."""
    after = last + ONE_DAY
    months = (after.year - first.year) * 12 + after.month - first.month
    if months > 0 and after.day == first.day:
        if months % 12:
            return f"{months}{NBSP}mois"
        return f"{months // 12}{NBSP}{'ans' if months > 12 else 'an'}"
    days = (after - first).days
    return f"{format_number(days)}{NBSP}{'jours' if days > 1 else 'jour'}"


def daily(income: IncomeFacts) -> str:
    """What each day is paid, in words: an amount, or the scale."""
    return SCALE if income.daily_amount is None else f"{format_euros(income.daily_amount)} par jour"


def instalment(line: InstalmentFacts, parties: Sequence[PartyFacts]) -> str:
    """« Région Exemple : avance de 30 000,00 € le 1er mars 2026, à la signature »."""
    name = next((each.name for each in parties if each.organisation_id == line.organisation_id), "")
    told = f"{INSTALMENTS[line.kind]} de {format_euros(line.amount)} au plus tard le {format_date(line.due_on)}"
    condition = line.condition.strip().rstrip(".;")
    return f"{name}\u202f: {told}" + (f", sous la condition suivante\u202f: {condition}" if condition else "")


def tiers(bonuses: Sequence[BonusFacts], base: Decimal | None) -> tuple[tuple[str, str], ...]:
    """Each tier as (the rates it holds, what it makes of the price), from the lowest; the price in euros when known."""
    ordered = sorted(bonuses, key=lambda tier: tier.from_rate)
    if not ordered:
        return ()
    if ordered[0].from_rate > 0:
        ordered.insert(0, BonusFacts(Decimal(0), Decimal(0)))
    ends = [*(tier.from_rate for tier in ordered[1:]), None]
    return tuple(
        (_rates(tier.from_rate, end), _effect(tier.percent, base)) for tier, end in zip(ordered, ends, strict=True)
    )


def _rates(start: Decimal, end: Decimal | None) -> str:
    if end is None:
        return f"{percent(start)} et plus" if start else "quel que soit le taux"
    return f"de {percent(start)} à moins de {percent(end)}" if start else f"moins de {percent(end)}"


def _effect(change: Decimal, base: Decimal | None) -> str:
    told = f"{'majoration' if change > 0 else 'minoration'} de {percent(change)}" if change else "prix sans variation"
    if base is None:
        return told
    return f"{told}, soit un prix de {format_euros(base + round_cents(base * change / 100))}"
