"""What stands inside a line: looks, links, citations, placeholders."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from builder.blocks import Run, Runs
from builder.markdown.reading import LONGEST_SHOWN, NOUNS, PLACEHOLDERS, PLURAL, TextReading
from builder.problems import did_you_mean

if TYPE_CHECKING:
    from markdown_it.token import Token

_CITED = r"@[A-Za-z0-9_-]+(?:,[^\]\[;@]*)?"
_INLINE = re.compile(rf"\[({_CITED}(?:;\s*{_CITED})*)\]|\{{\{{([^{{}}]*)\}}\}}")
_SAFE_LINK = re.compile(r"^(?:https?://[^/\s]|mailto:[^/\s])", re.IGNORECASE)

HTML_HINT = "Write it in Markdown, or \\< where you mean the sign."
_HALVES = (
    ("[@", "bad-citation", "citation", "[@id] or [@id, p. 3; @id]"),
    ("{{", "unknown-placeholder", "placeholder", "{{organisation}}"),
)


def runs_of(inline: "Token", reading: TextReading) -> Runs:
    """The runs of one paragraph, heading or cell; neighbours of one look are joined."""
    return tuple(_joined(_inline(inline.children or [], reading)))


def _inline(children: Sequence["Token"], reading: TextReading) -> Iterator[Run]:
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


def _other(token: "Token", look: Run, reading: TextReading) -> Iterator[Run]:
    if token.type == "softbreak":
        yield replace(look, text=" ")
    elif token.type == "hardbreak":
        yield replace(look, text="\n")
    elif token.type == "code_inline":
        yield replace(look, text=token.content, code=True)
    elif token.type == "text_special":
        yield replace(look, text=token.content)
    elif token.type == "image":
        reading.say("bad-picture", "a picture stands alone in its paragraph.", "Put an empty line around it.", "![")
    else:
        shown = token.content.strip().splitlines()[0][:40]
        if not (shown.startswith("</") and any(problem.code == "raw-html" for problem in reading.problems)):
            reading.say("raw-html", f"raw HTML is not allowed: {shown}", HTML_HINT, shown)


def _link(address: str, reading: TextReading) -> str:
    if _SAFE_LINK.match(address):
        return address
    message = f"a link may not lead to '{address[:LONGEST_SHOWN]}'."
    reading.say("bad-link", message, "Use an http, https or mailto address.", address, unquote(address), "](")
    return ""


def _text(text: str, look: Run, reading: TextReading) -> Iterator[Run]:
    """A stretch of text with its citations and placeholders taken apart."""
    end = 0
    for match in _INLINE.finditer(text):
        yield from _plain_text(text[end : match.start()], look, reading)
        end = match.end()
        if match[1]:
            yield from _citations(match[1], look, reading)
        else:
            yield _placeholder(match[2].strip(), match[0], look, reading)
    yield from _plain_text(text[end:], look, reading)


def _plain_text(text: str, look: Run, reading: TextReading) -> Iterator[Run]:
    """What is neither citation nor placeholder, and was not meant to be."""
    for sign, code, noun, example in _HALVES:
        if sign in text:
            message = f"'{sign}' begins no {noun} that can be read."
            hint = f"Write {example} on one line, or a backslash before '{sign}' where you mean the signs."
            reading.say(code, message, hint, sign)
    yield replace(look, text=text)


def _citations(cited: str, look: Run, reading: TextReading) -> Iterator[Run]:
    """One run for each source cited in one pair of brackets; its text is the locator."""
    for source, _, locator in (part.strip().removeprefix("@").partition(",") for part in cited.split(";")):
        if reading.sources is not None and source not in reading.sources:
            hint = did_you_mean(source, reading.sources)
            reading.say("unknown-source", f"there is no source '{source}'.", hint, f"[{cited}]")
        yield replace(look, text=f", {locator.strip()}" if locator.strip() else "", cite=source)


def _placeholder(name: str, written: str, look: Run, reading: TextReading) -> Run:
    """A run to be filled; its name keeps a capital and a plural, which say how it is printed."""
    word, bar, form = (part.strip() for part in name.partition("|"))
    known = {**{each: each in NOUNS for each in PLACEHOLDERS}, **reading.terms}
    plain = word[:1].lower() + word[1:]
    shown = name[:LONGEST_SHOWN]
    if plain not in known or (bar and f"{bar}{form}" != PLURAL):
        hint = (
            did_you_mean(plain, known) if plain not in known else f"Write '{{{{{word}{PLURAL}}}}}' for several of it."
        )
        reading.say("unknown-placeholder", f"'{{{{{shown}}}}}' is not known.", hint, written)
    elif bar and not known[plain]:
        hint = "Name what it is called when there are several under 'terms' in pack.yaml, as 'many'."
        reading.say("no-plural", f"'{{{{{shown}}}}}': '{plain}' has no plural.", hint, written)
    return replace(look, fill=f"{word}{bar}{form}")


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
