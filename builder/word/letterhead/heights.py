"""How tall a header or footer is, roughly: enough to tell how many rows of the wall agenda find room."""

from typing import Any, Final

from builder.letterhead.fields import W
from builder.word.letterhead.looks import whole

_LINE: Final = 290  # twips of a line of 11 or 12 pt
_BELOW_PICTURE: Final = 80  # twips: a picture stands on the line, and letters reach below it
_EMU_PER_TWIP: Final = 635
_INLINE: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}inline"
_EXTENT: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"


def height(root: Any) -> int:
    """The twips that the paragraphs and tables of a part take, one below the other; what floats takes none."""
    return sum(_block(child) for child in root)


def _block(element: Any) -> int:
    if element.tag == f"{W}p":
        return _paragraph(element)
    if element.tag == f"{W}tbl":
        return sum(_row(row) for row in element.iterchildren(f"{W}tr"))
    if element.tag == f"{W}tc" or element.tag in {f"{W}sdt", f"{W}sdtContent"}:
        return height(element)
    return 0


def _row(row: Any) -> int:
    asked = row.find(f"{W}trPr/{W}trHeight")
    least = 0 if asked is None else whole(asked.get(f"{W}val"), 0)
    return max([least, *(height(cell) for cell in row.iterchildren(f"{W}tc"))])


def _paragraph(paragraph: Any) -> int:
    pictures = [
        whole(extent.get("cy"), 0) // _EMU_PER_TWIP + _BELOW_PICTURE
        for e in paragraph.iter(_INLINE)
        for extent in e.iter(_EXTENT)
    ]
    if paragraph.find(f"{W}pPr/{W}framePr") is not None:
        return 0
    lines = 1 + sum(1 for _ in paragraph.iterfind(f"{W}r/{W}br"))
    spacing = paragraph.find(f"{W}pPr/{W}spacing")
    gaps = 0 if spacing is None else sum(whole(spacing.get(f"{W}{side}"), 0) for side in ("before", "after"))
    return max([lines * _LINE, *pictures]) + gaps
