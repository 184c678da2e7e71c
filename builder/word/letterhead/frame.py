"""The frame that a letterhead gives to each page: margins, borders, headers and footers of every kind."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from builder.blocks import Paper
from builder.letterhead import OFFICE, Letterhead
from builder.letterhead.fields import W, instructions, kind_of
from builder.letterhead.package import parsed
from builder.problems import InputError, Problem
from builder.word.letterhead.heights import height
from builder.word.letterhead.looks import whole
from builder.word.page import Page, page_of

_ID: Final = f"{{{OFFICE}}}id"
# What of a section is the letterhead's; the rest (columns, numbered lines, a start in the middle) belonged to its text.
_KEPT: Final = ("paperSrc", "pgBorders")
_NARROWEST_MM, _LOWEST_MM = 90, 100
_TWIPS_PER_MM: Final = 1440 / 25.4
_GAP: Final = 284  # twips: half a centimetre between a header and the text
_OUR_LINE: Final = 600  # twips: the line of ours above a footer, with its gaps


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A header or footer: the part it comes from ("" where there is none), its root, whether it counts pages (all)."""

    part: str
    root: Any
    counts: bool = False
    counts_all: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What surrounds the text: the letterhead's last section, and its headers and footers by kind."""

    page: Page
    size: tuple[int, int]
    header_distance: int
    footer_distance: int
    kept: Mapping[str, str]
    headers: Mapping[str, Strip]
    footers: Mapping[str, Strip]

    @property
    def first_differs(self) -> bool:
        """Whether the first page of each sheet has a header and footer of its own."""
        return "first" in self.footers

    @property
    def text_page(self) -> Page:
        """The page less what a tall header and footer take from the text, as far as that can be told."""
        top = max((height(strip.root) for strip in self.headers.values() if strip.part), default=0)
        bottom = max((height(strip.root) for strip in self.footers.values() if strip.part), default=0)
        page = self.page
        bottom += round(_OUR_LINE * page.scale)
        return replace(
            page,
            top=max(page.top, self.header_distance + top),
            bottom=max(page.bottom, self.footer_distance + bottom),
        )


def frame_of(letterhead: Letterhead, paper: Paper, *, even: bool) -> Frame:
    """The frame of a paper, upright: its size, the letterhead's margins and strips; `even` pages may differ."""
    return _frame(letterhead, page_of(replace(paper, landscape=False)), even=even)


@lru_cache(maxsize=8)
def _frame(letterhead: Letterhead, blank: Page, *, even: bool) -> Frame:
    found = parsed(letterhead.parts[letterhead.main]).iter(f"{W}sectPr")
    sections = [each for each in found if each.getparent().tag != f"{W}sectPrChange"]
    last = sections[-1] if sections else None
    strips = _strips(letterhead, sections)
    kinds = ["default"]
    kinds += ["first"] if last is not None and _on(last.find(f"{W}titlePg")) else []
    kinds += ["even"] if even else []
    margins = None if last is None else last.find(f"{W}pgMar")
    made_for = None if last is None else last.find(f"{W}pgSz")
    head, distance = strips.get(("header", "default")), _of(margins, "header", 720)
    page = blank if margins is None else _with_margins(blank, margins)
    tall = distance + height(head.root) if head else 0
    frame = Frame(
        # A header that reaches into the text pushes it down by itself, but leaves no gap.
        page=replace(page, top=max(page.top, tall + _GAP)) if head else page,
        size=(_of(made_for, "w", blank.width), _of(made_for, "h", blank.height)),
        header_distance=distance,
        footer_distance=_of(margins, "footer", 720),
        kept={} if last is None else _kept(last),
        headers={kind: strips["header", kind] for kind in kinds if ("header", kind) in strips},
        footers={kind: strips.get(("footer", kind), Strip("", None)) for kind in kinds},
    )
    tight = _too_little_room(frame)
    if tight:
        hint = "Make its margins or its header smaller in Word."
        raise InputError([Problem("letterhead-room", tight, letterhead.name, hint=hint)])
    return frame


