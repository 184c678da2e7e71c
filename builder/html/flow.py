"""Blocks as HTML, one after the other: a small function for each kind of block, and one table of them.

What is ruled or boxed on paper can be filled in here: lines become a text box, an empty cell too, a box to tick a box
to tick, each named by the words that stand before it, so that no word of the program's own is needed.
"""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
    Runs,
    Table,
    TentCard,
    WritingLines,
    text_of,
)
from builder.html.text import attribute, inline, text, turned

_DEEPEST: Final = 3
_PIXELS_PER_MM: Final = 96 / 25.4
_WIDE: Final = ' class="wide"'
_FIT_A_PHONE: Final = 2  # columns
_ROWS_IN_CELL: Final = 2
_MOST_ROWS: Final = 30


@dataclass(slots=True)
class Draft:
    """What grows while blocks are rendered: the ids given so far, the headings with theirs, what a text box answers.

    `others` render some kinds of block otherwise than a screen that is filled in.
    """

    language: str
    ids: int = 0
    headings: list[tuple[str, str]] = field(default_factory=list)
    asked: str = ""
    others: Mapping[type[Block], Callable[[Any, "Draft"], str]] = field(default_factory=dict)

    def fresh(self) -> str:
        """An id that nothing has yet."""
        self.ids += 1
        return f"b{self.ids}"


def flow(blocks: Iterable[Block], draft: Draft) -> str:
    """The HTML of some blocks; cards that follow one another make one list."""
    parts = []
    for kind, group in groupby(blocks, key=type):
        shown: tuple[Any, ...] = tuple(group)
        if kind is CutCard:
            parts.append(_cards(shown, draft))
            continue
        render = draft.others.get(kind) or RENDERERS[kind]
        parts += [render(block, draft) for block in shown]
    return "".join(parts)


# ------------------------------------------------------------ text


def _heading(block: Heading, draft: Draft) -> str:
    level = min(max(block.level, 1), _DEEPEST)
    inside = inline(block.runs, draft.language)
    if not inside.strip():
        return ""
    draft.asked = draft.fresh()
    if level > 1:
        draft.headings.append((draft.asked, inside))
    return f'<h{level} id="{draft.asked}"{_turned(block.runs, draft)}>{inside}</h{level}>\n'


def _paragraph(block: Paragraph, draft: Draft) -> str:
    inside = inline(block.runs, draft.language)
    if not inside.strip():
        return ""
    draft.asked = draft.fresh()
    role = f' class="{block.role}"' if block.role != "body" else ""
    return f'<p id="{draft.asked}"{role}{_turned(block.runs, draft)}>{inside}</p>\n'


def _turned(runs: Runs, draft: Draft) -> str:
    return turned(text_of(runs), draft.language)


# ------------------------------------------------------------ lists


def _list(block: ListBlock, draft: Draft) -> str:
    if block.ticks:
        return _tagged("ul", ' class="ticks"', (_tick(item, draft) for item in block.items))
    if block.ordered or block.lettered:
        start = f' start="{block.start}"' if block.start != 1 else ""
        kind = ' type="a"' if block.lettered else ""
        return _tagged("ol", start + kind, (_item(item, draft) for item in block.items))
    return _tagged("ul", "", (_item(item, draft) for item in block.items))


def _tagged(tag: str, marks: str, items: Iterable[str]) -> str:
    inside = "".join(items)
    return f"<{tag}{marks}>\n{inside}</{tag}>\n" if inside else ""


def _item(item: Blocks, draft: Draft, wide: bool = False) -> str:  # noqa: FBT001, FBT002
    return f"<li{_WIDE if wide else ''}>{flow(item, draft)}</li>\n"


def _tick(item: Blocks, draft: Draft) -> str:
    """An item with a box to tick, which is named by the item's first paragraph."""
    box = draft.fresh()
    if not item or not isinstance(item[0], Paragraph):
        named_by = f' aria-labelledby="{draft.asked}"' if draft.asked else ""
        return f'<li><input type="checkbox"{named_by}>{flow(item, draft)}</li>\n'
    first, rest = item[0], item[1:]
    draft.asked = draft.fresh()
    label = f'<label for="{box}" id="{draft.asked}"{_turned(first.runs, draft)}>{inline(first.runs, draft.language)}'
    return f'<li><input type="checkbox" id="{box}">{label}</label>{flow(rest, draft)}</li>\n'


# ------------------------------------------------------------ boxes and cards


def _box(block: Box, draft: Draft) -> str:
    inside = flow(block.blocks, draft)
    tag, role = ("blockquote", "") if block.kind == "say" else ("div", ' role="note"' if block.kind == "note" else "")
    return f'<{tag} class="{block.kind}"{role}>\n{inside}</{tag}>\n' if inside else ""


def _tent(block: TentCard, draft: Draft) -> str:
    """What stands on a table card, once: a screen has no other side."""
    return flow(block.blocks, draft)


def _cards(cards: Sequence[CutCard], draft: Draft) -> str:
    """Cards to cut as a list, so that one hears how many there are."""
    return _tagged("ul", ' class="cards"', (_item(card.blocks, draft, card.wide) for card in cards))


