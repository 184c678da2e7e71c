"""The parts of a Word file and the threads between them, as its own tables say."""

import hashlib
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from builder.problems import InputError, Problem

OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TO_DOCX: Final = "Open it in Word and save it anew as 'Word Document (.docx)'."
_MAIN: Final = f"{OFFICE}/officeDocument"
_STRICT: Final = "http://purl.oclc.org/ooxml"


@dataclass(frozen=True, slots=True)
class Thread:
    """A relationship from one part to another, whose name is its target, or out of the package: then it is external."""

    id: str
    kind: str
    target: str
    external: bool

    @property
    def word(self) -> str:
        """The last word of its kind, such as "header"."""
        return self.kind.rpartition("/")[2]


@dataclass(frozen=True, slots=True, eq=False)
class Letterhead:
    """An organisation's Word file: its parts, their content types, and the threads from each ("" is the package)."""

    name: str
    parts: Mapping[str, bytes]
    types: Mapping[str, str]
    threads: Mapping[str, tuple[Thread, ...]]
    main: str
    fingerprint: str

    def part(self, kind: str) -> str | None:
        """The name of the part that the document has for a kind such as "styles", None where there is none."""
        return next((one.target for one in self.threads[self.main] if one.word == kind and not one.external), None)


def contents(parts: Mapping[str, bytes], name: str, content: bytes) -> Letterhead:
    """What unpacked parts say of themselves; raises InputError where that is no Word document."""
    try:
        types = _types(parts)
        threads = {_source(part): _threads(part, parts[part]) for part in parts if part.endswith(".rels")}
    except (ValueError, KeyError):
        raise _not_word(name, "its table of contents is missing or cannot be read") from None
    roots = threads.get("", ())
    if any(one.kind.startswith(_STRICT) for one in roots):
        raise _not_word(name, "it was saved as 'Strict Open XML', which few programs read whole")
    main = next((one.target for one in roots if one.kind == _MAIN and not one.external), "")
    if main not in parts:
        raise _not_word(name, "there is no document in it")
    threads = {**dict.fromkeys(parts, ()), **threads}
    return Letterhead(name, parts, types, threads, main, hashlib.sha256(content).hexdigest())


def _not_word(name: str, why: str) -> InputError:
    return InputError(
        [Problem("letterhead-archive", f"is not a Word document as we need it: {why}.", name, hint=_TO_DOCX)]
    )


def parsed(xml: bytes) -> Any:
    """The root of a part, without following anything outside of it; raises ValueError for what is no plain XML."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ValueError("no XML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("a DTD")
    return root


def _types(parts: Mapping[str, bytes]) -> Mapping[str, str]:
    """The content type of each part."""
    root = parsed(parts["[Content_Types].xml"])
    endings = {e.get("Extension", "").lower(): e.get("ContentType", "") for e in root.iter("{*}Default")}
    own = {e.get("PartName", "").lstrip("/").casefold(): e.get("ContentType", "") for e in root.iter("{*}Override")}
    return {name: own.get(name.casefold(), endings.get(name.rpartition(".")[2].lower(), "")) for name in parts}


def _source(rels: str) -> str:
    """The part whose threads a .rels part holds."""
    folder, _, file = rels.rpartition("/")
    return posixpath.join(folder.removesuffix("_rels").rstrip("/"), file.removesuffix(".rels"))


def _threads(rels: str, xml: bytes) -> tuple[Thread, ...]:
    folder = posixpath.dirname(_source(rels))
    return tuple(
        Thread(
            e.get("Id", ""),
            e.get("Type", ""),
            e.get("Target", "") if e.get("TargetMode") == "External" else _resolved(folder, e.get("Target", "")),
            e.get("TargetMode") == "External",
        )
        for e in parsed(xml).iter("{*}Relationship")
    )


def _resolved(folder: str, target: str) -> str:
    """The name of a part from a target that may be relative to its source's folder."""
    target = unquote(target.partition("#")[0])
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
