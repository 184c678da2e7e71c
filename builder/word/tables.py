"""Tables without merged cells: of text, of cards to cut, and of one cell as a frame."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from builder.blocks import Runs, Table, text_of
from builder.scripts import is_rtl
from builder.word.draft import CHARACTER_WIDTH, TWIPS_PER_MM, Place
from builder.word.paragraphs import closed, paragraph
from builder.word.text import inline

UNSPLIT: Final = "<w:cantSplit/>"

# Rows of more lines than this may split, or a page would end half empty.
_MOST_LINES_UNSPLIT: Final = 15

# How much wider than plain text bold is, and the side margins of a cell (twips).
_BOLD: Final = 1.1
_CELL_MARGINS: Final = 230
_UNBROKEN: Final = re.compile("[^\\s-]+-?")
# Twips of a letter of a wide font such as Verdana in bold (0.66 of its size), at 12 pt, at 18 pt and on the wall.
_WIDE_LETTER: Final = 158
_WIDE_LARGE: Final = 238
_WIDE_PLAIN: Final = 0.88  # how wide a plain letter of it is, against a bold one
_WIDE_LETTERS: Final = MappingProxyType({"wall": 370})

# The room that a wall agenda keeps for its title and for rows of two lines, and its tallest row (twips).
_WALL_HEAD: Final = 3_400
_TALLEST_WALL_ROW: Final = 1_200
# On a letterhead, where a page is upright and the text narrower: a title of two lines, a line of 28 pt with its gaps,
# an average letter.
_WALL_HEAD_OF_TWO: Final = 3_600
_WALL_LINE, _WALL_PADDING, _WALL_LETTER = 700, 120, 310

# look: table style, style of the paragraphs in its cells
_LOOKS: Final = MappingProxyType(
    {
        "plain": ("TableGrid", "NoSpacing"),
        "running": ("TableGrid1", "BodyText3"),
        "wall": ("TableSimple1", "BodyText2"),
    }
)


@dataclass(frozen=True, slots=True)
class Grid:
    """The outside of a table: its style, its columns and its indent (twips)."""

    style: str
    columns: tuple[int, ...]
    indent: int = 0
    header: bool = False
    rtl: bool = False

    def wrap(self, rows: Iterable[str]) -> str:
        """The `w:tbl` around rows that are already XML."""
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in self.columns)
        first = int(self.header)
        indent = f'<w:tblInd w:w="{self.indent}" w:type="dxa"/>' if self.indent else ""
        look = "0620" if self.header else "0600"
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self.style}"/>{"<w:bidiVisual/>" if self.rtl else ""}'
            f'<w:tblW w:w="{sum(self.columns)}" w:type="dxa"/>'
            f'{indent}<w:tblLayout w:type="fixed"/><w:tblLook w:val="{look}" w:firstRow="{first}" w:lastRow="0" '
            'w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr>'
            f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )

    def row(self, cells: Iterable[str], properties: str = "", turns: Sequence[str] = ()) -> str:
        """One `w:tr` of cells that are already XML, each ending with a paragraph; `turns` say how text runs in each."""
        marks = f"<w:trPr>{properties}</w:trPr>" if properties else ""
        inside = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{turn}</w:tcPr>{closed(cell)}</w:tc>'
            for width, cell, turn in zip(self.columns, cells, turns or ("",) * len(self.columns), strict=True)
        )
        return f"<w:tr>{marks}{inside}</w:tr>"


def shared(width: int, shares: Sequence[int], count: int) -> tuple[int, ...]:
    """`count` column widths that sum exactly to `width` (twips), by shares, equal where there are none."""
    known = [max(share, 1) for share in shares[:count]] or [1]
    known += [max(sum(known) // len(known), 1)] * (count - len(known))
    edges = [round(width * sum(known[:index]) / sum(known)) for index in range(count + 1)]
    return tuple(right - left for left, right in pairwise(edges))


def _unbroken(columns: tuple[int, ...], least: Sequence[float]) -> tuple[int, ...]:
    """The columns with room for their longest words, taken from those that have more; all a little short otherwise."""
    if sum(least) >= sum(columns):
        return shared(sum(columns), [round(need) for need in least], len(columns))
    missing = [max(need - width, 0) for width, need in zip(columns, least, strict=True)]
    spare = [max(width - need, 0) for width, need in zip(columns, least, strict=True)]
    taken = sum(missing) / sum(spare)
    edges = [0.0]
    for width, more, less in zip(columns, missing, spare, strict=True):
        edges.append(edges[-1] + width + more - less * taken)
    return tuple(round(right) - round(left) for left, right in pairwise(edges))


def _longest_word(block: Table, column: int, place: Place) -> float:
    """The room (twips) that the longest word of a column takes, in bold where it may be, with the cell's margins."""
    bold, plain = _letters(block, place)
    cells = [(runs, bold if any(run.strong for run in runs) else plain) for runs in _column(block.rows, column)]
    cells += [(runs, bold) for runs in _column((block.header,), column)]
    rooms = (len(word) * letter for runs, letter in cells for word in _UNBROKEN.findall(text_of(runs)))
    return max(rooms, default=0) + _CELL_MARGINS * place.scale