# ------------------------------------------------------------ tables


def _table(block: Table, draft: Draft) -> str:
    """A table with its header cells; a wide one parts on a narrow screen: each row alone, each cell with its column.

    The roles are said as well as meant: browsers forget them where a style lays a table out anew.
    """
    count = max(map(len, (block.header, *block.rows)), default=0)
    if not count:
        return ""
    heads = [draft.fresh() for _ in range(count)]
    named = all(row and text_of(row[0]).strip() for row in block.rows)
    rows = "".join(_row(row, block.header, heads, draft, named=named) for row in block.rows)
    head = f'<thead role="rowgroup">\n{_header(block.header, heads, draft)}</thead>\n' if block.header else ""
    all_text = "".join(text_of(runs) for row in (block.header, *block.rows) for runs in row)
    label = f' aria-labelledby="{draft.asked}"' if draft.asked else ""
    wide = count > _FIT_A_PHONE or not all(text_of(runs).strip() for row in block.rows for runs in row)
    marks = f' role="table"{_WIDE if wide else ""}{label}{turned(all_text, draft.language)}'
    return f'<table{marks}>\n{head}<tbody role="rowgroup">\n{rows}</tbody>\n</table>\n'


def _header(header: Sequence[Runs], heads: Sequence[str], draft: Draft) -> str:
    cells = "".join(
        f'<th scope="col" role="columnheader" id="{number}"{_turned(runs, draft)}>{inline(runs, draft.language)}</th>'
        if text_of(runs).strip()
        else '<td role="cell"></td>'
        for runs, number in zip(header, heads, strict=False)
    )
    return f'<tr role="row">{cells}</tr>\n'


def _row(row: Sequence[Runs], header: Sequence[Runs], heads: Sequence[str], draft: Draft, *, named: bool) -> str:
    cells, name = [], draft.fresh()
    for column, number in enumerate(heads):
        runs = row[column] if column < len(row) else ()
        title = text_of(header[column]) if column < len(header) else ""
        if column == 0 and named:
            cells.append(f'<th scope="row" role="rowheader" id="{name}"{_cell(runs, title, draft)}</th>')
        elif text_of(runs).strip():
            cells.append(f'<td role="cell"{_cell(runs, title, draft)}</td>')
        else:
            label = " ".join(([name] if named else []) + ([number] if title.strip() else [])) or draft.asked
            named_by = f' aria-labelledby="{label}"' if label else ""
            box = f'<textarea rows="{_ROWS_IN_CELL}"{named_by}></textarea>'
            cells.append(f'<td role="cell"{_labelled(title)}>{box}</td>')
    return f'<tr role="row">{"".join(cells)}</tr>\n'


def _cell(runs: Runs, title: str, draft: Draft) -> str:
    """The end of a cell's tag, and what stands in it."""
    return f"{_labelled(title)}{_turned(runs, draft)}>{inline(runs, draft.language)}"


def _labelled(title: str) -> str:
    return f" data-column={attribute(' '.join(title.split()))}" if title.strip() else ""


# ------------------------------------------------------------ places to write, and pictures


def _writing_lines(block: WritingLines, draft: Draft) -> str:
    """A text box as high as the lines, named by what stands before it."""
    label = f' aria-labelledby="{draft.asked}"' if draft.asked else ""
    return f'<textarea rows="{min(max(block.count, 1), _MOST_ROWS)}"{label}></textarea>\n' if block.count > 0 else ""


def _fill_in(block: FillIn, draft: Draft) -> str:
    box, label = draft.fresh(), text(block.label.strip())
    named = f'<label for="{box}"{turned(block.label, draft.language)}>{label}</label> ' if label else ""
    by = "" if label or not draft.asked else f' aria-labelledby="{draft.asked}"'
    return f'<p class="fill">{named}<input type="text" id="{box}"{by} autocomplete="off"></p>\n'


def _picture(block: Picture, _: Draft) -> str:
    width, height = (max(round(side * _PIXELS_PER_MM), 1) for side in (block.width_mm, block.height_mm))
    source = base64.b64encode(block.png).decode()
    alt = attribute(" ".join(block.alt.split()))
    return f'<p><img src="data:image/png;base64,{source}" alt={alt} width="{width}" height="{height}"></p>\n'


def _page_break(_: PageBreak, __: Draft) -> str:
    """A screen has no pages; in print each sheet begins one."""
    return ""


def _insert(block: Insert, _: Draft) -> str:
    message = f"insert '{block.id}' was never filled: the kit puts blocks in its place before rendering"
    raise TypeError(message)


Renderer = Callable[[Any, Draft], str]

RENDERERS: Final[Mapping[type[Block], Renderer]] = MappingProxyType(
    {
        Heading: _heading,
        Paragraph: _paragraph,
        ListBlock: _list,
        Table: _table,
        WritingLines: _writing_lines,
        FillIn: _fill_in,
        Box: _box,
        TentCard: _tent,
        Picture: _picture,
        PageBreak: _page_break,
        Insert: _insert,
    }
)
