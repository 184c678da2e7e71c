"""What a letterhead must not hold: everything that runs, fetches, or opens something else, by part and with what to do.

All parts are judged, also those that no paper would take over, so that a file is safe or refused, and never half of it.
"""

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from builder.letterhead.archive import unpacked
from builder.letterhead.fields import HARMLESS, INNER, instructions, kind_of
from builder.letterhead.package import Letterhead, Thread, contents, parsed
from builder.problems import InputError, Problem

_WITHOUT_MACROS: Final = "Save it in Word as 'Word Document (.docx)', which has no macros."
_TAKE_OUT: Final = "Open it in Word, delete that, and save it."
_AS_TEXT: Final = "In Word, click into it, press Ctrl+Shift+F9, which leaves its text, and save."
_EMBED: Final = "In Word: File, Info, Edit Links to Files, Break Link; then save."
_NO_TEMPLATE: Final = "In Word: File, Options, Add-ins, Manage: Templates, Go; empty 'Document template', and save."
_NO_MERGE: Final = "In Word: Mailings, Start Mail Merge, Normal Word Document; then save."
_BY_WORD: Final = "Word writes no such thing; do not trust the file."

# kind of thread, by its last word: what it is, and what to do
_FORBIDDEN: Final = {
    "attachedTemplate": ("a template of its own, which Word would load", _NO_TEMPLATE),
    "vbaProject": ("macros", _WITHOUT_MACROS),
    "wordVbaData": ("macros", _WITHOUT_MACROS),
    "attachedToolbars": ("macros on a toolbar", _WITHOUT_MACROS),
    "keyMapCustomizations": ("keys that start commands", _WITHOUT_MACROS),
    "extensibility": ("buttons that start macros", _WITHOUT_MACROS),
    "webextensiontaskpanes": ("an add-in that starts by itself", _TAKE_OUT),
    "webextension": ("an add-in that starts by itself", _TAKE_OUT),
    "oleObject": ("an embedded object", _TAKE_OUT),
    "package": ("an embedded file", _TAKE_OUT),
    "control": ("an ActiveX control", _TAKE_OUT),
    "activeXControlBinary": ("an ActiveX control", _TAKE_OUT),
    "aFChunk": ("another document that Word would merge in (altChunk)", _TAKE_OUT),
    "subDocument": ("another document that Word would open", _TAKE_OUT),
    "frame": ("a frame with another document", _TAKE_OUT),
    "mailMergeSource": ("the data source of a mail merge", _NO_MERGE),
    "mailMergeHeaderSource": ("the data source of a mail merge", _NO_MERGE),
    "recipientData": ("the recipients of a mail merge", _NO_MERGE),
    "transform": ("a transformation that Word would run when saving", _TAKE_OUT),
}  # fmt: skip
_FORBIDDEN_TYPES: Final = (
    ("macroenabled", "macros", _WITHOUT_MACROS),
    ("vba", "macros", _WITHOUT_MACROS),
    ("keymapcustomizations", "keys that start commands", _WITHOUT_MACROS),
    ("oleobject", "an embedded object", _TAKE_OUT),
    ("activex", "an ActiveX control", _TAKE_OUT),
)
_FORBIDDEN_NAMES: Final = re.compile(r"(^|/)(vbaProject\.bin|vbaData\.xml|activeX/.*|embeddings/.*)$", re.IGNORECASE)
_FORBIDDEN_ELEMENTS: Final = {
    "altChunk": ("another document that Word would merge in (altChunk)", _TAKE_OUT),
    "OLEObject": ("an embedded object", _TAKE_OUT),
    "objectEmbed": ("an embedded object", _TAKE_OUT),
    "objectLink": ("a linked object", _TAKE_OUT),
    "control": ("an ActiveX control", _TAKE_OUT),
    "subDoc": ("another document that Word would open", _TAKE_OUT),
    "mailMerge": ("the data source of a mail merge", _NO_MERGE),
    "saveThroughXslt": ("a transformation that Word would run when saving", _TAKE_OUT),
    "entryMacro": ("a form field that starts a macro", _TAKE_OUT),
    "exitMacro": ("a form field that starts a macro", _TAKE_OUT),
    "script": ("a script", _BY_WORD),
}
_NAMES: Final = ("href", "src", "althref", "sourceFileName", "manifestLocation")
# Without one of these words in it a part of UTF-8 has nothing to find; most have none, which saves time.
_WORTH_A_LOOK: Final = re.compile(
    rf"[<:](?:{'|'.join(_FORBIDDEN_ELEMENTS)}|fldChar|fldSimple|instrText|delInstrText)[\s/>]|(?:{'|'.join(_NAMES)})\s*=".encode()
)
_SAFE_SCHEMES: Final = frozenset({"http", "https", "mailto"})
_ADDRESSES: Final = "//@*[{}]".format(" or ".join(f"local-name()='{name}'" for name in _NAMES))
_MOST: Final = 20


def opened(content: bytes, name: str) -> Letterhead:
    """A letterhead from the bytes of a .docx; raises InputError with everything in it that is not safe to keep."""
    letterhead = contents(unpacked(content, name), name, content)
    problems = findings(letterhead)
    if problems:
        raise InputError(problems)
    return letterhead


