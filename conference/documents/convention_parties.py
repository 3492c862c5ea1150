"""Who does a convention bind, and where does each sign?

Names are those of the organisations, whose gender nobody wrote down: what is said of them agrees with none.
"""

from conference.documents.article_blocks import printed
from conference.documents.model import Block, Heading, Lead, SignatureBlock, Signatures, Text, Together
from conference.domain.convention_facts import ConventionFacts, PartyFacts, SignatoryFacts
from conference.domain.convention_words import ROLES
from conference.domain.french import NARROW, format_date

_COUNTS = ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize")
_ON_A_PAGE = 10
"""Signature blocks that a page holds under what comes before them."""


def parties_blocks(facts: ConventionFacts) -> list[Block]:
    """« Entre : A, d’une part, et : B, d’autre part », or the list of more than two."""
    told = [Lead(printed(party.name), _described(party, facts)) for party in facts.parties]
    if len(told) == 2:
        first, second = (Lead(each.head, f"{each.text}, {part} part,") for each, part in zip(told, _PARTS, strict=True))
        return [Text(f"Entre{NARROW}:"), first, Text(f"et{NARROW}:"), second]
    lines = [
        Lead(each.head, f"{each.text}{',' if rank == len(told) else NARROW + ';'}")
        for rank, each in enumerate(told, start=1)
    ]
    closing = f"ci-après ensemble «{NARROW}les parties{NARROW}»,"
    return [Text(f"Entre{NARROW}:"), *lines, Text(closing)]


_PARTS = ("d’une", "d’autre")


def _described(party: PartyFacts, facts: ConventionFacts) -> str:
    acting = [_acting(each) for each in facts.signatories if each.organisation_id == party.organisation_id]
    short = party.short_name if party.short_name not in ("", party.name) else ""
    parts = (
        f"SIRET {_siret(party.siret)}" if party.siret else "",
        ROLES[party.role],
        " et ".join(acting),
        _authority(party.authority),
        f"ci-après «{NARROW}{printed(short)}{NARROW}»" if short else "",
    )
    return "".join(f", {part}" for part in parts if part)


def _siret(siret: str) -> str:
    """« 233 500 016 00040 »."""
    return NARROW.join((siret[:3], siret[3:6], siret[6:9], siret[9:]))


def _acting(signatory: SignatoryFacts) -> str:
    function = f", {printed(signatory.function)}" if signatory.function else ""
    return f"agissant par {printed(signatory.name)}{function}{_delegated(signatory)}"


def _delegated(signatory: SignatoryFacts) -> str:
    return f", par délégation de {printed(signatory.delegate_of)}" if signatory.delegate_of else ""


def _authority(authority: str) -> str:
    """As it was written, without the sign that ends it."""
    return printed(authority).rstrip(" .,;\u202f")


def signature_blocks(facts: ConventionFacts) -> list[Block]:
    """« Fait à …, en n exemplaires », then the place where each signatory signs, kept together where a page holds them."""
    boxes = _boxes(facts)
    count = len(facts.parties)
    number = _COUNTS[count - 1] if 1 <= count <= len(_COUNTS) else str(count)
    copies = f"exemplaire{'s' if count > 1 else ''} origina{'ux' if count > 1 else 'l'}"
    at = f" à {printed(facts.place)}," if facts.place else ""
    order = " Les parties signent dans l’ordre des cadres." if facts.ordered else ""
    made = Text(f"Fait{at} en {number} {copies}.{order}")
    heading = Heading("Signatures", numbered=False)
    if len(boxes) <= _ON_A_PAGE:
        return [Together((heading, made, Signatures(boxes)))]
    return [Together((heading, made, Signatures(boxes[:2]))), Signatures(boxes[2:])]


def _boxes(facts: ConventionFacts) -> tuple[SignatureBlock, ...]:
    """One for each signatory, in order; a party that named none has a box to fill in."""
    if facts.ordered:
        signed = [_box(facts, each) for each in sorted(facts.signatories, key=lambda each: each.rank)]
        return (*signed, *(_empty(party) for party in facts.parties if not _signatories(facts, party)))
    return tuple(
        box
        for party in facts.parties
        for box in ([_box(facts, each) for each in _signatories(facts, party)] or [_empty(party)])
    )


def _signatories(facts: ConventionFacts, party: PartyFacts) -> list[SignatoryFacts]:
    return [each for each in facts.signatories if each.organisation_id == party.organisation_id]


def _box(facts: ConventionFacts, signatory: SignatoryFacts) -> SignatureBlock:
    delegation = f"par délégation de {printed(signatory.delegate_of)}" if signatory.delegate_of else ""
    lines = tuple(filter(None, (printed(signatory.name), printed(signatory.function), delegation)))
    date = f"Signé le {format_date(signatory.signed_on)}" if signatory.signed_on else f"Date{NARROW}:"
    return SignatureBlock(printed(facts.party(signatory.organisation_id).name), lines, date)


def _empty(party: PartyFacts) -> SignatureBlock:
    return SignatureBlock(printed(party.name), (f"Nom et qualité{NARROW}:",), f"Date{NARROW}:")