def _column(rows: Iterable[Sequence[Runs]], column: int) -> Iterable[Runs]:
    return (row[column] for row in rows if column < len(row))


def _letters(block: Table, place: Place) -> tuple[float, float]:
    """How wide a bold and a plain letter are; in our own font all count as bold, which is safe, for it is narrow."""
    if not place.draft.wide:
        return (CHARACTER_WIDTH * _BOLD * place.scale,) * 2
    bold = _WIDE_LETTERS.get(block.look, _WIDE_LARGE if place.scale > 1 else _WIDE_LETTER)
    return bold, bold * _WIDE_PLAIN if place.scale > 1 else bold


def table(block: Table, place: Place) -> str:
    """A table of text: its header row repeats on each page, short rows do not split, no cell is merged."""
    count = max(map(len, (block.header, *block.rows)))
    if not count:
        return ""
    style, cell_style = _LOOKS[block.look]
    columns = shared(place.width - place.indent, block.widths, count)
    if place.draft.wide or place.scale > 1:
        columns = _unbroken(columns, [_longest_word(block, at, place) for at in range(count)])
    rtl = is_rtl("".join(map(text_of, (*block.header, *(runs for row in block.rows for runs in row)))))
    grid = Grid(style, columns, place.indent, header=bool(block.header), rtl=rtl)
    rows = [_header(block.header, grid, cell_style, place)] if block.header else []
    height = _height(block, place, columns)
    rows += (
        grid.row(_cells(row, count, cell_style, place), _together(row, columns, place) + height) for row in block.rows
    )
    return grid.wrap(rows)


def _header(header: Sequence[Runs], grid: Grid, style: str, place: Place) -> str:
    cells = _cells(header, len(grid.columns), style, place, keep_next=True)
    return grid.row(cells, f"{UNSPLIT}<w:tblHeader/>")


def _cells(row: Sequence[Runs], count: int, style: str, place: Place, *, keep_next: bool = False) -> Iterable[str]:
    for runs in (*row, *((),) * (count - len(row))):
        rtl = is_rtl(text_of(runs))
        yield paragraph(style, inline(runs, place.draft, rtl=rtl), keep_next=keep_next, rtl=rtl)


def _together(row: Sequence[Runs], columns: Sequence[int], place: Place) -> str:
    room = _MOST_LINES_UNSPLIT / (CHARACTER_WIDTH * place.scale**2)
    short = all(len(text_of(runs)) <= room * width for runs, width in zip(row, columns, strict=False))
    return UNSPLIT if short else ""


def _height(block: Table, place: Place, columns: Sequence[int]) -> str:
    """The least height of a row; rows on the wall spread over the page, short of its head and a few second lines."""
    if block.look == "wall" and not block.row_height_mm:
        twips = min((place.page_height - _WALL_HEAD) // (len(block.rows) + 1), _TALLEST_WALL_ROW)
        if place.draft.framed:
            twips = _within(twips, place.page_height - _WALL_HEAD_OF_TWO, block, columns)
    else:
        twips = min(round(block.row_height_mm * place.scale * TWIPS_PER_MM), place.page_height)
    return f'<w:trHeight w:val="{twips}" w:hRule="atLeast"/>' if twips > 0 else ""


def _within(most: int, room: int, block: Table, columns: Sequence[int]) -> int:
    """The height up to `most` at which all rows of a wall agenda have room, as far as their lines can be told."""
    tall = [_wall_lines(row, columns) * _WALL_LINE + _WALL_PADDING for row in (block.header, *block.rows)]
    return next((height for height in range(most, 0, -20) if sum(max(height, each) for each in tall) <= room), 0)


def _wall_lines(row: Sequence[Runs], columns: Sequence[int]) -> int:
    letters = ((len(text_of(runs)), max(width // _WALL_LETTER, 1)) for runs, width in zip(row, columns, strict=False))
    return max((-(-count // room) for count, room in letters), default=1)
