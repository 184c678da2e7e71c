"""The sheet of sources: every work that participants' papers name in short, in full, for whoever wants to read on."""

import math
from collections.abc import Collection, Sequence

from builder.blocks import Blocks, Heading, ListBlock, Paragraph, Run
from builder.kit.cases import case_sheet
from builder.kit.credits import works_on
from builder.kit.heights import PAGE_MM, height_mm
from builder.kit.leaf import leaf_blocks
from builder.kit.sheets import Handout
from builder.kit.texts import Texts, reference
from builder.model import Brief, Library

TITLE = "Sources in full"

_USE = (
    "Use this sheet to look up a work that another sheet names in short. "
    "An address may lead to a copy that somebody else keeps; the guide says what was read of each."
)


def with_sources(sheets: Sequence[Handout], texts: Texts, brief: Brief) -> Sequence[Handout]:
    """The sheets and, where they name works, one more for the room that gives these in full."""
    works: set[str] = set()
    for sheet in sheets:
        works |= works_on(sheet, blocks_of(sheet, texts), texts)
    if not works:
        return sheets
    blocks = source_blocks(works, texts.library)
    sides = math.ceil(height_mm(blocks) / PAGE_MM[brief.paper])
    return (*sheets, Handout("", "sources", TITLE, "room", 1, sides, "sources", works=tuple(sorted(works))))


def blocks_of(sheet: Handout, texts: Texts, organisation: str | None = None) -> Blocks:
    """The blocks of any sheet: of one that several share, of the sources, of a lesson's own, or of a case."""
    if sheet.parts:
        return leaf_blocks(sheet, texts)
    if sheet.works:
        return source_blocks(sheet.works, texts.library)
    if sheet.sheet:
        return texts.sheet(sheet.sheet)
    return case_sheet(sheet.card, texts, organisation) if sheet.card else ()


def source_blocks(works: Collection[str], library: Library) -> Blocks:
    """The blocks of the sheet: the works in the order of the list of sources."""
    items = (reference(source, library, notes=False) for key, source in library.sources.items() if key in works)
    return (
        Heading(2, (Run(TITLE),)),
        Paragraph((Run(_USE),)),
        ListBlock(tuple((Paragraph((Run(text),)),) for text in items)),
    )
