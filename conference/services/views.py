"""How does a person keep a page of the dashboard under a name?

A convenience of one account, like a bookmark: in no journal, since nothing is decided by it, and seen by nobody else. What
is kept is an address of the dashboard and nothing else, so that a kept view can never lead out of it.
"""

from datetime import datetime

from sqlmodel import Session, col, func, select

from conference.data.tables import NamedView
from conference.domain.permissions import Actor, Relation, require
from conference.domain.refusal import NotFound, Refusal

ROOT = "/tableau-de-bord"
MOST = 50


def keep_view(session: Session, *, name: str, address: str, by: Actor, at: datetime) -> NamedView:
    """Keep `address` (path and query) under `name`; the same name again moves the view. Raises Refusal, Forbidden."""
    require(by, "dashboard.read", Relation.OTHER)
    name = " ".join(name.split())
    if by.account_id is None:
        raise Refusal("La ligne de commande ne garde pas de vue.", code="view_owner")
    if not 0 < len(name) <= 80:
        raise Refusal("Donnez à la vue un nom de 1 à 80 caractères.", field="name", code="view_name")
    if not _is_inside(address):
        raise Refusal("Cette adresse n’est pas une page du tableau de bord.", field="address", code="view_address")
    view = session.exec(
        select(NamedView).where(col(NamedView.account_id) == by.account_id, col(NamedView.name) == name)
    ).first()
    if view is None:
        _refuse_too_many(session, by.account_id)
        view = NamedView(account_id=by.account_id, name=name, address=address, kept_at=at)
    view.address, view.kept_at = address, at
    session.add(view)
    session.flush()
    return view


def drop_view(session: Session, view_id: int, *, by: Actor) -> str:
    """Forget a view; its name. Raises NotFound when it is not `by`'s."""
    view = session.get(NamedView, view_id)
    if view is None or by.account_id is None or view.account_id != by.account_id:
        raise NotFound()
    name = view.name
    session.delete(view)
    session.flush()
    return name


def _is_inside(address: str) -> bool:
    path, _, _ = address.partition("?")
    inside = path == ROOT or (path.startswith(f"{ROOT}/") and ".." not in path)
    return inside and len(address) <= 1000 and address.isprintable() and "\\" not in address


def _refuse_too_many(session: Session, account_id: int) -> None:
    query = select(func.count()).select_from(NamedView).where(col(NamedView.account_id) == account_id)
    if session.exec(query).one() >= MOST:
        raise Refusal(f"Vous gardez déjà {MOST} vues. Supprimez-en une d’abord.", field="name", code="view_count")
