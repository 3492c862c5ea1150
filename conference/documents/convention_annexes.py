"""What do the articles of a convention refer to?

Tables that a reader checks: who pays what in which year, when and on what condition, what the results change, which days are
paid and which actions are concerned. Each exists when there is something to say; sums are those of the plan, to the cent.
"""

from collections.abc import Callable
from decimal import Decimal

from conference.documents.article_blocks import printed
from conference.documents.model import (
    Block,
    Column,
    Heading,
    Items,
    KeyFigure,
    KeyFigures,
    NewPage,
    Row,
    Table,
    Text,
    Together,
)
from conference.domain.convention_facts import ActionFacts, ConventionFacts, InstalmentFacts, ShareFacts, total_of
from conference.domain.convention_words import EVERYBODY, EVERYWHERE, INSTALMENTS, daily, tiers
from conference.domain.french import NBSP, format_date, format_euros, format_number
from conference.domain.money import ZERO, round_cents, split

_TOTAL = "Total"
_NONE = "–"
_WHOLE = frozenset({"Bonus et malus", "Rémunération"})
"""Annexes short enough never to be cut by a page."""


def annexes(facts: ConventionFacts) -> list[Block]:
    """The annexes, the first of them on a page of its own; nothing when there is none."""
    made = [(title, blocks) for title, make in _ANNEXES if (blocks := make(facts))]
    written: list[Block] = [NewPage()] if made else []
    for rank, (title, blocks) in enumerate(made, start=1):
        annex = (Heading(f"Annexe{NBSP}{rank}{NBSP}– {title}", numbered=False), *blocks)
        written += [Together(annex)] if title in _WHOLE else annex
    return written


def _plan(facts: ConventionFacts) -> list[Block]:
    if not facts.shares:
        return []
    single = f" ({printed(facts.natures[0]).lower()})" if len(facts.natures) == 1 else ""
    made: list[Block] = [_by_party(facts, f"Contribution de chaque partie par année, en euros{single}")]
    if len(facts.natures) > 1 or any(share.beneficiary for share in facts.shares):
        made.append(_by_nature(facts))
    if facts.ceiling is not None:
        made.append(Text(f"Plafond des engagements\u202f: {format_euros(facts.ceiling)}.", "strong"))
    return made


def _by_party(facts: ConventionFacts, caption: str) -> Table:
    payers = [
        each for each in facts.parties if any(share.organisation_id == each.organisation_id for share in facts.shares)
    ]
    sums = [total_of(facts.shares, organisation_id=each.organisation_id) for each in payers]
    parts = split(Decimal("100.00"), [max(each, ZERO) for each in sums]) if facts.total > 0 else [ZERO] * len(sums)
    rows = [
        Row((printed(party.name), *_by_year(facts, organisation_id=party.organisation_id), _part(part)))
        for party, part in zip(payers, parts, strict=True)
    ]
    columns = (Column("Partie"), *_years(facts), Column("Part", numeric=True))
    return Table(caption, columns, (*rows, Row((_TOTAL, *_by_year(facts), _part(Decimal(100))), strong=True)))


def _by_nature(facts: ConventionFacts) -> Table:
    """Every share; the sum of a party that has several stands under them."""
    shown = any(share.beneficiary for share in facts.shares)
    rows: list[Row] = []
    for party in facts.parties:
        name, held = printed(party.name), {"organisation_id": party.organisation_id}
        keys = dict.fromkeys(_key(share) for share in facts.shares if share.organisation_id == party.organisation_id)
        for nature, beneficiary in keys:
            told = (printed(beneficiary) or _NONE,) if shown else ()
            sums = _by_year(facts, **held, nature=nature, beneficiary=beneficiary)
            rows.append(Row((name, printed(nature), *told, *sums)))
        if len(keys) > 1:
            rows.append(Row((name, _TOTAL, *([""] if shown else []), *_by_year(facts, **held)), strong=True))
    rows.append(Row((_TOTAL, *[""] * (1 + shown), *_by_year(facts)), strong=True))
    texts = (Column("Partie"), Column("Nature"), *((Column("Bénéficiaire"),) if shown else ()))
    return Table(
        "Contribution de chaque partie par nature et par année, en euros", (*texts, *_years(facts)), tuple(rows)
    )


def _key(share: ShareFacts) -> tuple[str, str]:
    return share.nature, share.beneficiary


def _years(facts: ConventionFacts) -> tuple[Column, ...]:
    years = tuple(Column(str(year), numeric=True) for year in facts.years)
    return (*years, Column(_TOTAL, numeric=True)) if len(years) > 1 else years


def _by_year(facts: ConventionFacts, **fixed: object) -> tuple[str, ...]:
    """Sums of each year, then of all."""
    sums = [total_of(facts.shares, year=year, **fixed) for year in facts.years]
    return tuple(_amount(each) for each in ([*sums, sum(sums, ZERO)] if len(sums) > 1 else sums))


