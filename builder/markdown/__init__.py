"""Markdown becomes blocks, with the source line of each; what does not fit becomes a problem with its place."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import unquote

from builder.blocks import (
    Block,
    Blocks,
    Box,
    CutCard,
    Disagreements,
    Heading,
    Insert,
    ListBlock,
    Paragraph,
    PictureFile,
    Run,
    Runs,
    Table,
    WritingLines,
)
from builder.markdown.inline import HTML_HINT, runs_of
from builder.markdown.parser import DEEPEST, our_parser
from builder.markdown.reading import CONTAINERS, LONGEST_SHOWN, MOST_PROBLEMS, PLACEHOLDERS, PLURAL, TextReading
from builder.problems import Problem, did_you_mean

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = [
    "CONTAINERS",
    "DEEPEST",
    "MOST_PROBLEMS",
    "MOST_WRITING_LINES",
    "PLACEHOLDERS",
    "PLURAL",
    "headings",
    "parse",
]

MOST_WRITING_LINES = 40

_MAY_HOLD_HEADINGS = re.compile(r"^ {0,3}(?:#|=+[ \t]*$|-+[ \t]*$)", re.MULTILINE)
_STRAY = re.compile(r"^[ \t]*:{3,}", re.MULTILINE)


def parse(
    markdown: str,
    path: str = "",
    line: int = 1,
    sources: Collection[str] | None = None,
    terms: Mapping[str, bool] = MappingProxyType({}),
) -> tuple[Blocks, list[Problem]]:
    """Read Markdown that begins on `line` of the file `path`; gives its blocks and every problem in it.

    With `sources` it is the text of a lesson: it may cite these and no others, and nothing can be inserted.
    `terms` are placeholders beyond the closed list, each with whether it has a plural.
    """
    markdown = markdown.replace("\r\n", "\n").replace("\r", "\n")
    reading = TextReading(path, line, markdown.split("\n"), sources, terms)
    tokens = our_parser().parse(markdown)
    _refuse_depths(tokens, reading)
    return tuple(_blocks(iter(tokens), reading, None)), reading.problems


def headings(markdown: str) -> Iterator[tuple[int, int, int, str]]:
    """Each heading in no list or block: its level, its first line and the line after it (from 0), its text."""
    if _MAY_HOLD_HEADINGS.search(markdown) is None:
        return
    parser, tokens = our_parser(), list["Token"]()
    parser.block.parse(markdown, parser, {}, tokens)
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            yield int(token.tag[1]), token.map[0], token.map[1], " ".join(inline.content.split())


def _refuse_depths(tokens: Sequence["Token"], reading: TextReading) -> None:
    """The parser leaves out what is nested deeper than it goes: that must not pass without a word."""
    for token in tokens:
        if token.level >= DEEPEST - 1 and token.type in ("list_item_open", "blockquote_open", "container_open"):
            reading.line = token.map[0] if token.map else reading.line
            reading.say("too-deep", "too much is nested here to be printed.", "Use fewer lists in lists.")


def _blocks(tokens: Iterator["Token"], reading: TextReading, until: str | None) -> Iterator[Block]:
    """The blocks up to the token that closes what holds them."""
    for token in tokens:
        if token.type == until:
            return
        if token.map:
            reading.line = token.map[0]
        yield from _READERS.get(token.type, _unknown)(token, tokens, reading)


def _unknown(token: "Token", _: Iterator["Token"], reading: TextReading) -> Sequence[Block]:
    reading.say("not-printable", f"'{token.type}' cannot be printed here.", "Write it as plain paragraphs or a list.")
    return ()


def _at(token: "Token", reading: TextReading) -> int:
    return (token.map[0] if token.map else reading.line) + reading.first_line


def _heading(token: "Token", tokens: Iterator["Token"], reading: TextReading) -> Sequence[Block]:
    runs = runs_of(next(tokens), reading)
    next(tokens)
    return (Heading(int(token.tag[1]), runs, _at(token, reading)),)


def _paragraph(token: "Token", tokens: Iterator["Token"], reading: TextReading) -> Sequence[Block]:
    inline = next(tokens)
    next(tokens)
    for _ in _STRAY.finditer(inline.content):
        hint = f"A block opens with ':::' and a name ({', '.join(CONTAINERS)}), and closes with ':::' alone."
        reading.say("stray-block", "':::' neither opens nor closes a block here.", hint, ":::")
    children = inline.children or []
    if len(children) == 1 and children[0].type == "image":
        return _picture(children[0], _at(token, reading), reading)
    runs = runs_of(inline, reading)
    return (Paragraph(runs, line=_at(token, reading)),) if runs else ()


def _picture(image: "Token", line: int, reading: TextReading) -> Sequence[Block]:
    source = unquote(str(image.attrs.get("src", ""))).removeprefix("./")
    if not image.content.strip():
        hint = "Write ![what it shows](…)."
        reading.say("no-alt-text", "a picture needs words for those who cannot see it.", hint, "![")
    if not re.fullmatch(r"[\w-][\w./ -]*\.png", source) or ".." in source:
        message = f"'{source[:LONGEST_SHOWN]}' is not a PNG picture inside the lesson's own folder."
        hint = "Put a PNG file into the lesson's folder and name it from there."
        reading.say("bad-picture", message, hint, source, "![")
        return ()
    return (PictureFile(source, image.content.strip(), line),)


def _list(token: "Token", tokens: Iterator["Token"], reading: TextReading) -> Sequence[Block]:
    ordered = token.type == "ordered_list_open"
    close = token.type.replace("open", "close")
    line, items = _at(token, reading), []
    for item in tokens:
        if item.type == close:
            break
        items.append(tuple(_blocks(tokens, reading, "list_item_close")))
    start = int(token.attrs.get("start", 1)) if ordered else 1
    return (ListBlock(tuple(items), ordered=ordered, start=start, line=line),)


def _table(token: "Token", tokens: Iterator["Token"], reading: TextReading) -> Sequence[Block]:
    line = _at(token, reading)
    rows: list[list[Runs]] = []
    for inner in tokens:
        if inner.type == "table_close":
            break
        if inner.type == "tr_open":
            reading.line = inner.map[0] if inner.map else reading.line
            rows.append([])
            _refuse_cells(len(rows[0]), reading)
        elif inner.type == "inline":
            rows[-1].append(runs_of(inner, reading))
    header, *body = (tuple(row) for row in rows)
    return (Table(header, tuple(body), line=line),)


def _refuse_cells(columns: int, reading: TextReading) -> None:
    """Cells beyond the header's would be left out by the parser: that must not pass without a word."""
    from markdown_it.rules_block.table import escapedSplit

    cells = escapedSplit(reading.lines[reading.line].strip(" \t>"))
    found = len(cells) - (cells[0] == "") - (len(cells) > 1 and cells[-1] == "")
    if columns and found > columns:
        message = f"this row has {found} cells, and the table's first row has {columns}."
        reading.say("too-many-cells", message, "Write \\| for a '|' that parts no cells.")


