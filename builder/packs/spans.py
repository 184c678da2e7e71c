"""A field of front matter as it is written: one entry taken out, put in or replaced, all else kept to the character.

Pure, on the text of one field (`parts.Piece`). What is written is read again by whoever asks, before it is used.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from builder.strict import Loc, read_yaml


@dataclass(frozen=True, slots=True)
class Written:
    """Something that stands in a text: its value, and how it is written there, first line unindented."""

    value: Any
    text: str
    is_flow: bool


def value_of(text: str) -> Any:
    """What a field says, None where it cannot be read."""
    marked, problems = read_yaml(text, "")
    return None if problems else next(iter(marked.values.values()), None)


def written_at(text: str, loc: Loc) -> Written:
    """The entry of a list or the value of a map at `loc`, as it is written."""
    parent, number = _parent(text, loc)
    start, end = _extent(text, parent, number)
    value: Any = read_yaml(text, "")[0].values
    for step in loc:
        value = value[step]
    if isinstance(loc[-1], str):
        node = parent.value[number][1]
        start = _offset(text, node.start_mark)
        end = _offset(text, node.end_mark) if parent.flow_style else end
        is_flow = parent.flow_style or getattr(node, "flow_style", True) or node.id == "scalar"
        column = node.start_mark.column
        return Written(value, _dedented(text[start:end].rstrip(), column), bool(is_flow))
    if parent.flow_style:
        return Written(value, text[start:end], is_flow=True)
    column = parent.start_mark.column
    plain = _dedented(text[start:end].rstrip()[column:], column)
    return Written(value, _dedented(plain[1:].lstrip(" "), len(plain) - len(plain[1:].lstrip(" "))), is_flow=False)


def without(text: str, loc: Loc) -> str:
    """The field without one entry of a list or one key of a map."""
    parent, number = _parent(text, loc)
    children = _children(parent)
    if len(children) == 1:
        start, end = _offset(text, parent.start_mark), _extent(text, parent, 0)[1]
        empty = "[]" if parent.id == "sequence" else "{}"
        if parent.flow_style:
            return text[:start] + empty + text[_offset(text, parent.end_mark) :]
        key = text[:start].rstrip(" \n")
        return f"{key} {empty}\n{text[end:]}"
    start, end = _extent(text, parent, number)
    if parent.flow_style:
        if number:
            start = _extent(text, parent, number - 1)[1]
        else:
            end = _extent(text, parent, 1)[0]
    return text[:start] + text[end:]


def replaced(text: str, loc: Loc, new: Written) -> str:
    """The field with another entry or value in the place of one."""
    parent, number = _parent(text, loc)
    start, end = _extent(text, parent, number)
    if isinstance(loc[-1], int):
        return text[:start] + _entry(parent, new) + text[end:]
    node = parent.value[number][1]
    start = _offset(text, node.start_mark)
    if parent.flow_style or (node.id != "scalar" and node.flow_style) or (node.id == "scalar" and new.is_flow):
        end = _offset(text, node.end_mark) if parent.flow_style or node.id != "scalar" else end
        tail = "" if text[end - 1 : end] != "\n" or parent.flow_style or node.id != "scalar" else "\n"
        return text[:start] + _as_flow(new) + tail + text[end:]
    key = _offset(text, parent.value[number][0].end_mark)
    column = parent.start_mark.column + 2
    if new.is_flow and "\n" not in new.text:
        return f"{text[:key]}: {new.text}\n{text[end:]}"
    if new.text[:1] in {"|", ">"}:
        return f"{text[:key]}: {_indented(new.text, column, first=False)}\n{text[end:]}"
    return f"{text[:key]}:\n{_indented(new.text, column)}\n{text[end:]}"


def inserted(text: str, loc: Loc, number: int, new: Written) -> str:
    """The field with a new entry of the list at `loc`, before the one that has that number now, or at the end."""
    node = _node(text, loc)
    count = len(node.value)
    if node.flow_style:
        if not count:
            at = _offset(text, node.start_mark) + 1
            return text[:at] + _as_flow(new) + text[at:]
        if number < count:
            at = _extent(text, node, number)[0]
            return f"{text[:at]}{_as_flow(new)}, {text[at:]}"
        at = _extent(text, node, count - 1)[1]
        return f"{text[:at]}, {_as_flow(new)}{text[at:]}"
    at = _extent(text, node, number)[0] if number < count else _extent(text, node, count - 1)[1]
    before = text[:at] if not at or text[at - 1] == "\n" else f"{text[:at]}\n"
    return before + _entry(node, new) + text[at:]


def comments_in(text: str) -> tuple[str, ...]:
    """The comments in a field: what begins with `#` and can go without changing what the field says."""
    value = value_of(text)
    found = []
    for number, line in enumerate(lines := text.splitlines()):
        for match in re.finditer(r"(?:^|\s)#", line):
            rest = [*lines[:number], line[: match.start()], *lines[number + 1 :]]
            if value is not None and value_of("\n".join(rest)) == value:
                found.append(line[match.start() :].strip())
                break
    return tuple(found)


def with_scalar(text: str, loc: Loc, new: str) -> str:
    """The text with one plain scalar replaced."""
    parent, number = _parent(text, loc)
    node = parent.value[number][1] if parent.id == "mapping" else parent.value[number]
    return text[: _offset(text, node.start_mark)] + new + text[_offset(text, node.end_mark) :]


# ------------------------------------------------------------ how an entry is written


def _entry(parent: Any, new: Written) -> str:
    """An entry of a list, in the style of the list."""
    if parent.flow_style:
        return _as_flow(new)
    column = parent.start_mark.column
    return f"{' ' * column}- {_indented(new.text, column + 2, first=False)}\n"


def _as_flow(new: Written) -> str:
    if new.is_flow and "\n" not in new.text and not new.text.startswith(("|", ">")):
        return new.text
    return json.dumps(new.value, ensure_ascii=False)


def _dedented(text: str, column: int) -> str:
    """Lines but the first without so many spaces before them."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(line[column:] if not line[:column].strip() else line for line in rest)])


