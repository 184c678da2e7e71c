"""A paper on an organisation's letterhead: its styles, fonts, margins, headers, footers and theme, with our text."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from builder.blocks import Paper, Sheet
from builder.letterhead import OFFICE, Letterhead, Thread
from builder.letterhead.fields import W
from builder.letterhead.package import parsed
from builder.scripts import known_language
from builder.word.base_parts import base_part, core_properties, styles
from builder.word.draft import Draft, Relationship
from builder.word.letterhead.fitting import Fitted, Fitting
from builder.word.letterhead.fonts import has_plain_font
from builder.word.letterhead.frame import Frame, Strip, frame_of, section
from builder.word.letterhead.lists import Lists, lists_of, with_ours
from builder.word.letterhead.looks import Looks, whole
from builder.word.letterhead.strips import strip_part
from builder.word.package import PACKAGE, TABLE, TYPES, WORD, content_types, relationships_part, zipped
from builder.word.page import footer
from builder.word.sheets import body_of, document
from builder.word.text import escape

__all__ = ["render_on"]

# Parts of the document that stay, by the last word of their thread. Comments, notes, building blocks and thumbnails
# belonged to its text, and go with it.
_KEPT: Final = ("fontTable", "theme", "customXml")
_MADE: Final = ("styles", "numbering", "settings")
_STYLE: Final = re.compile(r'(<w:(?:pStyle|rStyle|tblStyle) w:val=")([^"]*)"')
# What a setting would do to a new paper: ask for a password, track changes, or name notes that are gone.
_SETTINGS_LEFT_OUT: Final = """
    writeProtection documentProtection trackRevisions revisionView updateFields footnotePr endnotePr attachedSchema
    formsDesign removeDateAndTime linkStyles stylePaneFormatFilter
""".split()  # noqa: SIM905 - words are read more easily than a list
_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_CUSTOM: Final = f"{OFFICE}/custom-properties"


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What every paper on a letterhead shares: parts and threads that stay, its lists, its settings, its language."""

    parts: Mapping[str, bytes]
    threads: Mapping[str, tuple[Relationship, ...]]
    lists: Lists
    settings: bytes
    even: bool
    drawings: int
    prefix: str
    wide: bool


def render_on(paper: Paper, letterhead: Letterhead) -> bytes:
    """The .docx of a paper on a letterhead, the same bytes for the same two."""
    ground = _ground(letterhead)
    frame = frame_of(letterhead, paper, even=ground.even)
    draft = Draft(
        known_language(paper.language),
        drawings=ground.drawings,
        prefix=ground.prefix,
        definitions_before=ground.lists.definitions,
        numbers_before=ground.lists.numbers,
        framed=True,
        wide=ground.wide,
    )
    for kind, target in _threads_of_document(letterhead):
        draft.relate(kind, target)
    strips = Strips(frame, draft)
    body = body_of(paper, draft, frame.text_page, strips.end)
    look = _fitted(paper, letterhead, ground, _used(body), frame.page.text_width)
    made = strips.parts(paper, look.ids, _language(letterhead, paper.language))
    parts = {
        **ground.parts,
        "word/document.xml": document(_restyled(body, look.ids)),
        "word/styles.xml": look.xml,
        "word/numbering.xml": with_ours(ground.lists, draft.numbers, look.ours),
        "word/settings.xml": ground.settings,
        "docProps/core.xml": core_properties(paper),
        **made,
        **{f"word/{name}": png for png, name in draft.pictures.items()},
    }
    threads = {
        **ground.threads,
        **{name: _rels(letterhead, strip.part) for name, strip in strips.named.items()},
        letterhead.main: tuple(draft.relationships.values()),
    }
    return _packed(parts, threads, letterhead)


def _used(xml: str) -> frozenset[str]:
    """The styles of ours that some XML names."""
    return frozenset(match[2] for match in _STYLE.finditer(xml))


def _restyled(xml: str, ids: Mapping[str, str]) -> str:
    """The same, each style by its id in the paper."""
    return _STYLE.sub(lambda match: f'{match[1]}{ids[match[2]]}"', xml)


