"""A text as lines that Markdown and Word can both hold: what an export writes, and what an import compares. Pure.

A line is a paragraph, a heading, an item, a table or a box. What both sides write differently without meaning it (the
ends of source lines, double spaces, names of styles, numbers of lists) is not in it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Final, Literal

from builder.addresses import safe_target
from builder.blocks import (
    Blocks,
    Box,
    CutCard,
    Disagreements,
    Heading,
    ListBlock,
    Paragraph,
    PictureFile,
    Run,
    Runs,
    Table,
    WritingLines,
)
from builder.markdown import parse

Kind = Literal["text", "heading", "bullet", "number", "tick", "table", "box", "write", "fixed"]
ITEMS: Final = frozenset({"bullet", "number", "tick"})
MOST_DEPTH: Final = 3
DISAGREEMENTS: Final = "[Table: where sources disagree]"

# What Word makes of plain signs while somebody types, and what they were.
SMART: Final[Mapping[str, str]] = MappingProxyType(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"',
        "\u2013": "-", "\u2014": "-", "\u2011": "-", "\u2026": "...",
        "\u00a0": " ", "\u202f": " ", "\u00ad": "",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bit:
    """A stretch of text in one look. Citations, placeholders and code stand in it as they are written."""

    text: str
    strong: bool = False
    link: str = ""


Bits = tuple[Bit, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of a text. `depth` counts the lists around it, `count` is an item's number or the lines to write on.

    `rows` are a table's, the header first; `inner` is what a box holds, `name` its kind.
    """

    kind: Kind
    bits: Bits = ()
    depth: int = 0
    level: int = 0
    name: str = ""
    count: int = 0
    rows: tuple[tuple[Bits, ...], ...] = ()
    inner: tuple["Line", ...] = ()


Lines = tuple[Line, ...]


def lines_of(markdown: str) -> Lines:
    """The lines of a text."""
    return tuple(_lines(parse(markdown, sources=())[0], 0))


def plain(text: str) -> Bits:
    """One stretch of text without a look."""
    return tidy((Bit(text),))


def _lines(blocks: Blocks, depth: int) -> Iterator[Line]:
    for block in blocks:
        if isinstance(block, ListBlock):
            yield from _items(block, depth)
        elif isinstance(block, Heading):
            yield Line("heading", bits_of(block.runs), depth, level=min(max(block.level, 2), 3))
        elif isinstance(block, Paragraph):
            yield Line("text", bits_of(block.runs), min(depth, MOST_DEPTH))
        elif isinstance(block, Table):
            rows = tuple(tuple(bits_of(runs) for runs in row) for row in (block.header, *block.rows))
            yield Line("table", depth=min(depth, 1), rows=rows)
        elif isinstance(block, WritingLines):
            yield Line("write", depth=min(depth, 1), count=block.count)
        elif isinstance(block, Box | CutCard):
            name = block.kind if isinstance(block, Box) else "cut"
            yield Line("box", depth=min(depth, 1), name=name, inner=tuple(_lines(block.blocks, 0)))
        elif isinstance(block, PictureFile):
            yield Line("fixed", plain(f"[Picture {block.path}: {block.alt}]"), name=f"![{block.alt}]({block.path})")
        elif isinstance(block, Disagreements):
            yield Line("fixed", plain(DISAGREEMENTS), name="::: disagreements\n:::")


def _items(block: ListBlock, depth: int) -> Iterator[Line]:
    kind: Kind = "tick" if block.ticks else "number" if block.ordered else "bullet"
    level = min(depth, MOST_DEPTH - 1)
    for number, item in enumerate(block.items, block.start):
        first, rest = (item[0], item[1:]) if item and isinstance(item[0], Paragraph) else (Paragraph(()), item)
        yield Line(kind, bits_of(first.runs), level, count=number if kind == "number" else 0)
        yield from _lines(rest, depth + 1)


# ------------------------------------------------------------ inside a line


def bits_of(runs: Runs) -> Bits:
    """The stretches of some runs: what is cited or filled in stands there as it is written."""
    found: list[Bit] = []
    for cites, group in groupby(runs, key=lambda run: bool(run.cite)):
        same = tuple(group)
        if cites:
            cited = "; ".join(f"@{run.cite}{run.text}" for run in same)
            found.append(Bit(f"[{cited}]", same[0].strong, safe_target(same[0].link)))
        else:
            found += [Bit(_written(run), run.strong, safe_target(run.link)) for run in same]
    return tidy(found)


def _written(run: Run) -> str:
    if run.fill:
        return f"{{{{{run.fill}}}}}"
    return f"`{run.text}`" if run.code else run.text


