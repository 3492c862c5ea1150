"""One application for one conférence des financeurs. `create_app` is its table of contents."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from conference.settings import Settings

PAGES = (
    "sign_in",
    "links",
    "unsubscribe",
    "first_steps",
    "my_account",
    "own_organisation",
    "administration",
    "accounts",
    "organisations",
    "references",
    "scales",
    "scale_values",
    "journal",
    "home",
    "dashboard",
    "dashboard_exports",
    "dashboard_views",
    "summaries",
    "imports",
    "importing",
    "parcours",
    "identity",
    "merges",
    "held",
    "steps",
    "income_rights",
    "plan",
    "collective_actions",
    "action_plan",
    "handoffs",
    "handoff_new",
    "alerts",
    "needs",
    "conventions",
    "convention_money",
    "convention_new",
    "convention_terms",
    "convention_articles",
    "signatures",
    "open_data",
    "article_library",
    "need_files",
    "alert_exports",
    "thresholds",
    "help",
    "simulation",
    "commitments",
    "commitment_new",
    "commitment_convention",
    "entries",
    "exports",
    "attachments",
    "transfers",
    "drafts",
    "search",
)
"""Rooms of `conference.web`, each with a blueprint named `pages`."""


def create_app(settings: Settings | None = None) -> Flask:
    """The web application on the instance that `settings` name (by default: the environment's)."""
    # Imported here and not above: whoever imports the domain alone must not load the whole web.
    from flask import Flask
    from jinja2 import StrictUndefined

    from conference.data.session import Database
    from conference.services.keys import derived_key
    from conference.settings import ROOT, load_settings
    from conference.web import access, addresses, chrome, errors, formats, security, transaction

    settings = settings or load_settings()
    app = Flask(__name__, root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.secret_key = derived_key(settings.instance, "cookies")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["settings"] = settings
    app.extensions["database"] = Database(settings.url)
    transaction.register(app)
    access.register(app)
    addresses.register(app)
    security.register(app, settings)
    errors.register(app)
    formats.register(app)
    chrome.register(app)
    for name in PAGES:
        app.register_blueprint(import_module(f"conference.web.{name}").pages)
    return app
