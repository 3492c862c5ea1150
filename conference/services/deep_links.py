"""At which address of this instance is a thing shown?

What mails lead to is written without a request, hence these few paths; a test asks the application that each of them is one
of its pages.
"""

from conference.settings import Settings

LISTS = {
    "account": "/mon-compte",
    "alert": "/alertes",
    "commitment": "/engagements",
    "convention": "/conventions",
    "draft": "/brouillons",
    "handoff": "/relais",
    "parcours": "/parcours",
}
PAGES = {kind: f"{path}/{{}}" for kind, path in LISTS.items() if kind not in ("account", "draft")}


def address(settings: Settings, kind: str, number: int = 0) -> str:
    """The address of the page of that thing; of the list of its kind when `number` is 0 or it has no page of its own."""
    path = PAGES[kind].format(number) if number and kind in PAGES else LISTS[kind]
    return f"{settings.public_url.rstrip('/')}{path}"