def _fitted(paper: Paper, letterhead: Letterhead, ground: Ground, used: frozenset[str], text_width: int) -> Fitted:
    ours = styles(paper.look, paper.language, text_width)
    part = letterhead.part("styles")
    theirs = letterhead.parts[part] if part else b'<w:styles xmlns:w="%s"/>' % W[1:-1].encode()
    lists = ground.lists
    fitting = Fitting(Looks(parsed(ours)), Looks(parsed(theirs)), paper.look, lists.known, lists.numbers)
    return fitting.fit(used)


def _language(letterhead: Letterhead, ours: str) -> str:
    """The language of the letterhead's words where it is another than the paper's, empty where it is the same."""
    part = letterhead.part("styles")
    found = parsed(letterhead.parts[part]).find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang") if part else None
    theirs = "" if found is None else str(found.get(f"{W}val", ""))
    same = theirs.partition("-")[0].lower() == ours.partition("-")[0].lower()
    return "" if same else theirs


# ------------------------------------------------------------ headers and footers


@dataclass(slots=True, eq=False)
class Strips:
    """The headers and footers of a paper, by the names of their parts: each sheet has its own letter and pages."""

    frame: Frame
    draft: Draft
    named: dict[str, Strip] = field(default_factory=dict)
    _sheets: dict[str, tuple[Sheet, int | None]] = field(default_factory=dict)

    def end(self, sheet: Sheet, number: int, counted: int | None) -> str:
        """The properties of a sheet's section, and a note of the parts that it asks for."""
        references = ""
        for kind, strip in self.frame.headers.items():
            shared = not (counted and strip.counts_all)
            name = f"header{self.draft.prefix}{kind.capitalize()}{'' if shared else number}.xml"
            references += self._reference("header", kind, name, strip, (Sheet((), ""), None if shared else counted))
        for kind, strip in self.frame.footers.items():
            name = f"footer{self.draft.prefix}{kind.capitalize()}{number}.xml"
            references += self._reference("footer", kind, name, strip, (sheet, counted))
        return section(self.frame, references, alone=not counted)

    def _reference(self, what: str, kind: str, name: str, strip: Strip, about: tuple[Sheet, int | None]) -> str:
        self.named[f"word/{name}"], self._sheets[f"word/{name}"] = strip, about
        thread = self.draft.relate(f"{OFFICE}/{what}", name)
        return f'<w:{what}Reference w:type="{kind}" r:id="{thread}"/>'

    def parts(self, paper: Paper, ids: Mapping[str, str], language: str) -> dict[str, bytes]:
        """The parts, once it is settled which style our line has."""
        made = {}
        for name, strip in self.named.items():
            sheet, counted = self._sheets[name]
            line = ""
            if name.startswith("word/footer"):
                paged = not self._counted(name, strip)
                line = _restyled(footer(sheet.footer, paper.language, self.frame.page, counted, paged=paged), ids)
            made[name] = strip_part(strip, line, counted, language)
        return made

    def _counted(self, name: str, strip: Strip) -> bool:
        """Whether the letterhead itself says the page on pages with this footer."""
        above = next((top for kind, top in self.frame.headers.items() if kind.capitalize() in name), None)
        return strip.counts or (above is not None and above.counts)


# ------------------------------------------------------------ what stays of the letterhead


@lru_cache(maxsize=4)
def _ground(letterhead: Letterhead) -> Ground:
    root = letterhead.parts.get(letterhead.part("settings") or "", base_part("settings").encode())
    settings, even = _settings(root)
    roots = [target for _, target in _threads_of_document(letterhead) if target.startswith("/")]
    roots += [thread.target for thread in letterhead.threads[""] if thread.kind == _CUSTOM]
    headers = [
        t.target for t in letterhead.threads[letterhead.main] if t.word in {"header", "footer"} and not t.external
    ]
    kept = _reached(letterhead, [root.lstrip("/") for root in roots])
    inside = _reached(
        letterhead, [each.target for part in headers for each in letterhead.threads[part] if not each.external]
    )
    drawings = [whole(e.get("id"), 0) for part in headers for e in parsed(letterhead.parts[part]).iter(_DRAWING)]
    part = letterhead.part("numbering")
    prefix = "W"
    while any(f"{kind}{prefix}" in name for name in letterhead.parts for kind in ("header", "footer", "image")):
        prefix += "W"
    names = [*kept, *(name for name in inside if name not in kept)]
    return Ground(
        parts={name: letterhead.parts[name] for name in names},
        threads={name: _rels(letterhead, name) for name in names},
        lists=lists_of(letterhead.parts[part] if part else None),
        settings=settings,
        even=even,
        drawings=max(drawings, default=0),
        prefix=prefix,
        wide=not has_plain_font(letterhead),
    )


