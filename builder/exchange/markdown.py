"""Lines back into Markdown: what did not change stays as it was written, to the character. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from builder.exchange.inline import by_sentence, cell_of, markdown_of
from builder.exchange.lines import ITEMS, Line, Lines, keys_of, lines_of
from builder.markdown.parser import our_parser

_NUMBER = re.compile(r"^(\s*)\d{1,9}(?=[.)])")


@dataclass(frozen=True, slots=True)
class _Group:
    """Lines that stand together, and how they are written: an item with what it holds, or one block."""

    text: str
    lines: Lines

    @property
    def kind(self) -> str:
        return self.lines[0].kind if self.lines else ""


def edited(original: str, lines: Lines) -> str:
    """The text of some lines, with what `original` says already as it is written there."""
    before = list(_segments(original))
    wanted = [_Group("", group) for group in _groups(lines)]
    matcher = SequenceMatcher(
        None, [keys_of(group.lines) for group in before], [keys_of(group.lines) for group in wanted], autojunk=False
    )
    found: list[_Group] = []
    for what, first, last, start, end in matcher.get_opcodes():
        if what == "equal":
            found += [
                _Group(old.text, new.lines) for old, new in zip(before[first:last], wanted[start:end], strict=True)
            ]
        else:
            found += [_Group(written(group.lines), group.lines) for group in wanted[start:end]]
    return _joined_as(original, _together(found))


def _joined_as(original: str, text: str) -> str:
    """The text with sentences on one row that stand on one row in `original`."""
    known = {row.rstrip() for row in original.split("\n") if row.strip()}
    rows, found = text.split("\n"), []
    while rows:
        joined = [" ".join([rows[0], *(row.strip() for row in rows[1:end])]) for end in range(1, min(len(rows), 9) + 1)]
        count = next((end for end in range(len(joined), 1, -1) if joined[end - 1] in known), 1)
        found.append(joined[count - 1])
        rows = rows[count:]
    return "\n".join(found)


def _together(groups: Sequence[_Group]) -> str:
    """The texts one after the other; items of one list touch, and count on."""
    if not groups:
        return ""
    number, texts = 0, []
    for at, group in enumerate(groups):
        text = group.text
        if group.kind == "number":
            follows = at > 0 and groups[at - 1].kind == "number"
            number = number + 1 if follows else max(group.lines[0].count, 1)
            text = _NUMBER.sub(rf"\g<1>{number}", text, count=1)
        texts.append(text)
    gaps = [_gap(one, other) for one, other in pairwise(groups)]
    return "".join(text + gap for text, gap in zip(texts, [*gaps, ""], strict=True))


def _gap(one: _Group, other: _Group) -> str:
    if one.kind in ITEMS and one.kind == other.kind:
        return "\n\n" if one.text.rstrip().endswith(":::") else "\n"
    return "\n\n"


def _groups(lines: Lines) -> Iterator[Lines]:
    """Each line with what hangs on it; things to tick that follow one another are one."""
    waiting: list[Line] = []
    for line in lines:
        ticks = bool(waiting) and waiting[0].kind == line.kind == "tick"
        if waiting and line.depth == 0 and not ticks:
            yield tuple(waiting)
            waiting = []
        waiting.append(line)
    if waiting:
        yield tuple(waiting)


def _segments(markdown: str) -> Iterator[_Group]:
    """The outermost blocks of a text as they are written, lists by their items."""
    rows = markdown.splitlines(keepends=True)
    in_list = False
    for token in our_parser().parse(markdown):
        if token.level == 0 and token.nesting == 1:
            in_list = token.type.endswith("_list_open")
        outermost = token.level == 0 and not token.type.endswith("_list_open")
        item = in_list and token.level == 1 and token.type == "list_item_open"
        if token.nesting >= 0 and token.map and (outermost or item):
            end = token.map[1] + (token.type == "container_open")
            text = "".join(rows[token.map[0] : end]).strip("\n")
            lines = lines_of(text)
            if lines:
                yield _Group(text, lines)


# ------------------------------------------------------------ one group


def written(lines: Lines) -> str:
    """A group of lines, or everything in a box, as Markdown."""
    groups = list(_groups(lines))
    if len(groups) > 1:
        return _together([_Group(written(group), group) for group in groups])
    if not lines:
        return ""
    first, rest = lines[0], lines[1:]
    if first.kind == "tick":
        return "::: tick\n" + "\n".join(_item(Line("bullet", line.bits), "- ", ()) for line in lines) + "\n:::"
    if first.kind in ITEMS:
        return _item(first, f"{max(first.count, 1)}. " if first.kind == "number" else "- ", rest)
    below = tuple(_raised(line, 1) for line in rest)
    return "\n\n".join(filter(None, [_block(_raised(first, first.depth)), written(below) if below else ""]))


def _item(line: Line, mark: str, rest: Lines) -> str:
    """An item with what hangs on it, indented to its words."""
    text = by_sentence(markdown_of(line.bits))
    for at, group in enumerate(_groups(tuple(_raised(each, line.depth + 1) for each in rest))):
        gap = "\n" if group[0].kind in ITEMS and at == 0 else "\n\n"
        text += gap + written(group)
    indent = " " * len(mark)
    return mark + "\n".join(f"{indent}{row}" if row and at else row for at, row in enumerate(text.split("\n")))


def _raised(line: Line, by: int) -> Line:
    depth = max(line.depth - by, 0)
    return Line(line.kind, line.bits, depth, line.level, line.name, line.count, line.rows, line.inner)


def _block(line: Line) -> str:
    if line.kind == "heading":
        words = re.sub(r"#$", r"\\#", markdown_of(line.bits))  # or it would count as the heading's end
        return f"{'#' * max(line.level, 1)} {words}"
    if line.kind == "write":
        return f"::: write {{lines={line.count}}}\n:::"
    if line.kind == "box":
        return f"::: {line.name}\n{written(line.inner)}\n:::"
    if line.kind == "table":
        return _table(line)
    return line.name if line.kind == "fixed" else by_sentence(markdown_of(line.bits))


def _table(line: Line) -> str:
    if not line.rows:
        return ""
    rows = [" | ".join(cell_of(cell) for cell in row) for row in line.rows]
    rule = "|" + "---|" * len(line.rows[0])
    return "\n".join([f"| {rows[0]} |", rule, *(f"| {row} |" for row in rows[1:])])
