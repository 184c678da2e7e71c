"""The Markdown that we read: CommonMark with tables, and blocks between `::: name` and `:::`."""

import re
from functools import cache
from typing import Any

DEEPEST = 20

_OPEN = re.compile(r"^(:{3,})[ \t]*([A-Za-z][\w-]*)[ \t]*(.*)$")
_CLOSE = re.compile(r"^:{3,}[ \t]*$")


def _container(state: Any, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's own signature
    """A block rule: `::: name …` to the `:::` that closes it, counting the ones inside."""
    if state.is_code_block(start):
        return False
    opened = _OPEN.match(_line(state, start))
    if opened is None:
        return False
    if silent:
        return True
    name = opened[2]
    last, closed = (start, True) if name == "insert" else _closing_line(state, start, end)
    token = state.push("container_open", "div", 1)
    token.map = [start, last]
    token.info = name
    token.meta = {"rest": opened[3].strip(), "closed": closed}
    token.block = True
    if last > start:
        former = state.parentType, state.lineMax
        state.parentType, state.lineMax = "container", last
        state.md.block.tokenize(state, start + 1, last)
        state.parentType, state.lineMax = former
    state.push("container_close", "div", -1)
    state.line = last + 1 if closed else last
    return True


def _line(state: Any, number: int) -> str:
    line: str = state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]
    return line


def _closing_line(state: Any, start: int, end: int) -> tuple[int, bool]:
    depth = 1
    for number in range(start + 1, end):
        if state.sCount[number] < state.blkIndent and not state.isEmpty(number):
            return number, False
        line = _line(state, number)
        opened = _OPEN.match(line)
        if opened is not None:
            depth += opened[2] != "insert"
        elif _CLOSE.match(line):
            depth -= 1
            if depth == 0:
                return number, True
    return end, False


@cache
def our_parser() -> Any:
    """The parser, made once."""
    from markdown_it import MarkdownIt

    parser: Any = MarkdownIt("commonmark", {"html": True, "maxNesting": DEEPEST}).enable("table").disable("text_join")
    alternatives = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.validateLink = lambda _address: True  # _link judges, and names the place
    parser.block.ruler.before("fence", "container", _container, alternatives)
    return parser