def _quote(token: "Token", tokens: Iterator["Token"], reading: TextReading) -> Sequence[Block]:
    line = _at(token, reading)
    return (Box("note", tuple(_blocks(tokens, reading, "blockquote_close")), line),)


def _code(token: "Token", _: Iterator["Token"], reading: TextReading) -> Sequence[Block]:
    runs = tuple(Run(text, code=True) for text in token.content.rstrip("\n").splitlines(keepends=True))
    return (Paragraph(runs, line=_at(token, reading)),)


def _html(token: "Token", _: Iterator["Token"], reading: TextReading) -> Sequence[Block]:
    shown = token.content.strip().splitlines()[0][:40]
    reading.say("raw-html", f"raw HTML is not allowed: {shown}", HTML_HINT, shown)
    return ()


def _contained(token: "Token", tokens: Iterator["Token"], reading: TextReading) -> Sequence[Block]:
    name, rest, line = token.info, token.meta["rest"], _at(token, reading)
    if name not in CONTAINERS and (name != "insert" or reading.sources is not None):
        reading.say("unknown-block", f"'::: {name[:LONGEST_SHOWN]}' is not known.", did_you_mean(name, CONTAINERS))
    elif not token.meta["closed"]:
        reading.say("unclosed-block", f"'::: {name}' is not closed.", "Put ':::' alone on the line after its last one.")
    elif rest and name not in ("write", "insert"):
        message = f"'::: {name}' takes nothing behind it, and '{rest[:LONGEST_SHOWN]}' stands there."
        reading.say("unknown-option", message, "Put the text on the next line.", rest)
    lines = _writing_lines(rest, reading) if name == "write" else 0
    inner = tuple(_blocks(tokens, reading, "container_close"))
    if name == "tick" and not any(isinstance(block, ListBlock) for block in inner):
        reading.line = line - reading.first_line
        reading.say("no-list", "'::: tick' holds no list.", "Begin each thing to tick with '- '.")
    if name == "disagreements" and inner:
        reading.line = line - reading.first_line
        hint = "Put the text above it; the table is made from disagreements.yaml."
        reading.say("not-empty", "'::: disagreements' holds nothing of its own.", hint)
    return _CONTAINED.get(name, _plain)(name, rest, lines, inner, line)


