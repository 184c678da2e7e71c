"""A paper as it looks printed: leaves of HTML with ruled lines where one writes, and nothing to fill in on a screen.

No leaf says how it looks: that is in the classes, so that a page with a strict policy can show it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Final

from builder.blocks import (
    Block,
    Blocks,
    FillIn,
    Heading,
    ListBlock,
    PageBreak,
    Paper,
    Paragraph,
    Picture,
    Runs,
    Table,
    TentCard,
    WritingLines,
    text_of,
    walk,
)
from builder.html.flow import RENDERERS, Draft, Renderer, flow
from builder.html.text import attribute, inline, text, turned
from builder.scripts import known_language, runs_right_to_left

_HIGHEST: Final = 2  # the page around has the heading of level 1
_DEEPEST: Final = 4
_TEXT_WIDTH_MM: Final = 170.0
_STEPS: Final = 20  # classes of width, each a twentieth of the line


@dataclass(frozen=True, slots=True)
class Leaf:
    """What stands between two page breaks: its HTML and footer, the id and text of its first heading, if it has one.

    `begins` says whether a sheet of its own begins here.
    """

    html: str
    footer: str
    heading: str
    title: str
    begins: bool


@dataclass(frozen=True, slots=True)
class Leaves:
    """A paper for a page: what its leaves look like, their language and direction, and the leaves."""

    look: str
    size: str
    language: str
    rtl: bool
    leaves: Sequence[Leaf]


def leaves(paper: Paper) -> Leaves:
    """The leaves of a paper, broken where it says so; where text fills a page, a leaf here only grows longer."""
    draft = Draft(known_language(paper.language), others=_with_headings(paper))
    found = tuple(_leaves(paper, draft))
    size = "across" if paper.landscape else paper.size.lower()
    return Leaves(paper.look, size, draft.language, runs_right_to_left(draft.language), found)


def _with_headings(paper: Paper) -> Mapping[type[Block], Renderer]:
    """The renderers, with headings that begin right below the one of the page around."""
    blocks = (block for sheet in paper.sheets for block in walk(sheet.blocks))
    highest = min((block.level for block in blocks if isinstance(block, Heading)), default=1)
    return {**_PRINTED, Heading: partial(_heading, deeper=_HIGHEST - max(highest, 1))}


def leaf(blocks: Blocks, language: str = "en") -> str:
    """The HTML of some blocks that stand on one leaf."""
    return flow(blocks, Draft(known_language(language), others=_PRINTED))


def _leaves(paper: Paper, draft: Draft) -> Iterator[Leaf]:
    for sheet in paper.sheets:
        for number, blocks in enumerate(_parted(sheet.blocks)):
            known = len(draft.headings)
            html = flow(blocks, draft)
            heading, title = _named(blocks, draft.headings[known:])
            yield Leaf(html, sheet.footer, heading, title, begins=number == 0)


def _named(blocks: Blocks, headings: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The id and text of the heading that names a leaf: a sheet's title, if a heading of the whole file is above it."""
    levels = [block.level for block in walk(blocks) if isinstance(block, Heading) and text_of(block.runs).strip()]
    if len(levels) > 1 and levels[:2] == [1, 2] and headings[1:]:
        return headings[1]
    return headings[0] if headings else ("", "")


def _parted(blocks: Iterable[Block]) -> list[Blocks]:
    """The blocks of a sheet, parted at its page breaks, each table card alone; only an empty sheet has no block."""
    parts: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, PageBreak | TentCard) or (parts[-1] and isinstance(parts[-1][-1], TentCard)):
            parts.append([])
        if not isinstance(block, PageBreak):
            parts[-1].append(block)
    return [tuple(part) for part in parts if part] or [()]


# ------------------------------------------------------------ what looks otherwise in print


def _heading(block: Heading, draft: Draft, deeper: int = 1) -> str:
    inside = inline(block.runs, draft.language)
    if not inside.strip():
        return ""
    draft.asked = draft.fresh()
    draft.headings.append((draft.asked, " ".join(text_of(block.runs).split())))
    level = min(max(block.level, 1) + deeper, _DEEPEST)
    return f'<h{level} id="{draft.asked}"{turned(text_of(block.runs), draft.language)}>{inside}</h{level}>\n'


def _list(block: ListBlock, draft: Draft) -> str:
    if not block.ticks:
        return RENDERERS[ListBlock](block, draft)
    items = "".join(
        f'<li><span class="tick" aria-hidden="true"></span><div>{flow(item, draft)}</div></li>\n'
        for item in block.items
    )
    return f'<ul class="ticks">\n{items}</ul>\n' if items else ""


