"""Conventions of the kinds met in a region: texts of the usual length, two to fifteen parties, plans that sum to the cent."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from conference.domain.convention import ArticleRole, ConventionKind, InstalmentKind, PartyRole
from conference.domain.convention_facts import (
    ActionFacts,
    ArticleFacts,
    BonusFacts,
    ConventionFacts,
    IncomeFacts,
    InstalmentFacts,
    PartyFacts,
    ShareFacts,
    SignatoryFacts,
)

ADDRESS = "https://conference-financeurs.bretagne.bzh"
KNOWN = datetime(2026, 5, 14, 7, 32, 5, tzinfo=UTC)
PARTIES = (
    (
        "Région Bretagne",
        "la Région",
        PartyRole.FUNDER,
        "dûment habilitée par délibération n° 26_DFPE_04 du 30 mars 2026",
    ),
    ("France Travail Bretagne", "France Travail", PartyRole.FUNDER, "en vertu de l'accord du 12 janvier 2026"),
    (
        "Transitions Pro Bretagne",
        "Transitions Pro",
        PartyRole.FUNDER,
        "dûment habilitée par son conseil d'administration",
    ),
    ("OPCO Mobilités", "", PartyRole.FUNDER, ""),
    ("Agefiph", "", PartyRole.PARTNER, "selon la décision de son délégué régional du 2 février 2026"),
    ("Département du Finistère", "le Département", PartyRole.FUNDER, "dûment habilité par sa commission permanente"),
    ("Centre de formation de Brest et du Ponant", "le Centre", PartyRole.BENEFICIARY, ""),
)
SIGNATORIES = (
    ("Anne Le Goff", "présidente du conseil régional", ""),
    ("Yves Prigent", "directeur régional adjoint", "Marie Kermarrec, directrice régionale"),
    ("Claire Morvan", "directrice", ""),
    ("Jean-Paul Tanguy", "délégué régional", ""),
    ("Solenn Riou", "déléguée régionale", ""),
    ("Loïc Cadiou", "vice-président chargé de l'insertion", "Maël Bodénan, président du conseil départemental"),
    ("Nolwenn Guéguen", "directrice générale", ""),
)
SIRETS = (
    "23350001600040",
    "13000548100010",
    "82322845200018",
    None,
    "38014236300043",
    "22290001700012",
    "30140003600027",
)
NATURES = ("Coûts pédagogiques", "Rémunération", "Hébergement et transport")
_PREAMBLE = """Vu le code du travail, notamment ses articles L. 6121-1 et suivants ;
Vu la loi n° 2000-321 du 12 avril 2000 relative aux droits des citoyens dans leurs relations avec les administrations ;
Vu la convention d'objectifs de la conférence des financeurs du 11 décembre 2025 ;