def _writing_lines(rest: str, reading: TextReading) -> int:
    match = re.fullmatch(r"\{\s*lines\s*=\s*(\d{1,3})\s*\}", rest)
    count = int(match[1]) if match else 3 if not rest else 0
    if not 1 <= count <= MOST_WRITING_LINES:
        hint = f"Write {{lines=3}}, with 1 to {MOST_WRITING_LINES}."
        reading.say("unknown-option", f"'::: write' cannot use '{rest[:LONGEST_SHOWN]}'.", hint, rest)
    return count


def _plain(_name: str, _rest: str, _lines: int, inner: Blocks, _line: int) -> Sequence[Block]:
    return inner


def _boxed(name: str, _rest: str, _lines: int, inner: Blocks, line: int) -> Sequence[Block]:
    return (Box(name, inner, line),)  # type: ignore[arg-type]


def _written(_name: str, _rest: str, lines: int, inner: Blocks, line: int) -> Sequence[Block]:
    return (*inner, WritingLines(lines, line))


def _ticked(_name: str, _rest: str, _lines: int, inner: Blocks, _line: int) -> Sequence[Block]:
    return tuple(
        replace(block, ticks=True, ordered=False) if isinstance(block, ListBlock) else block for block in inner
    )


def _cut(_name: str, _rest: str, _lines: int, inner: Blocks, line: int) -> Sequence[Block]:
    return (CutCard(inner, line),)


def _inserted(_name: str, rest: str, _lines: int, _inner: Blocks, line: int) -> Sequence[Block]:
    return (Insert(rest, line),)


def _disagreements(_name: str, _rest: str, _lines: int, _inner: Blocks, line: int) -> Sequence[Block]:
    return (Disagreements(line),)


_CONTAINED = MappingProxyType(
    {
        "card": _boxed,
        "note": _boxed,
        "say": _boxed,
        "source": _boxed,
        "write": _written,
        "tick": _ticked,
        "cut": _cut,
        "disagreements": _disagreements,
        "insert": _inserted,
    }
)

_READERS = MappingProxyType(
    {
        "heading_open": _heading,
        "paragraph_open": _paragraph,
        "bullet_list_open": _list,
        "ordered_list_open": _list,
        "table_open": _table,
        "blockquote_open": _quote,
        "fence": _code,
        "code_block": _code,
        "html_block": _html,
        "container_open": _contained,
        "hr": lambda *_: (),
    }
)
