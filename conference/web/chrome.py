"""What frames every page: the conférence's name, who is signed in, the menu?

The menu holds what the matrix grants to the actor's role, in the order of DESIGN; an entry is current when the address
begins with its own.
"""

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request

from conference.data.glossary import definition, label
from conference.data.queries.profile import shown_profile
from conference.domain.permissions import Actor, is_granted_somewhere
from conference.web.transaction import business, read_apart

MENU = (
    ("Accueil", "/", "home.read"),
    ("Tableau de bord", "/tableau-de-bord", "dashboard.read"),
    ("Engagements", "/engagements", "commitment.list"),
    ("Parcours", "/parcours", "parcours.list"),
    ("Relais", "/relais", "handoff.list"),
    ("Alertes", "/alertes", "alert.list"),
    ("Conventions", "/conventions", "convention.list"),
    ("Synthèses", "/syntheses", "summary.read"),
    ("Échanges", "/echanges", "import.read"),
    ("Administration", "/administration", "account.manage"),
    ("Aide", "/aide", "help.read"),
)


@dataclass(frozen=True)
class MenuEntry:
    """One line of the menu."""

    label: str
    href: str
    current: bool


@dataclass(frozen=True)
class Signature:
    """Who is signed in, as the top bar says it."""

    label: str
    organisation_label: str
    role_label: str


def register(app: Flask) -> None:
    """Give the frame to every template."""
    app.context_processor(_frame)
    app.add_template_global(label, "word")
    app.add_template_global(definition, "meaning")


def menu_of(actor: Actor, path: str) -> list[MenuEntry]:
    """The menu of `actor` on the page at `path`."""
    return [
        MenuEntry(text, href, _is_current(path, href))
        for text, href, action in MENU
        if is_granted_somewhere(actor, action)
    ]


def _is_current(path: str, href: str) -> bool:
    """Does the page at `path` belong to the entry that leads to `href`? Collective actions belong to the people."""
    if href == "/parcours" and path.startswith("/actions"):
        return True
    return path == href or (href != "/" and path.startswith(f"{href}/"))


def _frame() -> dict[str, Any]:
    if "profile" not in g:
        if "business" in g:
            g.profile = shown_profile(business())
        else:
            with read_apart() as session:
                g.profile = shown_profile(session)
    actor: Actor | None = g.get("actor")
    return {
        "conference_name": g.profile.name,
        "demo": g.profile.is_demo,
        "actor": Signature(actor.label, actor.organisation_label, label("role", actor.role)) if actor else None,
        "menu": menu_of(actor, request.path) if actor else [],
    }