Les parties ont constaté ensemble que des personnes engagées dans une formation voient s'achever, avant la fin de celle-ci, \
le revenu dont elles disposaient, sans qu'aucun autre ne prenne le relais. Elles conviennent d'y répondre en commun, chacune \
dans le respect de ses responsabilités."""
_TEXTS: Mapping[ArticleRole, tuple[str, str]] = {
    ArticleRole.OBJECT: (
        "Objet",
        """La présente convention a pour objet de fixer les conditions dans lesquelles les parties financent ensemble les \
actions de formation désignées en annexe, et le revenu des personnes qui les suivent lorsqu'aucun droit ouvert ne le leur \
assure plus.

Elle précise la contribution de chaque partie, le calendrier des versements, les justificatifs attendus et la façon dont les \
résultats sont suivis : le retour à l'emploi est constaté en commun trois mois après la fin de chaque action.

Elle ne crée aucune solidarité entre les parties : chacune n'est tenue que de sa propre contribution.""",
    ),
    ArticleRole.DURATION: (
        "Durée",
        """La présente convention prend effet le 1er septembre 2026 et s'achève le 31 décembre 2028. Elle ne se renouvelle \
pas par tacite reconduction.

Les versements dus au titre des actions commencées avant son terme restent dus après celui-ci, dans la limite du plafond, \
jusqu'à la production du bilan prévu à l'article 6 et au plus tard six mois après le terme.""",
    ),
    ArticleRole.COMMITMENTS: (
        "Engagements des parties",
        """Chaque partie s'engage à :
- financer sa part dans les délais de l'échéancier et signaler sans attendre ce qui l'en empêcherait ;
- désigner un correspondant, connu de toutes les autres, qui répond sous dix jours ouvrés ;
- transmettre chaque mois les informations nécessaires au suivi, sans aucune donnée qui permette de reconnaître une personne ;
- associer les autres parties à toute communication qui porte sur les actions financées.

2.1 La Région établit la liste des actions, en vérifie la réalisation et réunit le comité de suivi.

2.2 France Travail vérifie, pour chaque personne, que ses droits sont épuisés, et en indique la date. Cette date fait foi \
entre les parties ; en cas de désaccord, elles s'en saisissent dans les conditions suivantes :
a) le correspondant de la partie qui conteste saisit par écrit celui de la partie concernée ;
b) une réponse motivée lui est faite sous dix jours ouvrés ;
c) à défaut d'accord, le comité de suivi tranche à sa réunion suivante.""",
    ),
    ArticleRole.FINANCING_PLAN: (
        "Plan de financement",
        """Le coût total des actions est réparti entre les parties selon le tableau de l'annexe 1. Les montants y sont \
exprimés en euros, toutes taxes comprises, et ne peuvent être dépassés sans avenant.

Les engagements pris au titre de la présente convention ne peuvent excéder ensemble le plafond indiqué sous ce tableau. Une \
somme qui n'est pas dépensée au terme d'une année est reportée sur la suivante, dans la limite du plafond, par simple accord \
écrit des parties.

Le montant versé par chaque partie est arrêté au vu des dépenses réelles : si elles sont inférieures au coût prévu, les \
contributions sont réduites dans la même proportion.""",
    ),
    ArticleRole.PAYMENT: (
        "Modalités de versement",
        """Les versements suivent l'échéancier de l'annexe 2. Chacun est subordonné à la condition qui y figure.

L'avance est versée à la signature. Les acomptes sont versés sur présentation d'un état des heures réalisées, certifié par le \
responsable de l'organisme. Le solde est versé au vu :
1° du compte rendu financier de l'opération ;
2° du bilan qualitatif, qui présente les résultats à trois mois ;
3° de l'attestation de présence des stagiaires, conservée par l'organisme et produite à première demande.

Les sommes indûment perçues sont reversées dans les trente jours qui suivent leur réclamation.""",
    ),
    ArticleRole.FOLLOW_UP: (
        "Suivi et évaluation",
        """Un comité de suivi réunit un représentant de chaque partie au moins deux fois par an. Il examine l'état des \
engagements et des paiements, les entrées et les sorties, les ruptures de revenu constatées et les résultats.

Le taux de retour à l'emploi est celui des personnes qui, trois mois après la fin de l'action, occupent un emploi de six mois \
au moins, un emploi durable, ou ont créé leur activité, rapporté au nombre de personnes dont la situation est connue. Les \
parties le constatent ensemble, au vu des résultats enregistrés.

Un bilan est remis à toutes les parties dans les six mois qui suivent la fin de chaque année civile.""",
    ),
    ArticleRole.DATA: (
        "Échange de données et confidentialité",
        """Les parties s'échangent les seules données nécessaires à l'exécution de la présente convention. Elles ne portent \
ni nom, ni adresse, ni numéro qui permette de reconnaître une personne ; aucun chiffre qui porte sur moins de onze personnes \
n'est communiqué hors des parties.

Chaque partie est responsable des traitements qu'elle met en œuvre et informe les personnes de leurs droits, dans les \
conditions du règlement (UE) 2016/679. Les données sont conservées cinq ans après le terme de la convention, puis effacées.""",
    ),
    ArticleRole.CONTROL: (
        "Contrôle",
        """Chaque partie peut faire contrôler, sur pièces ou sur place, l'emploi des sommes qu'elle a versées. Les pièces \
justificatives sont conservées dix ans.""",
    ),
    ArticleRole.BONUS: (
        "Bonus et malus",
        "Le prix des actions est majoré ou minoré selon le taux de retour à l'emploi, par le tableau de l'annexe 3.",
    ),
    ArticleRole.MODIFICATION: (
        "Modification",
        """Toute modification fait l'objet d'un avenant signé par toutes les parties, qui reprend l'ensemble du texte. Un \
avenant ne peut avoir d'effet sur des versements déjà faits.""",
    ),
    ArticleRole.TERMINATION: (
        "Résiliation",
        """En cas de manquement d'une partie à ses obligations, et après une mise en demeure par lettre recommandée restée \
sans effet pendant trente jours, les autres parties peuvent résilier la convention. Elle peut aussi l'être d'un commun accord.

Les actions commencées sont menées à leur terme ; les sommes dues à la date de la résiliation le restent, et celles qui n'ont \
pas été dépensées sont libérées.""",
    ),
    ArticleRole.DISPUTES: (
        "Litiges",
        """Les parties s'efforcent de régler à l'amiable tout différend né de la présente convention. À défaut d'accord dans \
un délai de deux mois, il est porté devant le tribunal administratif de Rennes.""",
    ),
    ArticleRole.ANNEXES: (
        "Annexes",
        """Les annexes font partie de la présente convention : plan de financement, échéancier des versements, bonus et \
malus, rémunération, actions de formation.""",
    ),
}


