"""How does a scan of signed papers file itself, also when it holds several conventions, its pages in any order?

The code at the foot of each page says whose it is. The pages of each version are cut out into a file of their own,
kept under their convention; what could not be read, what is missing and what is no more the text put to signature is
told page by page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import pikepdf
from sqlmodel import Session, col, select

from conference.data.queries.conventions import reached_conventions
from conference.data.tables import Convention, ConventionFile, ConventionVersion
from conference.documents.reading.scan import ScannedPage, cut_pages, scanned_pages
from conference.domain.convention import ConventionFileKind
from conference.domain.page_code import PageCode
from conference.domain.permissions import Actor, require
from conference.domain.refusal import Refusal
from conference.services.attachments import Depot, checked_file
from conference.services.convention_access import note_convention
from conference.services.convention_files import keep_convention_file
from conference.services.files import read_kept


@dataclass(frozen=True)
class Filed:
    """What was filed under a version: its pages of the scan, and which pages of the text are missing."""

    convention_id: int
    version_id: int
    reference: str
    file_id: int
    places: tuple[int, ...]
    missing: tuple[int, ...]


@dataclass(frozen=True)
class ScanReport:
    """What became of each page. `unread`: pages without a code that can be read; `refused`: (page, why)."""

    pages: int
    filed: tuple[Filed, ...]
    unread: tuple[int, ...]
    refused: tuple[tuple[int, str], ...]


def file_scan(session: Session, *, filename: str, content: bytes, depot: Depot, by: Actor, at: datetime) -> ScanReport:
    """File each page under its convention, in the caller's transaction. Raises Forbidden, Refusal (field `file`): a file
    that cannot be read, or of which no page could be filed."""
    require(by, "convention.file")
    checked_file(filename, content, depot)
    pages = scanned_pages(content)
    groups: dict[int, list[ScannedPage]] = {}
    refused: list[tuple[int, str]] = []
    versions: dict[PageCode, ConventionVersion | str] = {}
    for page in (each for each in pages if each.code is not None):
        assert page.code is not None
        found = versions.setdefault(page.code, _version_of(session, page.code, by))
        if isinstance(found, str):
            refused.append((page.place, found))
        else:
            groups.setdefault(found.id or 0, []).append(page)
    filed = tuple(
        _file(session, version_id, found, filename, content, len(pages), depot=depot, by=by, at=at)
        for version_id, found in groups.items()
    )
    unread = tuple(page.place for page in pages if page.code is None)
    if not filed:
        raise Refusal(_why_none(refused), field="file", code="nothing_filed")
    return ScanReport(len(pages), filed, unread, tuple(refused))


def file_by_hand(
    session: Session,
    version: ConventionVersion,
    *,
    filename: str,
    content: bytes,
    depot: Depot,
    by: Actor,
    at: datetime,
) -> ConventionFile:
    """File a scan whose codes cannot be read under the version that the officer names; the caller checked the right."""
    convention = session.get_one(Convention, version.convention_id)
    row = keep_convention_file(
        session, convention, version, ConventionFileKind.SCAN, filename, content,
        depot=depot, by=by, at=at, finding="Classée à la main\u202f: le code des pages n’a pas été lu.",
    )  # fmt: skip
    note_convention(
        session, convention, version, "file_scan", {"attachment": row.id, "sha256": row.sha256}, by=by, at=at
    )
    return row


def _version_of(session: Session, code: PageCode, by: Actor) -> ConventionVersion | str:
    """The version whose page it is, or why it cannot be filed."""
    query = (
        select(ConventionVersion)
        .join(Convention, col(Convention.id) == col(ConventionVersion.convention_id))
        .where(Convention.number == code.number, ConventionVersion.rank == code.rank, reached_conventions(by))
        .order_by(col(ConventionVersion.id).desc())
    )
    version = session.exec(query).first() if code.number is not None else None
    if version is None:
        if code.number is None:
            return "page d’un projet\u202f: seul un texte mis à la signature se signe"
        return f"page de {code.number}, que votre organisme ne suit pas"
    if version.fingerprint is None or not version.fingerprint.startswith(code.fingerprint):
        return f"page de {code.number} imprimée avant que son texte ne change"
    return version


def _file(
    session: Session,
    version_id: int,
    found: Sequence[ScannedPage],
    filename: str,
    content: bytes,
    total: int,
    *,
    depot: Depot,
    by: Actor,
    at: datetime,
) -> Filed:
    version = session.get_one(ConventionVersion, version_id)
    convention = session.get_one(Convention, version.convention_id)
    ordered = sorted(found, key=lambda page: (page.code.page if page.code else 0, page.place))
    places = tuple(page.place for page in ordered)
    there = {page.code.page for page in ordered if page.code}
    missing = tuple(page for page in range(1, _page_count(depot, version) + 1) if page not in there)
    part = content if list(places) == list(range(1, total + 1)) else cut_pages(content, list(places))
    finding = f"Il manque {'la page' if len(missing) == 1 else 'les pages'} {told_pages(missing)}." if missing else ""
    row = keep_convention_file(
        session, convention, version, ConventionFileKind.SCAN, filename, part,
        depot=depot, by=by, at=at, pages=told_pages(sorted(places))[:60], finding=finding,
    )  # fmt: skip
    told = {"attachment": row.id, "sha256": row.sha256, "size": row.size}
    note_convention(session, convention, version, "file_scan", told, by=by, at=at)
    reference = f"{convention.number}{f' avenant {version.rank}' if version.rank else ''}"
    return Filed(convention.id or 0, version_id, reference, row.id or 0, places, missing)


def _page_count(depot: Depot, version: ConventionVersion) -> int:
    """Pages of the text that was put to signature, a file of our own."""
    with pikepdf.open(BytesIO(read_kept(depot.instance, version.file_sha256 or ""))) as pdf:
        return len(pdf.pages)


def told_pages(pages: Sequence[int]) -> str:
    """« 1-4, 6 » for 1, 2, 3, 4, 6."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _why_none(refused: Sequence[tuple[int, str]]) -> str:
    if refused:
        return f"Aucune page ne se classe\u202f: {refused[0][1]}."
    return (
        "Aucun code ne se lit sur ces pages. Numérisez-les à 150 points par pouce au moins, bas de page compris, ou classez "
        "le fichier à la main depuis la convention."
    )
