"""The sheet to keep: short sheets that each person takes home, together on the two sides of one leaf."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product

from builder.blocks import Block, Blocks, Heading, PageBreak, Paragraph, Run, text_of
from builder.kit.credits import credits_mm
from builder.kit.heights import PAGE_MM, height_mm
from builder.kit.sheets import Handout
from builder.kit.templates import fitted, rendered
from builder.kit.texts import Texts
from builder.model import Brief

TITLE = "Yours to keep: nobody collects it"

_HEAD_MM, _SPARE_MM = 15.0, 3.0
_OF_ESTIMATE = 0.97
"""Short sheets are 4 to 12 % lower in LibreOffice than estimated: so much of the estimate is safe enough here."""
_FEWEST_PARTS, _MOST_PARTS = 2, 8
_ON_LETTERHEAD = 0.8
"""So much of our page is left where an organisation's header and margins take their part; nobody can know."""


def folded(
    sheets: Sequence[Handout], texts: Texts, brief: Brief, *, on_letterhead: bool = False
) -> tuple[Handout, ...]:
    """The sheets with the short ones that each person keeps on one leaf, unlettered; what finds no room stays apart.

    The leaf comes last: it has kept room for licence and sources, with which the sheets for each person end.
    """
    short = [sheet for sheet in sheets if _is_short(sheet, brief)]
    sides = _sides(
        [(sheet, _OF_ESTIMATE * height_mm(_part(sheet, texts))) for sheet in short],
        PAGE_MM[brief.paper] * (_ON_LETTERHEAD if brief.letterhead or on_letterhead else 1) - _SPARE_MM,
        _credits(sheets, texts),
    )
    parts = tuple(sheet for side in sides for sheet in side)
    if len(parts) < _FEWEST_PARTS:
        return tuple(sheets)
    leaf = replace(
        parts[0], key="keep", title=f"Yours to keep, {len(parts)} parts", why="keep", sheet=None,
        sides=len(sides), turns=len(sides[0]) if len(sides) > 1 else 0, parts=parts,
    )  # fmt: skip
    return (*(sheet for sheet in sheets if sheet not in parts), leaf)


def _is_short(sheet: Handout, brief: Brief) -> bool:
    """Whether a sheet is made to share a leaf, and is handed to everybody who may come."""
    written = sheet.sheet
    everybody = sheet.per == "person" and sheet.copies == brief.participants_most and sheet.why == "sheet"
    return bool(written and written.pocket) and everybody


def _credits(sheets: Sequence[Handout], texts: Texts) -> float:
    return credits_mm([sheet for sheet in sheets if sheet.per == "person"], texts.library)


def _sides(heights: Sequence[tuple[Handout, float]], page: float, last_mm: float) -> list[list[Handout]]:
    """What stands on each of the two sides: as many as find room, without the highest where not all do."""
    room = (page - _HEAD_MM, page - last_mm)
    alone = page - _HEAD_MM - last_mm
    for number in range(min(len(heights), _MOST_PARTS), 0, -1):
        for chosen in sorted(combinations(heights, number), key=_height):
            for sides in product((0, 1), repeat=number):
                used = [sum(mm for (_, mm), own in zip(chosen, sides, strict=True) if own == side) for side in (0, 1)]
                if 0 < used[0] <= (room[0] if used[1] else alone) and used[1] <= room[1]:
                    found = [[sheet for (sheet, _), own in zip(chosen, sides, strict=True) if own == s] for s in (0, 1)]
                    return [side for side in found if side]
    return []


def _height(parts: Sequence[tuple[Handout, float]]) -> float:
    return sum(mm for _, mm in parts)


# ------------------------------------------------------------ what is printed


def leaf_blocks(leaf: Handout, texts: Texts) -> Blocks:
    """The blocks of the sheet to keep, its title as a heading of level 2, each part under one of level 3."""
    inserts: Mapping[str, Blocks] = {"parts": tuple(_parts(leaf, texts))}
    return rendered("keep", {"title": TITLE}, inserts)


def _parts(leaf: Handout, texts: Texts) -> Iterator[Block]:
    for number, part in enumerate(leaf.parts):
        if leaf.turns and number == leaf.turns:
            yield PageBreak()
        yield from _part(part, texts)


def _part(part: Handout, texts: Texts) -> Sequence[Block]:
    """A short sheet under its letter and title, what was a heading in it as a bold line."""
    blocks = texts.sheet(part.sheet) if part.sheet else ()
    top = min((block.level for block in blocks if isinstance(block, Heading)), default=0)
    return fitted([_lowered(block, top, part.letter) for block in blocks])


def _lowered(block: Block, top: int, letter: str) -> Block:
    if not isinstance(block, Heading):
        return block
    if block.level == top:
        return Heading(3, (Run(f"{letter}  "), *block.runs), block.line)
    return Paragraph((Run(text_of(block.runs), strong=True),), line=block.line)


def unturned(blocks: Blocks) -> Blocks:
    """The blocks without the place where the leaf is turned: for an edition whose pages end elsewhere."""
    return tuple(block for block in blocks if not isinstance(block, PageBreak))