def _with_margins(page: Page, margins: Any) -> Page:
    """The page with a letterhead's margins; one below nought means "exactly", which is less than our line needs."""
    gutter = _of(margins, "gutter", 0)
    return replace(
        page,
        left=_of(margins, "left", page.left) + gutter,
        right=_of(margins, "right", page.right),
        top=abs(_of(margins, "top", page.top)),
        bottom=abs(_of(margins, "bottom", page.bottom)),
    )


def _of(element: Any, attribute: str, otherwise: int) -> int:
    return otherwise if element is None else whole(element.get(f"{W}{attribute}"), otherwise)


def _on(element: Any) -> bool:
    return element is not None and element.get(f"{W}val") not in {"0", "false", "off"}


def _kept(section: Any) -> Mapping[str, str]:
    from lxml import etree

    found = {tag: section.find(f"{W}{tag}") for tag in _KEPT}
    copies = {tag: deepcopy(element) for tag, element in found.items() if element is not None}
    for copy in copies.values():
        for child in copy.iter("*"):
            for name in [name for name in child.attrib if not name.startswith(W)]:
                del child.attrib[name]
        etree.cleanup_namespaces(copy)
    return {tag: etree.tostring(copy, encoding="unicode") for tag, copy in copies.items()}


def _strips(letterhead: Letterhead, sections: list[Any]) -> Mapping[tuple[str, str], Strip]:
    """The headers and footers that hold on the last page: a section without its own takes those of the one before."""
    targets = {thread.id: thread.target for thread in letterhead.threads[letterhead.main]}
    named: dict[tuple[str, str], str] = {}
    for section in sections:
        for what in ("header", "footer"):
            for reference in section.iterchildren(f"{W}{what}Reference"):
                target = targets.get(reference.get(_ID, ""), "")
                if target in letterhead.parts:
                    named[what, reference.get(f"{W}type", "default")] = target
    return {key: _strip(letterhead, part) for key, part in named.items()}


def _strip(letterhead: Letterhead, part: str) -> Strip:
    root = parsed(letterhead.parts[part])
    kinds = {kind_of(instruction) for instruction in instructions(root)}
    return Strip(part, root, "PAGE" in kinds, "NUMPAGES" in kinds)


def section(frame: Frame, references: str, *, alone: bool) -> str:
    """The `w:sectPr` of a sheet in the frame; beside others it begins on a leaf of its own."""
    page = frame.page
    return (
        f'<w:sectPr>{references}<w:type w:val="{"nextPage" if alone else "oddPage"}"/>'
        f'<w:pgSz w:w="{page.width}" w:h="{page.height}"/>'
        f'<w:pgMar w:top="{page.top}" w:right="{page.right}" w:bottom="{page.bottom}" w:left="{page.left}" '
        f'w:header="{frame.header_distance}" w:footer="{frame.footer_distance}" w:gutter="0"/>'
        f'{frame.kept.get("paperSrc", "")}{frame.kept.get("pgBorders", "")}<w:pgNumType w:start="1"/>'
        f"{'<w:titlePg/>' if frame.first_differs else ''}{'<w:bidi/>' if page.rtl else ''}</w:sectPr>"
    )


def _too_little_room(frame: Frame) -> str | None:
    """What a letterhead leaves for the text, in words, where that is too little for any sheet; None otherwise."""
    page = frame.text_page
    width, tall = round(page.text_width / _TWIPS_PER_MM), round(page.text_height / _TWIPS_PER_MM)
    if width >= _NARROWEST_MM and tall >= _LOWEST_MM:
        return None
    return f"leaves {max(width, 0)} × {max(tall, 0)} mm for the text; {_NARROWEST_MM} × {_LOWEST_MM} are needed."