def convention(
    parties: int = 2,
    *,
    kind: ConventionKind = ConventionKind.CO_FUNDING,
    number: str | None = "C-2026-004",
    rank: int = 0,
    years: int = 3,
    natures: int = 2,
    instalments: int = 2,
    **more: object,
) -> ConventionFacts:
    """A convention of so many parties (from two on); beyond seven they are funders that differ by their rank."""
    made = tuple(_party(each) for each in range(parties))
    funders = [each for each in made if each.role is PartyRole.FUNDER]
    shares = tuple(
        ShareFacts(party.organisation_id, 2026 + year, NATURES[nature], _amount(party.organisation_id, year, nature))
        for party in funders
        for nature in range(natures)
        for year in range(years)
    )
    given: dict[str, object] = {
        "title": "Convention de cofinancement des formations aux métiers de l'énergie",
        "first": date(2026, 9, 1),
        "last": date(2028, 12, 31),
        "ceiling": Decimal("180000.00"),
        "bonus_base": Decimal("96000.00"),
        "bonuses": (BonusFacts(Decimal(0), Decimal(-10)), BonusFacts(Decimal(50), Decimal(0)), _best()),
        "income": IncomeFacts(
            "Région Bretagne", "Rémunération des stagiaires", None, "Demandeurs d’emploi", "Finistère"
        ),
        "actions": ACTIONS,
        "persons": 34,
        "days": 2_318,
        "need": Decimal("61427.00"),
        "place": "Rennes",
        "decision_reference": "Délibération n° 26_DFPE_04 du 30 mars 2026",
        "is_draft": number is None,
    } | more
    return ConventionFacts(
        conference="Conférence des financeurs de Bretagne",
        region="Région Bretagne",
        convention_id=12,
        version_id=31,
        number=number,
        kind=kind,
        rank=rank,
        known_on=KNOWN,
        parties=made,
        articles=_articles(),
        shares=shares,
        instalments=_instalments(funders, shares, instalments),
        signatories=tuple(_signatory(each) for each in range(parties)),
        **given,  # type: ignore[arg-type]
    )


def texts(facts: ConventionFacts) -> dict[int, str]:
    """The texts of its articles, as they are once filled."""
    return {article.article_id: article.text for article in facts.articles}


def _best() -> BonusFacts:
    return BonusFacts(Decimal(70), Decimal("7.5"))


ACTIONS = (
    ActionFacts(
        "Technicien de maintenance d'équipements éoliens en mer",
        "Centre de formation de Brest et du Ponant",
        date(2026, 9, 7),
        date(2027, 6, 25),
        1_190,
        16,
        Decimal("96000.00"),
    ),
    ActionFacts("Soudeur qualifié", "Afpa", date(2027, 1, 4), date(2027, 7, 2), 840, 12, Decimal("61500.50")),
    ActionFacts("Remise à niveau", "", date(2026, 10, 5), date(2026, 12, 18), None, None, None),
)


def _party(rank: int) -> PartyFacts:
    if rank >= len(PARTIES):
        return PartyFacts(rank + 1, f"Opérateur de compétences n° {rank + 1}", "", None, PartyRole.FUNDER)
    name, short, role, authority = PARTIES[rank]
    duties = ("Réunir le comité de suivi deux fois par an.", "publier le bilan") if rank == 0 else ()
    return PartyFacts(rank + 1, name, short, SIRETS[rank], role, authority, duties)


def _signatory(rank: int) -> SignatoryFacts:
    name, function, delegate_of = (
        SIGNATORIES[rank] if rank < len(SIGNATORIES) else (f"Signataire {rank}", "directeur", "")
    )
    return SignatoryFacts(rank + 1, rank + 1, name, function, delegate_of)


def _articles() -> tuple[ArticleFacts, ...]:
    preamble = ArticleFacts(100, ArticleRole.PREAMBLE, "Préambule", _PREAMBLE)
    told = enumerate(_TEXTS.items(), start=101)
    return (preamble, *(ArticleFacts(number, role, title, text) for number, (role, (title, text)) in told))


def _amount(organisation: int, year: int, nature: int) -> Decimal:
    return Decimal(organisation * 4_000 + year * 1_150) + Decimal("137.25") * (nature + 1)


def _instalments(funders: list[PartyFacts], shares: tuple[ShareFacts, ...], count: int) -> tuple[InstalmentFacts, ...]:
    """An advance, an interim payment and so on for each funder, that sum to its plan."""
    made = []
    for party in funders:
        left = sum(
            (share.amount for share in shares if share.organisation_id == party.organisation_id), Decimal("0.00")
        )
        for rank in range(count):
            last = rank == count - 1
            amount = left if last else (left * Decimal("0.4")).quantize(Decimal("0.01"))
            left -= amount
            kind = InstalmentKind.BALANCE if last else InstalmentKind.INTERIM if rank else InstalmentKind.ADVANCE
            condition = "sur compte rendu financier et bilan des résultats à trois mois" if last else "à la signature"
            due = date(2026 + rank // 2, 10 if rank % 2 else 4, 15 + party.organisation_id % 10)
            made.append(InstalmentFacts(len(made) + 1, party.organisation_id, kind, due, amount, condition))
    return tuple(made)
