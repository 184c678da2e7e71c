"""The package: its threads, its table of contents, and a zip whose bytes depend on nothing but the parts."""

import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Final

from builder.word.draft import OFFICE, Relationship
from builder.word.text import escape

HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3

_ROOT_RELATIONSHIPS: Final = (
    Relationship("rId1", f"{OFFICE}/officeDocument", "word/document.xml", external=False),
    Relationship("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml", external=False),
)
_TYPES: Final = {
    "word/document.xml": f"{_WORD}.document.main+xml",
    "word/styles.xml": f"{_WORD}.styles+xml",
    "word/numbering.xml": f"{_WORD}.numbering+xml",
    "word/settings.xml": f"{_WORD}.settings+xml",
    "word/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    "word/fontTable.xml": f"{_WORD}.fontTable+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
}


def packed(parts: Mapping[str, bytes], relationships: Iterable[Relationship]) -> bytes:
    """The bytes of a .docx with these parts (by path) and the document's relationships."""
    entries = {
        "_rels/.rels": _relationships(_ROOT_RELATIONSHIPS),
        "word/_rels/document.xml.rels": _relationships(relationships),
        **parts,
    }
    package = BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        # The table of contents first, as readers that stream expect it.
        archive.writestr(_entry("[Content_Types].xml"), _content_types(parts))
        for name in sorted(entries):
            archive.writestr(_entry(name), entries[name])
    return package.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry that says the same on every day, system and account."""
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = _UNIX
    entry.external_attr = 0o644 << 16
    return entry


def _content_types(parts: Iterable[str]) -> bytes:
    overrides = "".join(
        f'<Override PartName="/{part}" ContentType="{_TYPES.get(part, f"{_WORD}.footer+xml")}"/>'
        for part in sorted(parts)
        if part.endswith(".xml")
    )
    return (
        f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f"{overrides}</Types>"
    ).encode()


def _relationships(relationships: Iterable[Relationship]) -> bytes:
    each = "".join(
        f'<Relationship Id="{one.id}" Type="{one.kind}" Target="{escape(one.target)}"'
        f"{_EXTERNAL if one.external else ''}/>"
        for one in relationships
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'.encode()


_EXTERNAL: Final = ' TargetMode="External"'
