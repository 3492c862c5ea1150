"""How does a person stop the digest from the mail itself, without signing in?

Opening the link changes nothing (mail scanners open links): a page with one button. The button posts, and so do mail programs
that unsubscribe in one click (RFC 8058), which know neither our form nor our cookie: the signed token of the address is the
whole proof, and all it can do is stop this mail.
"""

from flask import Blueprint, current_app, g, render_template, url_for

from conference.services.unsubscribing import NEVER, token_holder, unsubscribe
from conference.web.access import public
from conference.web.transaction import business

pages = Blueprint("unsubscribe", __name__, url_prefix="/desabonnement")


@pages.get("/<token>")
@public("who holds the link of a digest may stop it without a password")
def ask(token: str) -> str:
    """The button, or that there is nothing left to stop."""
    account = token_holder(business(), token, settings=current_app.extensions["settings"])
    page = "done" if account.digest == NEVER else "ask"
    return render_template(
        f"unsubscribe/{page}.html", email=account.email, address=url_for("unsubscribe.stop", token=token)
    )


@pages.post("/<token>")
@public("mail programs unsubscribe in one click, by the signed token of the address")
def stop(token: str) -> str:
    """Stop it. Exempt from the token of forms (`web.security.BY_SIGNED_TOKEN`)."""
    account = unsubscribe(business(), token, settings=current_app.extensions["settings"], at=g.at)
    return render_template("unsubscribe/done.html", email=account.email)