def _settings(xml: bytes) -> tuple[bytes, bool]:
    """Their settings without what would hinder a new paper, and whether even pages differ."""
    from lxml import etree

    root = parsed(xml)
    for name in _SETTINGS_LEFT_OUT:
        for element in root.findall(f"{W}{name}"):
            root.remove(element)
    even = root.find(f"{W}evenAndOddHeaders")
    differs = even is not None and even.get(f"{W}val") not in {"0", "false", "off"}
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True), differs


def _threads_of_document(letterhead: Letterhead) -> Iterable[tuple[str, str]]:
    """What the document of a paper hangs on: three parts that are made anew, and those that stay."""
    for name in _MADE:
        yield f"{OFFICE}/{name}", f"{name}.xml"
    for thread in letterhead.threads[letterhead.main]:
        if thread.word in _KEPT and not thread.external:
            yield thread.kind, f"/{thread.target}"


def _reached(letterhead: Letterhead, names: Iterable[str]) -> list[str]:
    """These parts and all that they hang on."""
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in letterhead.parts and name not in found and name != letterhead.main:
            found[name] = None
            waiting += [thread.target for thread in letterhead.threads[name] if not thread.external]
    return list(found)


def _rels(letterhead: Letterhead, part: str) -> tuple[Relationship, ...]:
    """The threads of a part, as they stand in a paper; one to a place in a text that is gone leads nowhere."""

    def kept(thread: Thread) -> Relationship:
        if thread.external or thread.target in letterhead.parts:
            target = thread.target if thread.external else f"/{thread.target}"
            return Relationship(thread.id, thread.kind, target, thread.external)
        return Relationship(thread.id, thread.kind, "#", external=True)

    return tuple(map(kept, letterhead.threads.get(part, ())))


# ------------------------------------------------------------ the package


def _packed(
    parts: Mapping[str, bytes], threads: Mapping[str, tuple[Relationship, ...]], letterhead: Letterhead
) -> bytes:
    roots = [
        Relationship("rId1", f"{OFFICE}/officeDocument", "word/document.xml", external=False),
        Relationship("rId2", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml", external=False),
    ]
    custom = [thread.target for thread in letterhead.threads[""] if thread.kind == _CUSTOM]
    roots += [Relationship("rId3", _CUSTOM, target, external=False) for target in custom[:1]]
    entries = {TABLE: _types(parts, letterhead), "_rels/.rels": relationships_part(roots), **parts}
    for name, rels in threads.items():
        if rels:
            source = "word/document.xml" if name == letterhead.main else name
            folder, _, file = source.rpartition("/")
            entries[f"{folder}/_rels/{file}.rels".lstrip("/")] = relationships_part(
                [_beside(one, folder) for one in rels]
            )
    return zipped(entries)


def _beside(thread: Relationship, folder: str) -> Relationship:
    """The thread with its target as seen from a folder."""
    if thread.external or not thread.target.startswith("/"):
        return thread
    return replace(thread, target=posixpath.relpath(thread.target[1:], folder or "."))


def _types(parts: Mapping[str, bytes], letterhead: Letterhead) -> bytes:
    """The table of contents: each part's type, ours as we know it and theirs as they said."""

    def kind(name: str) -> str:
        ours = TYPES.get(name)
        if ours is None and name in parts and name not in letterhead.types and name.endswith(".xml"):
            ours = f"{WORD}.{'header' if name.startswith('word/header') else 'footer'}+xml"
        return ours or letterhead.types.get(name) or "image/png"

    each = "".join(
        f'<Override PartName="/{escape(name)}" ContentType="{escape(kind(name))}"/>' for name in sorted(parts)
    )
    return content_types(each)
