"""Markdown becomes blocks, with the source line of each; what does not fit becomes a problem with its place."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from builder.blocks import (
    Block,
    Blocks,
    Box,
    CutCard,
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
from builder.problems import Problem, did_you_mean

if TYPE_CHECKING:
    from markdown_it.token import Token

CONTAINERS = ("card", "note", "say", "write", "tick", "cut", "source")
PLACEHOLDERS: Mapping[str, str] = MappingProxyType(
    {
        "organisation": "Organisation",
        "colleague_network": "Colleague network",
        "reporting_contact": "Contact",
        "workshop_title": "Workshop",
        "date": "Date",
        "start": "Start",
        "end": "End",
    }
)
MOST_WRITING_LINES = 40

_OPEN = re.compile(r"^(:{3,})[ \t]*([A-Za-z][\w-]*)[ \t]*(.*)$")
_CLOSE = re.compile(r"^:{3,}[ \t]*$")
_CITE = re.compile(r"\[@([A-Za-z0-9_-]+)((?:,[^\]\[;@]*)?)((?:;\s*@[A-Za-z0-9_-]+)*)\]")
_FILL = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_INLINE = re.compile(f"{_CITE.pattern}|{_FILL.pattern}")
_SAFE_LINK = re.compile(r"^(?:https?://[^/\s]|mailto:[^/\s])", re.IGNORECASE)


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
def _parser() -> Any:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 20}).enable("table").disable("text_join")
    alternatives = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.validateLink = lambda _address: True  # type: ignore[method-assign]  # _link judges, and names the place
    parser.block.ruler.before("fence", "container", _container, alternatives)
    return parser


@dataclass
class _Reading:
    """One text being read: its path, its first line, and what was found wrong."""

    path: str
    first_line: int
    lines: Sequence[str]
    line: int = 0
    problems: list[Problem] = field(default_factory=list)

    def say(self, code: str, message: str, hint: str = "", near: str = "") -> None:
        number = self.line
        for offset, text in enumerate(self.lines[self.line :]):
            if near and near in text:
                number += offset
                break
        source = self.lines[number] if number < len(self.lines) else ""
        column = source.find(near) + 1 if near and near in source else len(source) - len(source.lstrip()) + 1
        self.problems.append(Problem(code, message, self.path, number + self.first_line, column, hint))


def parse(markdown: str, path: str = "", line: int = 1) -> tuple[Blocks, list[Problem]]:
    """Read Markdown that begins on `line` of the file `path`; gives its blocks and every problem in it."""
    reading = _Reading(path, line, markdown.split("\n"))
    tokens = iter(_parser().parse(markdown))
    return tuple(_blocks(tokens, reading, None)), reading.problems


def _blocks(tokens: Iterator["Token"], reading: _Reading, until: str | None) -> Iterator[Block]:
    """The blocks up to the token that closes what holds them."""
    for token in tokens:
        if token.type == until:
            return
        if token.map:
            reading.line = token.map[0]
        yield from _READERS.get(token.type, _unknown)(token, tokens, reading)


def _unknown(token: "Token", _: Iterator["Token"], reading: _Reading) -> Sequence[Block]:
    reading.say("not-printable", f"'{token.type}' cannot be printed here.", "Write it as plain paragraphs or a list.")
    return ()


def _at(token: "Token", reading: _Reading) -> int:
    return (token.map[0] if token.map else reading.line) + reading.first_line


def _heading(token: "Token", tokens: Iterator["Token"], reading: _Reading) -> Sequence[Block]:
    runs = _runs(next(tokens), reading)
    next(tokens)
    return (Heading(int(token.tag[1]), runs, _at(token, reading)),)


def _paragraph(token: "Token", tokens: Iterator["Token"], reading: _Reading) -> Sequence[Block]:
    inline = next(tokens)
    next(tokens)
    children = inline.children or []
    if len(children) == 1 and children[0].type == "image":
        return _picture(children[0], _at(token, reading), reading)
    runs = _runs(inline, reading)
    return (Paragraph(runs, line=_at(token, reading)),) if runs else ()


def _picture(image: "Token", line: int, reading: _Reading) -> Sequence[Block]:
    source = str(image.attrs.get("src", ""))
    if not image.content.strip():
        reading.say("no-alt-text", "a picture needs words for those who cannot see it.", "Write ![what it shows](…).")
    if not re.fullmatch(r"[A-Za-z0-9_-][\w./ -]*\.png", source) or ".." in source:
        hint = "Put a PNG file into the lesson's folder and name it from there."
        reading.say("bad-picture", f"'{source}' is not a PNG picture inside the lesson's own folder.", hint)
        return ()
    return (PictureFile(source, image.content.strip(), line),)


def _list(token: "Token", tokens: Iterator["Token"], reading: _Reading) -> Sequence[Block]:
    ordered = token.type == "ordered_list_open"
    close = token.type.replace("open", "close")
    line, items = _at(token, reading), []
    for item in tokens:
        if item.type == close:
            break
        items.append(tuple(_blocks(tokens, reading, "list_item_close")))
    start = int(token.attrs.get("start", 1)) if ordered else 1
    return (ListBlock(tuple(items), ordered=ordered, start=start, line=line),)


def _table(token: "Token", tokens: Iterator["Token"], reading: _Reading) -> Sequence[Block]:
    line = _at(token, reading)
    rows: list[list[Runs]] = []
    for inner in tokens:
        if inner.type == "table_close":
            break
        if inner.type == "tr_open":
            rows.append([])
        elif inner.type == "inline":
            if inner.map:
                reading.line = inner.map[0]
            rows[-1].append(_runs(inner, reading))
    header, *body = (tuple(row) for row in rows)
    return (Table(header, tuple(body), line=line),)


def _quote(token: "Token", tokens: Iterator["Token"], reading: _Reading) -> Sequence[Block]:
    line = _at(token, reading)
    return (Box("note", tuple(_blocks(tokens, reading, "blockquote_close")), line),)


def _code(token: "Token", _: Iterator["Token"], reading: _Reading) -> Sequence[Block]:
    runs = tuple(Run(text, code=True) for text in token.content.rstrip("\n").splitlines(keepends=True))
    return (Paragraph(runs, line=_at(token, reading)),)


def _html(token: "Token", _: Iterator["Token"], reading: _Reading) -> Sequence[Block]:
    shown = token.content.strip().splitlines()[0][:40]
    reading.say("raw-html", f"raw HTML is not allowed: {shown}", "Write it in Markdown.", near=shown)
    return ()


def _contained(token: "Token", tokens: Iterator["Token"], reading: _Reading) -> Sequence[Block]:
    name, rest, line = token.info, token.meta["rest"], _at(token, reading)
    if name not in (*CONTAINERS, "insert"):
        reading.say("unknown-block", f"'::: {name}' is not known.", did_you_mean(name, CONTAINERS))
    elif not token.meta["closed"]:
        reading.say("unclosed-block", f"'::: {name}' is not closed.", "Put ':::' alone on the line after it.")
    if rest and name not in ("write", "insert"):
        reading.say("unknown-option", f"'::: {name}' takes nothing behind it, and '{rest}' stands there.")
    lines = _writing_lines(rest, reading) if name == "write" else 0
    inner = tuple(_blocks(tokens, reading, "container_close"))
    return _CONTAINED.get(name, _plain)(name, rest, lines, inner, line)


def _writing_lines(rest: str, reading: _Reading) -> int:
    match = re.fullmatch(r"\{\s*lines\s*=\s*(\d{1,3})\s*\}", rest)
    count = int(match[1]) if match else 3 if not rest else 0
    if not 1 <= count <= MOST_WRITING_LINES:
        hint = f"Write {{lines=3}}, with 1 to {MOST_WRITING_LINES}."
        reading.say("unknown-option", f"'::: write' cannot use '{rest}'.", hint)
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


_CONTAINED = MappingProxyType(
    {
        "card": _boxed,
        "note": _boxed,
        "say": _boxed,
        "source": _boxed,
        "write": _written,
        "tick": _ticked,
        "cut": _cut,
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


# ------------------------------------------------------------ inside a line


def _runs(inline: "Token", reading: _Reading) -> Runs:
    """The runs of one paragraph, heading or cell; neighbours of one look are joined."""
    return tuple(_joined(_inline(inline.children or [], reading)))


def _inline(children: Sequence["Token"], reading: _Reading) -> Iterator[Run]:
    strong, link = 0, ""
    for token in children:
        if token.type in ("strong_open", "em_open"):
            strong += 1
        elif token.type in ("strong_close", "em_close"):
            strong -= 1
        elif token.type == "link_open":
            link = _link(str(token.attrs.get("href", "")), reading)
        elif token.type == "link_close":
            link = ""
        elif token.type == "text":
            yield from _text(token.content, Run("", strong=strong > 0, link=link), reading)
        else:
            yield from _other(token, Run("", strong=strong > 0, link=link), reading)


def _other(token: "Token", look: Run, reading: _Reading) -> Iterator[Run]:
    if token.type == "softbreak":
        yield replace(look, text=" ")
    elif token.type == "hardbreak":
        yield replace(look, text="\n")
    elif token.type == "code_inline":
        yield replace(look, text=token.content, code=True)
    elif token.type == "text_special":
        yield replace(look, text=token.content)
    elif token.type == "image":
        reading.say("bad-picture", "a picture stands alone in its paragraph.", "Put an empty line around it.")
    else:
        shown = token.content.strip()[:40]
        reading.say("raw-html", f"raw HTML is not allowed: {shown}", "Write it in Markdown.", near=shown)


def _link(address: str, reading: _Reading) -> str:
    if _SAFE_LINK.match(address):
        return address
    reading.say(
        "bad-link", f"a link may not lead to '{address[:60]}'.", "Use an http, https or mailto address.", near="]("
    )
    return ""


def _text(text: str, look: Run, reading: _Reading) -> Iterator[Run]:
    """A stretch of text with its citations and placeholders taken apart."""
    end = 0
    for match in _INLINE.finditer(text):
        yield replace(look, text=text[end : match.start()])
        end = match.end()
        if match[1]:
            yield replace(look, text=match[2], cite=match[1])
            for further in re.findall(r"@([A-Za-z0-9_-]+)", match[3] or ""):
                yield replace(look, text="", cite=further)
        else:
            if match[4] not in PLACEHOLDERS:
                hint = did_you_mean(match[4], PLACEHOLDERS)
                reading.say("unknown-placeholder", f"'{{{{{match[4]}}}}}' is not known.", hint, near=match[0])
            yield replace(look, fill=match[4])
    yield replace(look, text=text[end:])


def _joined(runs: Iterator[Run]) -> Iterator[Run]:
    waiting: Run | None = None
    for run in runs:
        if not (run.text or run.cite or run.fill):
            continue
        if waiting and not (run.cite or run.fill or waiting.cite or waiting.fill) and _look(run) == _look(waiting):
            waiting = replace(waiting, text=waiting.text + run.text)
            continue
        if waiting:
            yield waiting
        waiting = run
    if waiting:
        yield waiting


def _look(run: Run) -> tuple[bool, bool, str]:
    return run.strong, run.code, run.link
