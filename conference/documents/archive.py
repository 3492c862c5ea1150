"""How does a drawn PDF become one that lasts (PDF/A-3a) and that everyone can read (PDF/UA-1)?

pikepdf takes ReportLab's bytes and the tree of `tagged.py`, and adds the structure tree with its parent tree, the
language, the metadata, the colour profile and the attached files. Checked by the reference validator in the tests.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from conference.documents.fonts import printable
from conference.documents.metadata import PRODUCER, pdf_date, xmp
from conference.documents.model import Attachment
from conference.documents.srgb import srgb_profile
from conference.documents.tagged import Annotation, Mark, Node

_STRUCT_ELEM, _MCR = Name.StructElem, Name.MCR
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Properties:
    """What the file says about itself (plain text)."""

    title: str
    author: str
    reference: str
    description: str
    keywords: str
    known_on: datetime | None


def archive(drawn: bytes, tree: Node, properties: Properties, attachments: tuple[Attachment, ...]) -> bytes:
    """The archivable file. The same arguments give the same bytes."""
    with pikepdf.open(BytesIO(drawn)) as pdf:
        _Structure(pdf).write(tree)
        _describe(pdf, properties)
        _colours(pdf)
        for attachment in sorted(attachments, key=lambda each: each.name):
            _attach(pdf, attachment, properties.known_on or NO_DATE)
        out = BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            min_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            recompress_flate=True,
        )
    return out.getvalue()


class _Structure:
    """Writes the structure tree, and the parent tree that leads back from content to its element."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.by_mark: dict[int, dict[int, Any]] = defaultdict(dict)
        self.links: list[Any] = []
        self.pages = [page.obj for page in pdf.pages]

    def write(self, tree: Node) -> None:
        root = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        root.K = Array([self._element(tree, root)])
        root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=self._numbers()))
        root.ParentTreeNextKey = len(self.pages) + len(self.links)
        self.pdf.Root.StructTreeRoot = root
        self.pdf.Root.MarkInfo = Dictionary(Marked=True)

    def _element(self, node: Node, parent: Any) -> Any:
        element = self.pdf.make_indirect(Dictionary({"/Type": _STRUCT_ELEM, "/S": _name(node.kind), "/P": parent}))
        element.K = Array([self._kid(kid, element) for kid in node.kids])
        if node.alt:
            element.Alt = String(node.alt)
        if node.attributes:
            element.A = _attributes(node.attributes)
        return element

    def _kid(self, kid: Node | Mark | Annotation, element: Any) -> Any:
        if isinstance(kid, Node):
            return self._element(kid, element)
        page = self.pages[kid.page]
        if isinstance(kid, Mark):
            self.by_mark[kid.page][kid.number] = element
            return Dictionary({"/Type": _MCR, "/Pg": page, "/MCID": kid.number})
        annotation = page.Annots[kid.rank]
        annotation.StructParent = len(self.pages) + len(self.links)
        annotation.F = 4
        annotation.Contents = String(f"Lien vers {annotation.A.URI}")
        self.links.append(element)
        return Dictionary(Type=Name.OBJR, Pg=page, Obj=annotation)

    def _numbers(self) -> Array:
        numbers = Array()
        for rank, page in enumerate(self.pages):
            page.StructParents = rank
            page.Tabs = Name.S
            marks = self.by_mark[rank]
            numbers.append(rank)
            numbers.append(self.pdf.make_indirect(Array([marks[number] for number in sorted(marks)])))
        for rank, element in enumerate(self.links, start=len(self.pages)):
            numbers.append(rank)
            numbers.append(element)
        return numbers


@cache
def _name(kind: str) -> Name:
    return Name(f"/{kind}")


def _attributes(attributes: tuple[tuple[str, str, Any], ...]) -> Any:
    owners: dict[str, Any] = {}
    for owner, name, value in attributes:
        held = owners.setdefault(owner, Dictionary(O=Name(f"/{owner}")))
        held[f"/{name}"] = Name(value) if isinstance(value, str) else value
    return next(iter(owners.values())) if len(owners) == 1 else Array(list(owners.values()))


def _describe(pdf: pikepdf.Pdf, properties: Properties) -> None:
    root = pdf.Root
    root.Lang = String("fr-FR")
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    packet = xmp(
        title=properties.title,
        author=properties.author,
        reference=properties.reference,
        description=properties.description,
        keywords=properties.keywords,
        known_on=properties.known_on,
    )
    root.Metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
    info = {"Title": properties.title, "Author": properties.author, "Subject": properties.description}
    info |= {"Keywords": properties.keywords, "Creator": PRODUCER, "Producer": PRODUCER}
    if properties.known_on is not None:
        info |= {"CreationDate": pdf_date(properties.known_on), "ModDate": pdf_date(properties.known_on)}
    pdf.trailer.Info = pdf.make_indirect(Dictionary({f"/{name}": String(value) for name, value in info.items()}))


def _colours(pdf: pikepdf.Pdf) -> None:
    profile = pdf.make_stream(srgb_profile(), N=3, Alternate=Name.DeviceRGB)
    intent = Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFA1, DestOutputProfile=profile)
    intent.OutputConditionIdentifier = String("sRGB IEC61966-2.1")
    intent.Info = String("sRGB IEC61966-2.1")
    pdf.Root.OutputIntents = Array([intent])


def _attach(pdf: pikepdf.Pdf, attachment: Attachment, on: datetime) -> None:
    day = String(pdf_date(on))
    stream = pdf.make_stream(attachment.content, Type=Name.EmbeddedFile, Subtype=Name(f"/{attachment.mime}"))
    checksum = String(hashlib.md5(attachment.content, usedforsecurity=False).digest())
    stream.Params = Dictionary(Size=len(attachment.content), CreationDate=day, ModDate=day, CheckSum=checksum)
    name = String(printable(attachment.name))
    spec = Dictionary(Type=Name.Filespec, F=name, UF=name, Desc=String(printable(attachment.description)))
    spec.AFRelationship = Name(f"/{attachment.relationship}")
    spec.EF = Dictionary(F=stream, UF=stream)
    held = pdf.make_indirect(spec)
    root = pdf.Root
    if "/Names" not in root:
        root.Names = Dictionary()
    if "/EmbeddedFiles" not in root.Names:
        root.Names.EmbeddedFiles = Dictionary(Names=Array())
        root.AF = Array()
    root.Names.EmbeddedFiles.Names.extend([name, held])
    root.AF.append(held)