def _table(block: Table, draft: Draft) -> str:
    count = max(map(len, (block.header, *block.rows)), default=0)
    if not count:
        return ""
    label = f' aria-labelledby="{draft.asked}"' if draft.asked else ""
    widths = _widths(block, count)
    head = "".join(_cell("th", ' scope="col" role="columnheader"', runs, "", draft) for runs in block.header)
    titles = [" ".join(text_of(runs).split()) for runs in block.header]
    named = all(row and text_of(row[0]).strip() for row in block.rows)
    rows = "".join(_row(row, titles, count, draft, named=named) for row in block.rows)
    header = f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>\n' if block.header else ""
    tall = " tall" if block.row_height_mm else ""
    many = " many" if count > 2 else ""
    body = f'<tbody role="rowgroup">\n{rows}</tbody>'
    return f'<table role="table" class="{block.look}{tall}{many}"{label}>{widths}{header}{body}</table>\n'


def _widths(block: Table, count: int) -> str:
    """The columns, each with a class for its share of the line."""
    if len(block.widths) != count:
        return ""
    whole = sum(block.widths) or 1
    columns = "".join(f'<col class="w{max(round(_STEPS * width / whole), 1)}">' for width in block.widths)
    return f"<colgroup>{columns}</colgroup>"


def _row(row: Sequence[Runs], titles: Sequence[str], count: int, draft: Draft, *, named: bool) -> str:
    cells = []
    for column in range(count):
        runs = row[column] if column < len(row) else ()
        title = titles[column] if column < len(titles) else ""
        first = column == 0 and named
        tag, role = ("th", ' scope="row" role="rowheader"') if first else ("td", ' role="cell"')
        cells.append(_cell(tag, role, runs, title, draft))
    return f'<tr role="row">{"".join(cells)}</tr>\n'


def _cell(tag: str, marks: str, runs: Runs, title: str, draft: Draft) -> str:
    plain = text_of(runs)
    if not plain.strip():
        return '<td role="cell"></td>'
    named = f" data-column={attribute(title)}" if title else ""
    return f"<{tag}{marks}{named}{turned(plain, draft.language)}>{inline(runs, draft.language)}</{tag}>"


def _writing_lines(block: WritingLines, _: Draft) -> str:
    if block.count <= 0:
        return ""
    words = f"{block.count} lines to write on" if block.count > 1 else "A line to write on"
    return f'<div class="lines" role="img" lang="en" aria-label="{words}">{"<i></i>" * block.count}</div>\n'


def _fill_in(block: FillIn, draft: Draft) -> str:
    label = f"<span{turned(block.label, draft.language)}>{text(block.label.strip())}</span>" if block.label else ""
    return f'<p class="fill">{label}<i role="img" lang="en" aria-label="a line to fill in"></i></p>\n'


def _tent(block: TentCard, draft: Draft) -> str:
    """A table card as it lies flat: the side that is turned, the fold, the side that is not."""
    inside = flow(block.blocks, draft)
    if block.one_side:
        return f'<div class="tent one">{inside}</div>\n'
    back = flow(_plain(block.blocks), Draft(draft.language, others=_SILENT))
    return f'<div class="tent"><div class="back" aria-hidden="true">{back}</div>{inside}</div>\n'


def _plain(blocks: Blocks) -> Blocks:
    return tuple(block for block in blocks if isinstance(block, Paragraph))


def _without_id(block: Paragraph, draft: Draft) -> str:
    return (
        f'<p class="{block.role}"{turned(text_of(block.runs), draft.language)}>{inline(block.runs, draft.language)}</p>'
    )


def _picture(block: Picture, draft: Draft) -> str:
    """The picture, as wide against the line as on paper."""
    share = min(max(round(_STEPS * block.width_mm / _TEXT_WIDTH_MM), 1), _STEPS)
    framed = f'<p class="picture" tabindex="0"><img class="w{share}" '  # a narrow window scrolls it, also by keyboard
    return RENDERERS[Picture](block, draft).replace("<p><img ", framed, 1)


_PRINTED: Final[Mapping[type[Block], Renderer]] = MappingProxyType(
    {
        Heading: _heading,
        ListBlock: _list,
        Table: _table,
        WritingLines: _writing_lines,
        FillIn: _fill_in,
        TentCard: _tent,
        Picture: _picture,
    }
)
_SILENT: Final[Mapping[type[Block], Renderer]] = MappingProxyType({Paragraph: _without_id})