def _indented(text: str, column: int, *, first: bool = True) -> str:
    lines = text.split("\n")
    return "\n".join(
        " " * column + line if line.strip() and (number or first) else line for number, line in enumerate(lines)
    )


# ------------------------------------------------------------ where it stands


def _node(text: str, loc: Loc) -> Any:
    import yaml

    node: Any = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    for step in loc:
        node = _children(node)[_number(node, step)]
        node = node[1] if isinstance(node, tuple) else node
    return node


def _parent(text: str, loc: Loc) -> tuple[Any, int]:
    parent = _node(text, loc[:-1])
    return parent, _number(parent, loc[-1])


def _children(node: Any) -> Sequence[Any]:
    return node.value if isinstance(node.value, list) else ()


def _number(node: Any, step: str | int) -> int:
    """The number of a child; empty entries of a list do not count, as for the strict reader."""
    if isinstance(step, str):
        return next(number for number, (key, _) in enumerate(node.value) if key.value == step)
    counted = [number for number, child in enumerate(node.value) if not _is_empty(child)]
    return counted[step]


def _is_empty(node: Any) -> bool:
    return node.id == "scalar" and node.style is None and node.value in {"", "~", "null"}


def _extent(text: str, parent: Any, number: int) -> tuple[int, int]:
    """Where a child begins and ends: in a flow its own characters, else whole lines without what trails."""
    starts = [child[0] if isinstance(child, tuple) else child for child in _children(parent)]
    ends = [child[1] if isinstance(child, tuple) else child for child in _children(parent)]
    if parent.flow_style:
        return _offset(text, starts[number].start_mark), _offset(text, ends[number].end_mark)
    lines = text.splitlines(keepends=True)
    firsts = [_first_line(lines, parent, start) for start in starts]
    last = parent.end_mark.line + (1 if parent.end_mark.column else 0)
    begin, end = firsts[number], firsts[number + 1] if number + 1 < len(firsts) else min(last, len(lines))
    end = max(end, begin + 1)
    while end > begin + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return sum(map(len, lines[:begin])), sum(map(len, lines[:end]))


def _first_line(lines: Sequence[str], parent: Any, start: Any) -> int:
    """The line on which a child of a block begins: that of its dash, where its value stands below it."""
    line: int = start.start_mark.line
    column = parent.start_mark.column
    while parent.id == "sequence" and line and lines[line][column : column + 1] != "-":
        line -= 1
    return line


def _offset(text: str, mark: Any) -> int:
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[: mark.line])) + int(mark.column)
