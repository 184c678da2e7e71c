"""What a printed page is made of. Values only: nothing here reads, writes or renders."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

BoxKind = Literal["card", "note", "say", "source"]
PageSize = Literal["A4", "Letter"]
Audience = Literal["facilitator", "participant"]
Look = Literal["paper", "guide", "wall", "large", "cards", "large-cards", "badges", "tents"]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one look; `link` is an http(s) or mailto address.

    `cite` names a source and `fill` a placeholder: both are settled by the kit before rendering.
    """

    text: str
    strong: bool = False
    code: bool = False
    link: str = ""
    cite: str = ""
    fill: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3."""

    level: int
    runs: Runs
    line: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `role` names a paragraph style where the text is not plain body text."""

    runs: Runs
    role: Literal["body", "lead", "small", "caption", "clock", "subtitle"] = "body"
    keep_with_next: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list; each item is a sequence of blocks. `ticks` draws an empty box before each item."""

    items: tuple[tuple["Block", ...], ...]
    ordered: bool = False
    start: int = 1
    ticks: bool = False
    lettered: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row and no merged cells. `widths` are shares of the text width, equal where empty."""

    header: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]
    widths: tuple[int, ...] = ()
    row_height_mm: float = 0
    look: Literal["plain", "running", "wall"] = "plain"
    line: int = 0


@dataclass(frozen=True, slots=True)
class WritingLines:
    """Ruled lines to write on, at least 8 mm apart."""

    count: int
    line: int = 0


@dataclass(frozen=True, slots=True)
class FillIn:
    """A label followed by one line to be filled by hand."""

    label: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Box:
    """Blocks set apart: a card, a note, the exact words to say, or the source line of something."""

    kind: BoxKind
    blocks: tuple["Block", ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class CutCard:
    """A card to cut out; cards that follow one another share pages.

    Cards with a height have the same size, however many there are; wide ones stand one in a row.
    """

    blocks: tuple["Block", ...]
    line: int = 0
    height_mm: float = 0
    wide: bool = False


@dataclass(frozen=True, slots=True)
class TentCard:
    """A leaf to fold along its middle and to stand on a table: the same blocks upright on both sides.

    With `one_side` they stand on one side alone and are not turned: for scripts that programs turn in different ways.
    """

    blocks: tuple["Block", ...]
    line: int = 0
    one_side: bool = False


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a new page."""

    line: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG picture with its alternative text; sizes in millimetres."""

    png: bytes
    alt: str
    width_mm: float
    height_mm: float
    line: int = 0


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture by its path inside the lesson's folder; the kit puts a `Picture` in its place."""

    path: str
    alt: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Insert:
    """The place where a template puts in text that is already parsed, by its id."""

    id: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Disagreements:
    """The place of the table that says where sources disagree; the kit fills it from the library."""

    line: int = 0


Block = (
    Heading
    | Paragraph
    | ListBlock
    | Table
    | WritingLines
    | FillIn
    | Box
    | CutCard
    | TentCard
    | PageBreak
    | Picture
    | PictureFile
    | Insert
    | Disagreements
)
Blocks = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A run of pages with a footer of its own; begins on a new leaf, and counts its own pages."""

    blocks: Blocks
    footer: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One Word document, ready to be rendered: its sheets in order and what its properties say.

    `sheets` has one entry for a paper that is read through, several where each is copied apart.
    `footer` text stands left in every page's footer; the page number is added by the renderer.
    `look` is for participants (14 pt, or 18 pt in large print), for the facilitator who reads much (12 pt), for the
    wall (28 pt and more), or for small cards (14 pt and more, 18 in large print), name badges (16 pt and more) and
    table cards (44 pt).
    `created` is printed nowhere: it dates the file, so that the same input gives the same bytes.
    """

    title: str
    sheets: tuple[Sheet, ...]
    size: PageSize = "A4"
    landscape: bool = False
    language: str = "en"
    author: str = ""
    created: datetime.date = datetime.date(2000, 1, 1)
    look: Look = "paper"


def text_of(runs: Runs) -> str:
    """The plain text of some runs."""
    return runs[0].text if len(runs) == 1 else "".join([run.text for run in runs])


def replace_runs(blocks: Iterable[Block], change: Callable[[Runs], Runs]) -> Blocks:
    """The same blocks with every sequence of runs changed, however deep it lies."""
    return tuple(_replace_in(block, change) for block in blocks)


def _replace_in(block: Block, change: Callable[[Runs], Runs]) -> Block:
    if isinstance(block, Heading | Paragraph):
        return replace(block, runs=change(block.runs))
    if isinstance(block, Box | CutCard | TentCard):
        return replace(block, blocks=replace_runs(block.blocks, change))
    if isinstance(block, ListBlock):
        return replace(block, items=tuple(replace_runs(item, change) for item in block.items))
    if isinstance(block, Table):
        rows = tuple(tuple(map(change, row)) for row in block.rows)
        return replace(block, header=tuple(map(change, block.header)), rows=rows)
    return block


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block, the nested ones after the one that holds them."""
    for block in blocks:
        yield block
        if isinstance(block, Box | CutCard | TentCard):
            yield from walk(block.blocks)
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from walk(item)
