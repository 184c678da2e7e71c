"""Paper templates: Jinja2 gives Markdown, parsed by the code that parses lessons; lesson text is put in as blocks.

A template sees plain data only, in a sandbox. Every string that it prints is escaped, so that a title
can neither become Markdown nor a block; only ids of inserts pass as they are.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from builder.blocks import Block, Blocks, Box, CutCard, Insert, ListBlock, Paragraph, Table, text_of
from builder.library import shipped
from builder.markdown import parse
from builder.problems import InputError, Problem

# What Markdown could take for its own: any punctuation where a text begins, which may begin a line, and some anywhere.
# Each backslash costs the parser a token, so that the rest is left alone.
_PUNCTUATION = re.compile(r"^[!-/:-@\[-`{-~]|[!#&*<>\[\\\]_`{|}~]|(?<=[0-9])[.)]")
_ROOM_TO_WRITE_MM = 9.5
_NARROWEST, _WIDEST, _TO_WRITE_IN = 7, 46, 30


class Id(str):
    """An id of an insert: made by the kit, so it needs no escaping."""

    __slots__ = ()


def _escaped(value: Any) -> Any:
    """What a template prints: text is escaped, whatever else has a plain form passes."""
    if isinstance(value, Id) or not isinstance(value, str):
        return value
    return _PUNCTUATION.sub(r"\\\g<0>", " ".join(value.split()))


@cache
def _environment() -> Any:
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(str(shipped("handouts")), encoding="utf-8"),
        undefined=StrictUndefined,
        finalize=_escaped,
        autoescape=False,  # the text is Markdown, not HTML; finalize escapes it
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        optimized=False,  # which takes longer than it saves: a template is used once or twice
    )


def rendered(name: str, values: Mapping[str, Any], inserts: Mapping[str, Blocks], *, compact: bool = False) -> Blocks:
    """The blocks of the template `name` with its inserts put in; a template that does not fit raises InputError.

    `compact` sets its tables in the small type of the running sheet.
    """
    markdown = _environment().get_template(f"{name}.md.j2").render(**values)
    path = (Path("handouts") / f"{name}.md.j2").as_posix()
    blocks, problems = parse(markdown, path)
    if problems:
        raise InputError(problems)
    return tuple(fitted(put_in(blocks, inserts, path), compact=compact))


def put_in(blocks: Sequence[Block], inserts: Mapping[str, Blocks], path: str) -> Blocks:
    """The blocks with every `::: insert ID` replaced by the blocks of that id."""
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Insert):
            if block.id not in inserts:
                message = f"there is nothing to insert by the id '{block.id}'."
                raise InputError([Problem("unknown-insert", message, path, block.line, 1)])
            found += inserts[block.id]
        else:
            found.append(block)
    return tuple(found)


def fitted(blocks: Sequence[Block], *, compact: bool = False) -> Sequence[Block]:
    """The blocks with columns as wide as what stands in them, and each bold line kept with what it announces."""
    return [_fitted(block, compact) for block in blocks]


def _fitted(block: Block, compact: bool) -> Block:  # noqa: FBT001
    if isinstance(block, Table) and not block.widths:
        look = "running" if compact and block.look == "plain" else block.look
        to_write_in = not compact and any(not cell for row in block.rows for cell in row)
        return replace(block, widths=_widths(block), look=look, row_height_mm=_ROOM_TO_WRITE_MM if to_write_in else 0)
    if isinstance(block, Paragraph) and block.runs and all(run.strong for run in block.runs):
        return replace(block, keep_with_next=True)
    if isinstance(block, Box | CutCard):
        return replace(block, blocks=tuple(_fitted(inner, compact) for inner in block.blocks))
    if isinstance(block, ListBlock):
        return replace(block, items=tuple(tuple(_fitted(inner, compact) for inner in item) for item in block.items))
    return block


def _widths(table: Table) -> tuple[int, ...]:
    widths = []
    for i, head in enumerate(table.header):
        cells = [text_of(row[i]) for row in table.rows if i < len(row)]
        if not any(cells):
            widths.append(_TO_WRITE_IN)
            continue
        words = [max((len(word) for word in text.split()), default=0) for text in (*cells, text_of(head))]
        longest = max(map(len, cells))
        widths.append(min(max(longest, max(words) + 2, _NARROWEST), _WIDEST))
    return tuple(widths)