def _schedule(facts: ConventionFacts) -> list[Block]:
    if not facts.instalments:
        return []
    lines = sorted(facts.instalments, key=lambda each: (each.due_on, each.key))
    rows = [_instalment(facts, line) for line in lines]
    payers = [each for each in facts.parties if any(line.organisation_id == each.organisation_id for line in lines)]
    for party in payers if len(payers) > 1 else ():
        amount = sum((line.amount for line in lines if line.organisation_id == party.organisation_id), ZERO)
        rows.append(Row((_TOTAL, printed(party.name), "", "", _amount(amount)), strong=True))
    rows.append(Row((_TOTAL, "", "", "", _amount(sum((line.amount for line in lines), ZERO))), strong=True))
    columns = (
        Column("Au plus tard le"),
        Column("Partie"),
        Column("Versement"),
        Column("Condition"),
        Column("Montant", numeric=True),
    )
    told: list[Block] = [Text(printed(facts.payment_conditions))] if facts.payment_conditions else []
    return [Table("Versements prévus, en euros", columns, tuple(rows)), *told]


def _instalment(facts: ConventionFacts, line: InstalmentFacts) -> Row:
    party = printed(facts.party(line.organisation_id).name)
    kind = INSTALMENTS[line.kind].capitalize()
    return Row((format_date(line.due_on), party, kind, printed(line.condition) or _NONE, _amount(line.amount)))


def _bonus(facts: ConventionFacts) -> list[Block]:
    if not facts.bonuses:
        return []
    base = facts.bonus_base
    changes = [each.percent for each in sorted(facts.bonuses, key=lambda each: each.from_rate)]
    told = tiers(facts.bonuses, None)
    changes = [Decimal(0)] * (len(told) - len(changes)) + changes
    rows = tuple(
        Row((rates, effect, *((_amount(round_cents(base * (100 + change) / 100)),) if base else ())))
        for (rates, effect), change in zip(told, changes, strict=True)
    )
    columns = (Column("Taux constaté"), Column("Effet sur le prix"), *((Column("Prix", numeric=True),) if base else ()))
    caption = "Retour à l’emploi trois mois après la formation et prix" + (", en euros" if base else "")
    price = [Text(f"Prix auquel les taux s’appliquent\u202f: {format_euros(base)}.")] if base else []
    return [Table(caption, columns, rows), *price]


def _income(facts: ConventionFacts) -> list[Block]:
    made: list[Block] = []
    if facts.persons is not None:
        figures = [KeyFigure("Personnes", format_number(facts.persons))]
        figures += [KeyFigure("Jours sans revenu", format_number(facts.days))] if facts.days is not None else []
        figures += [KeyFigure("Besoin", format_euros(facts.need))] if facts.need is not None else []
        made += [Text("Besoin que les parties ont constaté ensemble\u202f:"), KeyFigures(tuple(figures))]
    if (income := facts.income) is not None:
        made.append(
            Items(
                (
                    f"Rémunération versée par {printed(income.payer)}\u202f: {printed(income.kind)}.",
                    f"Montant de chaque jour\u202f: {daily(income)}.",
                    f"Public\u202f: {printed(income.audience) or EVERYBODY}.",
                    f"Territoire\u202f: {printed(income.territory) or EVERYWHERE}.",
                )
            )
        )
    return made


def _actions(facts: ConventionFacts) -> list[Block]:
    if not facts.actions:
        return []
    amounts = [each.amount for each in facts.actions if each.amount is not None]
    rows = [_action(each) for each in facts.actions]
    if len(amounts) > 1:
        rows.append(Row((_TOTAL, "", "", "", "", _amount(sum(amounts, ZERO))), strong=True))
    numbers = tuple(Column(name, numeric=True) for name in ("Heures", "Places", "Coût"))
    columns = (Column("Action"), Column("Organisme"), Column("Dates"), *numbers)
    return [Table("Actions de formation concernées, coûts en euros", columns, tuple(rows))]


def _action(action: ActionFacts) -> Row:
    days = f"{format_date(action.first)} – {format_date(action.last)}"
    counts = (_NONE if each is None else format_number(each) for each in (action.hours, action.places))
    amount = _NONE if action.amount is None else _amount(action.amount)
    return Row((printed(action.title), printed(action.provider) or _NONE, days, *counts, amount))


def _part(part: Decimal) -> str:
    """« 7,50 % »: as many decimals on each row."""
    return f"{part:.2f}".replace(".", ",") + f"{NBSP}%"


def _amount(amount: Decimal) -> str:
    """« 1 457,00 »: the unit is said above the table."""
    return format_euros(amount).removesuffix(f"{NBSP}€")


_ANNEXES: tuple[tuple[str, Callable[[ConventionFacts], list[Block]]], ...] = (
    ("Plan de financement", _plan),
    ("Échéancier des versements", _schedule),
    ("Bonus et malus", _bonus),
    ("Rémunération", _income),
    ("Actions de formation", _actions),
)