def findings(letterhead: Letterhead) -> list[Problem]:
    """Every reason to refuse a letterhead, none for a safe one; no more than twenty, so that they can be read."""
    found = dict.fromkeys((*_threads(letterhead), *_types(letterhead), *_inside(letterhead)))
    return [Problem(f"letterhead-{code}", what, letterhead.name, hint=hint) for code, what, hint in list(found)[:_MOST]]


_Found = Iterator[tuple[str, str, str]]


def _threads(letterhead: Letterhead) -> _Found:
    for part, threads in letterhead.threads.items():
        where = f" (in {part})" if part else ""
        for thread in threads:
            if thread.word in _FORBIDDEN:
                what, hint = _FORBIDDEN[thread.word]
                yield "active", f"holds {what}{where}.", hint
            elif thread.external:
                yield from _leading_out(thread, where)
            elif thread.target not in letterhead.parts and not _needless(thread):
                yield "archive", f"'{_shown(thread.target)}' is missing{where}.", "Open it in Word, and save it anew."


def _needless(thread: Thread) -> bool:
    """Whether a thread leads to a mark in the document itself, or nowhere at all, as Word sometimes writes."""
    return thread.word == "hyperlink" or thread.target in {"", ".", "NULL"}


def _leading_out(thread: Thread, where: str) -> _Found:
    address = _shown(thread.target)
    if thread.word != "hyperlink":
        yield "link", f"would fetch '{address}' when it is opened{where}.", _EMBED
    elif not _safe(thread.target):
        yield "link", f"has a link to '{address}'{where}; only http, https and mailto may be.", _TAKE_OUT


def _types(letterhead: Letterhead) -> _Found:
    for part, kind in letterhead.types.items():
        for word, what, hint in _FORBIDDEN_TYPES:
            if word in kind.lower():
                yield "active", f"holds {what} (in {part}).", hint
                break
        else:
            if _FORBIDDEN_NAMES.search(part):
                yield "active", f"holds macros or an embedded file (in {part}).", _WITHOUT_MACROS


def _inside(letterhead: Letterhead) -> _Found:
    """What is wrong inside the parts that are XML."""
    for part, content in letterhead.parts.items():
        if not _is_xml(part, letterhead.types[part]):
            continue
        try:
            root = parsed(content)
        except ValueError as error:
            dtd = "has a document type (DTD), which can pull in files" if str(error) == "a DTD" else "is no XML"
            yield "xml", f"{part} {dtd}.", _BY_WORD
            continue
        plain = root.getroottree().docinfo.encoding in {"UTF-8", "utf-8"} and b"\0" not in content
        if not plain or _WORTH_A_LOOK.search(content):
            yield from _elements(part, root)
            yield from _fields(part, root)


def _is_xml(part: str, kind: str) -> bool:
    return kind.endswith(("+xml", "/xml")) or part.lower().endswith((".xml", ".rels", ".vml", ".svg"))


def _elements(part: str, root: Any) -> _Found:
    for element in root.iter(*(f"{{*}}{tag}" for tag in _FORBIDDEN_ELEMENTS)):
        what, hint = _FORBIDDEN_ELEMENTS[element.tag.rpartition("}")[2]]
        yield "active", f"holds {what} (in {part}).", hint
    for value in root.xpath(_ADDRESSES):
        if not _harmless(value.attrname.rpartition("}")[2], value):
            yield "link", f"leads to '{_shown(value)}' (in {part}).", _TAKE_OUT


def _harmless(attribute: str, address: str) -> bool:
    """Whether an address in an attribute stays in the file, or is a link that somebody clicks."""
    address = address.strip()
    if not address or address.startswith(("#", "data:image/")):
        return True
    return attribute == "href" and _safe(address)


def _fields(part: str, root: Any) -> _Found:
    for instruction in instructions(root):
        kind = kind_of(instruction)
        if not instruction.strip():
            continue
        if INNER in kind or not kind:
            yield (
                "field",
                f"has a field that another field puts together, '{_shown(instruction)}' (in {part}).",
                _AS_TEXT,
            )
        elif kind not in HARMLESS:
            yield "field", f"has the field {_shown(kind)}, which can run or fetch something (in {part}).", _AS_TEXT
        elif kind == "HYPERLINK" and not _safe_link(instruction):
            yield "link", f"has a link by field, '{_shown(instruction)}' (in {part}).", _TAKE_OUT


def _safe_link(instruction: str) -> bool:
    """Whether a HYPERLINK field leads to a mark in the document, or to an address that is allowed."""
    if INNER in instruction:
        return False
    rest = instruction.strip()[len("HYPERLINK") :]
    address = re.match(r'\s*(?:"([^"]*)"|([^\s\\"][^\s]*))?', rest)
    found = (address[1] or address[2] or "") if address else ""
    return _safe(found) if found else re.match(r"\s*(\\|$)", rest) is not None and not rest.strip().startswith("\\\\")


def _safe(address: str) -> bool:
    """Whether an address is http, https or mailto, whole, or a mark in the document."""
    if address.startswith("#"):
        return True
    try:
        parts = urlsplit(address.strip())
        return parts.scheme in _SAFE_SCHEMES and bool(parts.hostname if parts.scheme != "mailto" else parts.path)
    except ValueError:
        return False


def _shown(text: str) -> str:
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in text).replace(INNER, "{…}").split())
    return plain if len(plain) <= 80 else f"{plain[:80]}…"