def tidy(bits: Iterable[Bit]) -> Bits:
    """The same with neighbours of one look joined, single spaces, and no space inside of what is bold or a link."""
    spaced: list[Bit] = []
    for bit in bits:
        body = bit.text.strip(" ")
        if not (bit.strong or bit.link) or body == bit.text:
            spaced.append(bit if body else Bit(bit.text))
            continue
        lead = len(bit.text) - len(bit.text.lstrip(" "))
        spaced += [Bit(bit.text[:lead]), Bit(body, bit.strong, bit.link), Bit(bit.text[lead + len(body) :])]
    joined: list[Bit] = []
    for bit in spaced:
        if len(joined) > 1 and not joined[-1].text.strip(" ") and _look(joined[-2]) == _look(bit):
            gap = joined.pop().text
            joined[-1] = Bit(f"{joined[-1].text}{gap}{bit.text}", bit.strong, bit.link)
        elif joined and _look(joined[-1]) == _look(bit):
            joined[-1] = Bit(joined[-1].text + bit.text, bit.strong, bit.link)
        elif bit.text:
            joined.append(bit)
    return _trimmed(joined)


def _look(bit: Bit) -> tuple[bool, str]:
    return bit.strong, bit.link


def _trimmed(bits: Sequence[Bit]) -> Bits:
    found: list[Bit] = []
    after_space = True
    for bit in bits:
        text = "\n".join(" ".join(part for part in row.split(" ") if part) for row in bit.text.split("\n"))
        text = (" " if bit.text[:1] == " " and not after_space else "") + text
        text += " " if bit.text[-1:] == " " and text.strip(" ") and text[-1] != "\n" else ""
        if text[:1] == "\n" and found:
            found[-1] = Bit(found[-1].text.rstrip(" "), found[-1].strong, found[-1].link)
        if text:
            found.append(Bit(text, bit.strong, bit.link))
            after_space = text[-1] in " \n"
    if found:
        last = found[-1]
        found[-1] = Bit(last.text.rstrip(), last.strong, last.link)
    return tuple(bit for bit in found if bit.text)


def words_of(lines: Iterable[Line]) -> str:
    """The words of some lines, a line each, as somebody would read them out."""
    return "\n".join(filter(None, map(_words, lines)))


def _words(line: Line) -> str:
    own = text_of(line.bits)
    rows = [" | ".join(text_of(cell) for cell in row) for row in line.rows]
    lined = [f"[{line.count} lines to write on]"] if line.kind == "write" else []
    return "\n".join(filter(None, [own, *rows, *lined, words_of(line.inner)]))


def text_of(bits: Bits) -> str:
    """The words of a line without their looks."""
    return "".join(bit.text for bit in bits)


# ------------------------------------------------------------ what is the same


def without_smart(lines: Lines, known: str) -> Lines:
    """The lines with the signs that Word made of plain ones taken back: those that the text `known` has nowhere."""
    table = str.maketrans({smart: was for smart, was in SMART.items() if smart not in known})
    return tuple(_mapped(line, table) for line in lines)


def _mapped(line: Line, table: dict[int, str]) -> Line:
    def bits(some: Bits) -> Bits:
        return tidy(Bit(bit.text.translate(table), bit.strong, bit.link) for bit in some)

    rows = tuple(tuple(map(bits, row)) for row in line.rows)
    inner = tuple(_mapped(each, table) for each in line.inner)
    return Line(line.kind, bits(line.bits), line.depth, line.level, line.name, line.count, rows, inner)


def key_of(line: Line) -> tuple[object, ...]:
    """What must be equal for two lines to say the same: numbers of items and looks of headings do not count."""
    heads = line.kind == "heading"
    rows = tuple(tuple(_said(cell, at == 0) for cell in row) for at, row in enumerate(line.rows))
    count = line.count if line.kind == "write" else 0
    name = line.name if line.kind == "box" else ""
    inner = keys_of(line.inner)
    return (line.kind, _said(line.bits, heads), line.depth, line.level, name, count, rows, inner)


def keys_of(lines: Iterable[Line]) -> tuple[object, ...]:
    """The keys of lines, empty paragraphs left out."""
    return tuple(key_of(line) for line in lines if line.kind != "text" or line.bits)


def _said(bits: Bits, unlooked: bool) -> tuple[tuple[str, bool, str], ...]:  # noqa: FBT001 - a table's header or not
    bits = tidy(Bit(bit.text, bit.strong and not unlooked, bit.link) for bit in bits)
    return tuple((bit.text, bit.strong, bit.link) for bit in bits)


def fingerprint(lines: Lines) -> str:
    """Twelve signs for what some lines say, whatever Word made of their quotation marks."""
    bare = without_smart(lines, "")
    return hashlib.sha256(repr(keys_of(bare)).encode()).hexdigest()[:12]
