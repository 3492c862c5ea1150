"""Who takes part in the demo conférence: eight funders, those they come from, a secretariat, providers.

Fictional but for their kinds: every SIRET has a valid check digit in a range that no firm holds.
"""

from dataclasses import dataclass
from datetime import date

from conference.data.tables.organisation import OrganisationKind as Kind
from conference.domain.permissions import Role


@dataclass(frozen=True)
class DemoOrganisation:
    """One organisation; `successor` is the code of the one that carries on."""

    code: str
    name: str
    short_name: str
    kind: Kind
    siret: str
    is_funder: bool = True
    first: date | None = None
    last: date | None = None
    successor: str | None = None


@dataclass(frozen=True)
class DemoPerson:
    """One demo account: its address is `login`@demo.example."""

    login: str
    name: str
    organisation: str
    role: Role


ORGANISATIONS = (
    DemoOrganisation("region", "Région Poitou-Océan", "Région", Kind.REGION, "99001000100016"),
    DemoOrganisation(
        "france_travail",
        "France Travail Poitou-Océan",
        "France Travail",
        Kind.FRANCE_TRAVAIL,
        "99001037300019",
        first=date(2024, 1, 1),
    ),
    DemoOrganisation(
        "opco_batiment",
        "OPCO Bâtiment et Travaux",
        "OPCO Bâtiment",
        Kind.OPCO,
        "99001074600016",
        first=date(2019, 4, 1),
    ),
    DemoOrganisation(
        "opco_mobilites",
        "OPCO Transports et Mobilités",
        "OPCO Mobilités",
        Kind.OPCO,
        "99001111600011",
        first=date(2019, 4, 1),
    ),
    DemoOrganisation(
        "opco_sante",
        "OPCO Santé et Action sociale",
        "OPCO Santé",
        Kind.OPCO,
        "99001704800010",
        first=date(2019, 4, 1),
    ),
    DemoOrganisation("agefiph", "Agefiph, délégation Poitou-Océan", "Agefiph", Kind.AGEFIPH, "99001148800014"),
    DemoOrganisation(
        "transitions_pro",
        "Transitions Pro Poitou-Océan",
        "Transitions Pro",
        Kind.TRANSITIONS_PRO,
        "99001185000015",
        first=date(2019, 1, 1),
    ),
    DemoOrganisation("etat", "État, direction régionale du travail", "État", Kind.ETAT, "99001222100018"),
    DemoOrganisation("cci", "Chambre de commerce et d’industrie Poitou-Océan", "CCI", Kind.CHAMBRE, "99001259300010"),
    DemoOrganisation(
        "pole_emploi",
        "Pôle emploi Poitou-Océan",
        "Pôle emploi",
        Kind.POLE_EMPLOI,
        "99001296500010",
        first=date(2009, 1, 1),
        last=date(2023, 12, 31),
        successor="france_travail",
    ),
    DemoOrganisation(
        "assedic",
        "Assedic Poitou-Océan",
        "Assedic",
        Kind.ASSEDIC,
        "99001333600013",
        last=date(2008, 12, 31),
        successor="pole_emploi",
    ),
    DemoOrganisation(
        "opca_batiment",
        "OPCA du bâtiment",
        "OPCA Bâtiment",
        Kind.OPCA,
        "99001370800013",
        last=date(2019, 3, 31),
        successor="opco_batiment",
    ),
    DemoOrganisation(
        "opca_transports",
        "OPCA des transports",
        "OPCA Transports",
        Kind.OPCA,
        "99001407800010",
        last=date(2019, 3, 31),
        successor="opco_mobilites",
    ),
    DemoOrganisation(
        "fongecif",
        "Fongecif Poitou-Océan",
        "Fongecif",
        Kind.FONGECIF,
        "99001444100010",
        last=date(2018, 12, 31),
        successor="transitions_pro",
    ),
    DemoOrganisation(
        "secretariat",
        "Secrétariat de la conférence des financeurs",
        "Secrétariat",
        Kind.COORDINATION,
        "99001481300010",
        is_funder=False,
    ),
    DemoOrganisation("afpa", "Centre AFPA de Niort", "AFPA Niort", Kind.PROVIDER, "99001518200019", is_funder=False),
    DemoOrganisation("greta", "Greta Poitou-Océan", "Greta", Kind.PROVIDER, "99001555400019", is_funder=False),
    DemoOrganisation(
        "ecole_routiere",
        "École de conduite routière de l’Ouest",
        "École routière",
        Kind.PROVIDER,
        "99001592700017",
        is_funder=False,
    ),
    DemoOrganisation(
        "ifsi",
        "Institut de formation en soins infirmiers de Poitiers",
        "IFSI",
        Kind.PROVIDER,
        "99001629700014",
        is_funder=False,
    ),
    DemoOrganisation(
        "cfa_btp", "CFA du bâtiment de Saintes", "CFA BTP", Kind.PROVIDER, "99001666900014", is_funder=False
    ),
)

PEOPLE = (
    DemoPerson("gestionnaire.region", "Claire Martin", "region", Role.OFFICER),
    DemoPerson("signataire.region", "Hervé Lemoine", "region", Role.SIGNATORY),
    DemoPerson("gestionnaire.france-travail", "Nadia Benali", "france_travail", Role.OFFICER),
    DemoPerson("signataire.france-travail", "Odile Charron", "france_travail", Role.SIGNATORY),
    DemoPerson("gestionnaire.opco-batiment", "Paul Girard", "opco_batiment", Role.OFFICER),
    DemoPerson("signataire.opco-batiment", "Yves Tessier", "opco_batiment", Role.SIGNATORY),
    DemoPerson("gestionnaire.opco-mobilites", "Sophie Renaud", "opco_mobilites", Role.OFFICER),
    DemoPerson("signataire.opco-mobilites", "Lucie Fabre", "opco_mobilites", Role.SIGNATORY),
    DemoPerson("gestionnaire.opco-sante", "Karim Lefort", "opco_sante", Role.OFFICER),
    DemoPerson("gestionnaire.agefiph", "Marc Dubois", "agefiph", Role.OFFICER),
    DemoPerson("gestionnaire.transitions-pro", "Isabelle Roy", "transitions_pro", Role.OFFICER),
    DemoPerson("gestionnaire.etat", "Thomas Caron", "etat", Role.OFFICER),
    DemoPerson("gestionnaire.cci", "Julie Perrin", "cci", Role.OFFICER),
    DemoPerson("coordination", "Anne Vasseur", "secretariat", Role.COORDINATOR),
    DemoPerson("lecture", "Jean Fournier", "region", Role.READER),
    DemoPerson("administration", "Luc Marchand", "secretariat", Role.ADMIN),
)
