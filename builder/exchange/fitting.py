"""What stands in a document, as lines of a text: boxes, lists and tables come back as what they were. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from builder.exchange.document import BOXES, IN_ITEM
from builder.exchange.lines import ITEMS, Bit, Bits, Line, Lines, tidy
from builder.exchange.seen import Para, Rows, Seen

_WRITE: Final = re.compile(r"\[ ?(\d{1,3}|one|a) lines? to write on ?\]", re.IGNORECASE)
_TICK: Final = re.compile(r"[☐□❏❑] ?")
_BULLET: Final = re.compile(r"[•◦▪·] +")
_INDENTED: Final = 400  # twips; the indent of an item's words is 567
_NAMES: Final = {label.casefold(): name for name, label in BOXES.items()}
MOST_WRITING_LINES: Final = 40


@dataclass
class Fitted:
    """The lines of a part, and what could not become one, in words."""

    lines: Lines = ()
    lost: list[str] = field(default_factory=list)


def fitted(seen: Sequence[Seen], fixed: Mapping[str, str]) -> Fitted:
    """The lines of what stands in a part; `fixed` are texts that stand for something else, such as a picture."""
    found = Fitted()
    found.lines = tuple(_lines(seen, fixed, found.lost))
    return found


def _lines(seen: Sequence[Seen], fixed: Mapping[str, str], lost: list[str]) -> Iterator[Line]:
    above = -1  # how deep the item above is, -1 for none
    for each in seen:
        if isinstance(each, Rows):
            for line in _table(each, above, fixed, lost):
                yield line
            continue
        if each.pictures:
            lost.append(f"{each.pictures} picture{'s' if each.pictures != 1 else ''}")
        if not each.bits:
            continue
        line = _paragraph(each, above, fixed)
        if line.kind in ITEMS:
            line = Line(line.kind, line.bits, min(line.depth, above + 1), count=line.count)
            above = line.depth
        elif line.depth == 0:
            above = -1
        else:
            above = line.depth - 1
        yield line


def _paragraph(para: Para, above: int, fixed: Mapping[str, str]) -> Line:
    text = para.text
    if para.item:
        tick = _TICK.match(text)
        bits = _without(para.bits, tick.end()) if tick else para.bits
        return Line("tick" if tick else para.item.kind, bits, para.item.depth, count=para.item.count)
    depth = _depth(para, above)
    write = _WRITE.fullmatch(text)
    if write:
        count = int(write[1]) if write[1].isdecimal() else 1
        return Line("write", depth=min(depth, 1), count=min(max(count, 1), MOST_WRITING_LINES))
    if text in fixed:
        return Line("fixed", para.bits, name=fixed[text])
    if para.level:
        return Line("heading", para.bits, level=min(max(para.level, 2), 3))
    bullet = _BULLET.match(text)
    if bullet:
        return Line("bullet", _without(para.bits, bullet.end()), 0)
    return Line("text", para.bits, depth)


def _depth(para: Para, above: int) -> int:
    """How many lists are around a paragraph: as many as its style or its indent says, where there is an item above."""
    if above < 0 or para.level:
        return 0
    told = para.follows or (round(para.indent / 567) if para.indent >= _INDENTED else 0)
    return min(told, above + 1)


def _without(bits: Bits, count: int) -> Bits:
    """The bits without their first signs."""
    found = []
    for bit in bits:
        found.append(Bit(bit.text[count:], bit.strong, bit.link))
        count = max(count - len(bit.text), 0)
    return tidy(found)


def _table(table: Rows, above: int, fixed: Mapping[str, str], lost: list[str]) -> Iterator[Line]:
    box = _box(table, above, fixed, lost)
    if box is not None:
        yield box
        return
    rows = [tuple(_cell(cell, lost) for cell in row) for row in table.rows]
    if max(map(len, rows), default=0) <= 1 and len(rows) <= 1:
        for row in table.rows:
            for cell in row:
                yield from _lines(cell, fixed, lost)
        return
    if table.joined:
        lost.append("joined cells of a table, which were parted")
    count = max(map(len, rows))
    depth = 1 if above >= 0 and table.indent >= _INDENTED else 0
    yield Line("table", depth=depth, rows=tuple((*row, *((),) * (count - len(row))) for row in rows))


def _box(table: Rows, above: int, fixed: Mapping[str, str], lost: list[str]) -> Line | None:
    """The box that a table of one column is whose first line says so."""
    if not table.rows or any(len(row) != 1 for row in table.rows):
        return None
    inside = [each for row in table.rows for each in row[0]]
    first = next((each for each in inside if isinstance(each, Rows) or each.bits), None)
    if not isinstance(first, Para):
        return None
    text = first.text.strip().rstrip(":").casefold()
    in_item = text.endswith(IN_ITEM)
    name = _NAMES.get(text.removesuffix(IN_ITEM))
    if name is None:
        return None
    rest = inside[inside.index(first) + 1 :]
    return Line("box", depth=1 if in_item and above >= 0 else 0, name=name, inner=tuple(_lines(rest, fixed, lost)))


def _cell(cell: Sequence[Seen], lost: list[str]) -> Bits:
    """The text of a cell: its paragraphs one after the other."""
    found: list[Bit] = []
    for each in cell:
        if isinstance(each, Para):
            if each.pictures:
                lost.append("a picture in a table")
            found += [Bit(" "), *each.bits] if found else each.bits
        else:
            lost.append("a table in a table: " + " ".join(cell_text(inner) for row in each.rows for inner in row))
    return tidy(Bit(bit.text.replace("\n", " "), bit.strong, bit.link) for bit in found)


def cell_text(cell: Sequence[Seen]) -> str:
    """The words of a cell, whatever stands in it."""
    rows = (each for each in cell if isinstance(each, Rows))
    inner = [cell_text(one) for each in rows for row in each.rows for one in row]
    return " ".join([*(each.text for each in cell if isinstance(each, Para) and each.text), *inner])


def words(seen: Seen) -> str:
    """The words of a paragraph or a table, a line for each row."""
    if isinstance(seen, Para):
        return seen.text
    return "\n".join(" | ".join(cell_text(cell) for cell in row) for row in seen.rows)
