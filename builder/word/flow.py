"""Blocks as WordprocessingML, one after the other: a small function for each kind of block, and one table of them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final

from builder.blocks import (
    Block,
    Blocks,
    Box,
    CutCard,
    FillIn,
    Heading,
    Insert,
    ListBlock,
    PageBreak,
    Paragraph,
    Picture,
    Table,
    TentCard,
    WritingLines,
    text_of,
    walk,
)
from builder.scripts import is_rtl
from builder.word.draft import TWIPS_PER_MM, Place
from builder.word.paragraphs import SPACER, kept_with_next, on_new_page, paragraph
from builder.word.pictures import picture
from builder.word.tables import UNSPLIT, Grid, shared, table
from builder.word.text import inline, run

_LEVELS: Final = 3
# What stands between two headings, such as the advisory of a lesson, stays with the second.
_BETWEEN_HEADINGS: Final = (Heading, Box, Heading)
_LEVEL_INDENT: Final = 567  # one centimetre, as in numbering.xml
_BULLETS, _TICKS, _NUMBERS, _LETTERS = 1, 2, 3, 4  # definitions in numbering.xml
_LAST_NUMBER: Final = 32_767

# What is shorter than this stands on one page (in characters, about half a page).
_SHORT: Final = 1_200
_SHORT_ITEM: Final = 160
_MOST_LINES_TOGETHER: Final = 12

_ROLES: Final = MappingProxyType(
    {
        "lead": "BodyText",
        "small": "Bibliography",
        "caption": "Caption",
        "clock": "Date",
        "subtitle": "Subtitle",
        "label": "NoteHeading",
    }
)
# kind: style of a box of plain paragraphs, table style of the frame around anything else, inner margins (twips)
_BOXES: Final = MappingProxyType(
    {
        "say": ("Quote", "TableSimple2", 440),
        "note": ("BlockText", "TableSubtle1", 440),
        "card": ("IntenseQuote", "TableElegant", 440),
        "source": ("TableofAuthorities", "TableSimple3", 0),
    }
)
# The left indent that those paragraph styles have by themselves (twips).
_BOX_INDENTS: Final = MappingProxyType({"say": 284, "note": 220, "card": 220, "source": 0})
_CUT_MARGINS: Final = 454

_ROOM_BELOW_TENT: Final = 300  # twips
_MIDDLE: Final = '<w:vAlign w:val="center"/>'
_TO_THE_FOLD: Final = tuple(f'<w:textDirection w:val="{way}"/>{_MIDDLE}' for way in ("tbRl", "btLr"))

_TAGS: Final = re.compile("<[^>]*>")


def flow(blocks: Blocks, place: Place) -> str:
    """The XML of some blocks, empty or ending with a paragraph.

    Cards that follow one another share a grid, and lines to write on stay with the words above them.
    """
    parts: list[str] = []
    new_page = False
    before: tuple[Any, Any] = (None, None)
    for kind, group in groupby(blocks, key=type):
        if kind is PageBreak:
            new_page = bool(parts) and not place.in_cell
            continue
        if parts and (kind is WritingLines or (*before, kind) == _BETWEEN_HEADINGS):
            parts[-1] = kept_with_next(parts[-1])
        for xml in _rendered(kind, _below(before[-1], tuple(group), place), place):
            parts.append(on_new_page(xml) if new_page else xml)
            new_page = False
        before = before[-1], kind
    return "".join(parts)


def _below(kind: type[Block], group: Sequence[Any], place: Place) -> Sequence[Any]:
    """Some neighbours below a block of a kind: a bold line that comes after a list stands away from it."""
    first = group[0]
    if kind is ListBlock and isinstance(first, Paragraph) and first.keep_with_next and not place.depth:
        return (replace(first, role="label"), *group[1:]) if first.role == "body" else group
    return group


def _rendered(kind: type[Block], group: Sequence[Any], place: Place) -> Iterable[str]:
    """The XML of neighbours of one kind, without what has nothing to show; tables and boxes do not touch."""
    drawn = [_cards(group, place)] if kind is CutCard else [RENDERERS[kind](block, place) for block in group]
    shown = [xml for xml in drawn if xml]
    for position, xml in enumerate(shown, start=1):
        touches = xml.endswith("</w:tbl>") or (kind is Box and position < len(shown))
        yield xml + SPACER if touches else xml


# ------------------------------------------------------------ text


def _heading(block: Heading, place: Place) -> str:
    rtl = is_rtl(text_of(block.runs))
    style = f"Heading{min(max(block.level, 1), 3)}"
    return paragraph(style, inline(block.runs, place.draft, rtl=rtl), rtl=rtl, indent=place.indent)


def _paragraph(block: Paragraph, place: Place) -> str:
    style = _ROLES.get(block.role)
    if style is None and place.depth:
        style, place = _nth("ListContinue", place.depth - 1), replace(place, indent=0)
    return _styled(block, style or place.body, place)


def _styled(block: Paragraph, style: str, place: Place, *, keep_next: bool = False, number: str = "") -> str:
    rtl = is_rtl(text_of(block.runs))
    return paragraph(
        style,
        inline(block.runs, place.draft, rtl=rtl),
        keep_next=keep_next or block.keep_with_next,
        number=number,
        rtl=rtl,
        indent=place.indent,
    )


# ------------------------------------------------------------ lists


def _list(block: ListBlock, place: Place) -> str:
    level = min(place.depth, _LEVELS - 1)
    style, number = _numbering(block, level, place)
    inside = replace(place, depth=level + 1, indent=_LEVEL_INDENT * (level + 1))
    together = {0, len(block.items) - 2} if len(block.items) > 1 else set()
    return "".join(
        _item(item, style, number, inside, keep_next=at in together and _is_short(item))
        for at, item in enumerate(block.items)
    )


def _is_short(item: Blocks) -> bool:
    """Whether an item is so short that it stays with its neighbour: none stands alone at the edge of a page."""
    return len(item) == 1 and isinstance(item[0], Paragraph) and len(text_of(item[0].runs)) <= _SHORT_ITEM


def _numbering(block: ListBlock, level: int, place: Place) -> tuple[str, str]:
    """The style of the items and, for a list that counts, its own number: each such list begins afresh."""
    if block.ticks:
        return _nth("List", level), ""
    if not (block.ordered or block.lettered):
        return _nth("ListBullet", level), ""
    start = min(max(block.start, 0), _LAST_NUMBER)
    number = place.draft.number(_LETTERS if block.lettered else _NUMBERS, level, start)
    mark = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return _nth("ListNumber", level), mark


def _nth(style: str, level: int) -> str:
    return f"{style}{level + 1}" if level else style


def _item(item: Blocks, style: str, number: str, inside: Place, *, keep_next: bool) -> str:
    """One item: its first paragraph carries the number, what follows is indented to it."""
    first, rest = (item[0], item[1:]) if item and isinstance(item[0], Paragraph) else (Paragraph(()), item)
    keep = keep_next or (bool(rest) and not isinstance(rest[0], Paragraph | PageBreak))
    opening = _styled(first, style, replace(inside, indent=0), keep_next=keep, number=number)
    return opening + flow(rest, inside)


# ------------------------------------------------------------ boxes and cards


def _box(block: Box, place: Place) -> str:
    """Plain paragraphs stand in a paragraph style with borders; anything else in a frame of one cell."""
    rtl = is_rtl(_words((block,)))
    plain = all(isinstance(inner, Paragraph) and inner.role == "body" for inner in block.blocks)
    if plain and not (rtl and block.kind == "say"):  # its bar would stay at the left, where no table turns it round
        return _bordered(block, place)
    style, margins = _BOXES[block.kind][1:]
    width = place.width - place.indent
    inside = flow(block.blocks, _cell(place, width - margins))
    short = len(_TAGS.sub("", inside)) <= _SHORT / place.scale**2
    grid = Grid(style, (width,), place.indent, rtl=rtl)
    return grid.wrap([grid.row([inside], UNSPLIT if short else "")])


def _words(blocks: Iterable[Block]) -> str:
    """The words of the paragraphs and headings in some blocks, however deep they lie."""
    return "".join(text_of(inner.runs) for inner in walk(blocks) if isinstance(inner, Paragraph | Heading))


def _bordered(block: Box, place: Place) -> str:
    style = _BOXES[block.kind][0]
    indent = place.indent + _BOX_INDENTS[block.kind] if place.indent else 0
    length = sum(len(text_of(inner.runs)) for inner in block.blocks if isinstance(inner, Paragraph))
    short = length <= _SHORT / place.scale**2
    last = len(block.blocks) - 1
    return "".join(
        _styled(inner, style, replace(place, indent=indent), keep_next=short and index < last)
        for index, inner in enumerate(block.blocks)
        if isinstance(inner, Paragraph)
    )


def _cards(cards: Sequence[CutCard], place: Place) -> str:
    """Cards to cut, two in a row and of one height; a wide one, one that stands alone, or large print, a row each."""
    height = round(max(card.height_mm for card in cards) * TWIPS_PER_MM)
    abreast = 1 if any(card.wide for card in cards) else 2 if height else min(len(cards), 2)
    abreast = abreast if place.scale == 1 else 1
    columns = shared(place.width - place.indent, (), abreast)
    inside = replace(_cell(place, columns[0] - _CUT_MARGINS), body="BodyTextIndent")
    cells = [flow(card.blocks, inside) for card in cards]
    cells += [""] * (-len(cells) % abreast)
    grid = Grid("TableGrid8", columns, place.indent, rtl=is_rtl(_words(cards)))
    marks = UNSPLIT + (f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else "")
    return grid.wrap(grid.row(cells[at : at + abreast], marks) for at in range(0, len(cells), abreast))


def _tent(block: TentCard, place: Place) -> str:
    """Two columns to the foot of the page, the head of the text toward the fold between them; or two halves."""
    height = place.page_height - _ROOM_BELOW_TENT
    across = (place.width if block.one_side else height) - _CUT_MARGINS
    text = flow(block.blocks, replace(_cell(place, across), body="BodyTextIndent"))
    if block.one_side:
        half = f'{UNSPLIT}<w:trHeight w:val="{height // 2}" w:hRule="exact"/>'
        grid = Grid("TableGrid8", (place.width,))
        return grid.wrap((grid.row([""], half), grid.row([text], half, [_MIDDLE])))
    grid = Grid("TableGrid8", shared(place.width, (), 2))
    marks = f'{UNSPLIT}<w:trHeight w:val="{height}" w:hRule="exact"/>'
    return grid.wrap([grid.row((text, text), marks, _TO_THE_FOLD)])


def _cell(place: Place, width: int) -> Place:
    return replace(place, width=width, indent=0, depth=0, in_cell=True)


# ------------------------------------------------------------ places to write


def _writing_lines(block: WritingLines, place: Place) -> str:
    together = block.count <= _MOST_LINES_TOGETHER
    return "".join(
        paragraph("Signature", "", keep_next=together and line < block.count, indent=place.indent)
        for line in range(1, block.count + 1)
    )


def _fill_in(block: FillIn, place: Place) -> str:
    """The label and a rule to the margin; in a narrower column the rule ends where the column does."""
    rtl = is_rtl(block.label)
    tabs = "" if place.width == place.page_width else _rule_to(place.width, place.page_width)
    content = run(f"{block.label.rstrip()} \t" if block.label.strip() else "\t", rtl=rtl, language=place.draft.language)
    return paragraph("MessageHeader", content, tabs=tabs, rtl=rtl, indent=place.indent)


def _rule_to(width: int, page_width: int) -> str:
    return (
        f'<w:tabs><w:tab w:val="right" w:leader="underscore" w:pos="{width}"/>'
        f'<w:tab w:val="clear" w:pos="{page_width}"/></w:tabs>'
    )


def _insert(block: Insert, _: Place) -> str:
    message = f"insert '{block.id}' was never filled: the kit puts blocks in its place before rendering"
    raise TypeError(message)


Renderer = Callable[[Any, Place], str]

RENDERERS: Final[Mapping[type[Block], Renderer]] = MappingProxyType(
    {
        Heading: _heading,
        Paragraph: _paragraph,
        ListBlock: _list,
        Table: table,
        WritingLines: _writing_lines,
        FillIn: _fill_in,
        Box: _box,
        TentCard: _tent,
        Picture: picture,
        Insert: _insert,
    }
)
