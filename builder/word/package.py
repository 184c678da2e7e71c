"""The package: its threads, its table of contents, and a zip whose bytes depend on nothing but the parts."""

import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Final

from builder.word.draft import OFFICE, Relationship
from builder.word.text import escape

HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
TABLE: Final = "[Content_Types].xml"
_PACKED: Final = (".png", ".jpg", ".jpeg", ".gif")

_ROOT_RELATIONSHIPS: Final = (
    Relationship("rId1", f"{OFFICE}/officeDocument", "word/document.xml", external=False),
    Relationship("rId2", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml", external=False),
)
TYPES: Final = {
    "word/document.xml": f"{WORD}.document.main+xml",
    "word/styles.xml": f"{WORD}.styles+xml",
    "word/numbering.xml": f"{WORD}.numbering+xml",
    "word/settings.xml": f"{WORD}.settings+xml",
    "word/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    "word/fontTable.xml": f"{WORD}.fontTable+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
}


def packed(parts: Mapping[str, bytes], relationships: Iterable[Relationship]) -> bytes:
    """The bytes of a .docx with these parts (by path) and the document's relationships."""
    entries = {
        TABLE: _content_types(parts),
        "_rels/.rels": relationships_part(_ROOT_RELATIONSHIPS),
        "word/_rels/document.xml.rels": relationships_part(relationships),
        **parts,
    }
    return zipped(entries)


def zipped(entries: Mapping[str, bytes]) -> bytes:
    """The bytes of an archive: its table of contents first, as readers that stream expect it, then all by name."""
    package = BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(entries, key=lambda name: (name != TABLE, name)):
            archive.writestr(_entry(name), entries[name])
    return package.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry that says the same on every day, system and account; pictures that are packed already stay so."""
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.compress_type = zipfile.ZIP_STORED if name.lower().endswith(_PACKED) else zipfile.ZIP_DEFLATED
    entry.create_system = _UNIX
    entry.external_attr = 0o644 << 16
    return entry


def _content_types(parts: Iterable[str]) -> bytes:
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{TYPES.get(part, f"{WORD}.footer+xml")}"/>'
        for part in sorted(parts)
        if part.endswith(".xml")
    )
    return content_types(f'<Default Extension="png" ContentType="image/png"/>{overrides}')


def content_types(entries: str) -> bytes:
    """The table of contents around entries for all parts but threads and plain XML."""
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{entries}</Types>'
    ).encode()


def relationships_part(relationships: Iterable[Relationship]) -> bytes:
    """The part that lists relationships."""
    each = "".join(
        f'<Relationship Id="{one.id}" Type="{one.kind}" Target="{escape(one.target)}"'
        f"{_EXTERNAL if one.external else ''}/>"
        for one in relationships
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'.encode()


_EXTERNAL: Final = ' TargetMode="External"'
