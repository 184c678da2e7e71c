"""How much of a page of 14 pt text some blocks take, by a careful estimate: for what has to stay on one page.

The figures are those of the styles in `builder/word/base/styles.xml` (gaps, lines, rules to write on), with a line of
text as LibreOffice sets Liberation Sans.
"""

import math
from collections.abc import Iterable, Sequence

from builder.blocks import Block, Box, FillIn, Heading, ListBlock, Paragraph, Table, WritingLines, text_of

PAGE_MM = {"A4": 257.0, "Letter": 239.4}
"""The height of the text on a page (millimetres)."""

TABLE_AFTER_MM = 4.5

_CHARACTERS, _IN_A_LIST = 73, 68
"""Of a line of text of 14 pt, on the safe side."""
_LINE_MM, _AFTER_MM, _AFTER_ITEM_MM, _RULE_MM = 7.0, 5.0, 2.2, 9.6
_CELL_LINE_MM, _CELL_EDGES_MM, _CELL_CHARACTERS = 6.3, 3.3, 3
_HEADING_MM, _FILL_IN_MM = 14.0, 13.5


def height_mm(blocks: Iterable[Block]) -> float:
    """About how high some blocks are on a page of 14 pt text, in millimetres."""
    return sum(map(_of_block, blocks))


def _of_block(block: Block) -> float:
    if isinstance(block, Paragraph):
        return _lines(text_of(block.runs), _CHARACTERS) * _LINE_MM + _AFTER_MM
    if isinstance(block, Table):
        shares = block.widths or (1,) * len(block.header)
        rows = (block.header, *block.rows)
        return TABLE_AFTER_MM + sum(_row([text_of(cell) for cell in row], shares, block.row_height_mm) for row in rows)
    if isinstance(block, ListBlock):
        return sum(_item(item) for item in block.items)
    if isinstance(block, Box):
        return height_mm(block.blocks) + _AFTER_MM
    return _of_line(block)


def _of_line(block: Block) -> float:
    """About how high a heading is, or a place to write."""
    if isinstance(block, WritingLines):
        return block.count * _RULE_MM + _AFTER_MM
    return _HEADING_MM if isinstance(block, Heading) else _FILL_IN_MM if isinstance(block, FillIn) else 0.0


def _item(item: Sequence[Block]) -> float:
    """About how high an item of a list is: its paragraphs stand closer than others."""
    texts = [text_of(block.runs) for block in item if isinstance(block, Paragraph)]
    others = [block for block in item if not isinstance(block, Paragraph)]
    return sum(_lines(text, _IN_A_LIST) * _LINE_MM + _AFTER_ITEM_MM for text in texts) + height_mm(others)


def _lines(text: str, characters: float) -> int:
    return max(math.ceil(len(text) / max(characters, 1)), 1)


def _row(cells: Sequence[str], shares: Sequence[int], least_mm: float) -> float:
    """About how high a table's row is: its highest cell."""
    widths = [share / sum(shares) * _CHARACTERS - _CELL_CHARACTERS for share in shares]
    lines = (_lines(cell, width) for cell, width in zip(cells, widths, strict=False))
    return max(max(lines, default=1) * _CELL_LINE_MM + _CELL_EDGES_MM, least_mm)
