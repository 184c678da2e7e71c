"""The terminal we talk in: what is written where, how wide it is, and whether keys and colours work there."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from builder.strict import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from builder.problems import Problem

PIPED_WIDTH = 100
WIDEST = 110
NARROWEST = 40
_DUMB = frozenset({"", "dumb", "unknown"})

_IN_ASCII = str.maketrans({
    "–": "-", "—": "-", "←": "<-", "→": "->", "“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "·": "|", "»": ">",
    "×": "x", "•": "*", "−": "-", "\u00a0": " ", "≥": ">=", "≤": "<=", "─": "-", "━": "-",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Screen:
    """A file to write to; `fancy` where arrow keys and colours work, otherwise numbered questions and plain text."""

    file: TextIO
    fancy: bool = False
    fixed_width: int | None = None

    @property
    def width(self) -> int:
        """The columns that text may fill."""
        if self.fixed_width is not None:
            return self.fixed_width
        columns = shutil.get_terminal_size((PIPED_WIDTH, 24)).columns if _is_terminal(self.file) else PIPED_WIDTH
        return max(NARROWEST, min(columns, WIDEST))

    @property
    def is_unicode_terminal(self) -> bool:
        """Whether the file is a terminal that knows all signs."""
        return _is_terminal(self.file) and _is_unicode(self.file)

    def spelled(self, text: str) -> str:
        """`text` as this file can hold it: signs that it does not know are written in ASCII."""
        return spelled(text, getattr(self.file, "encoding", None))

    def write(self, text: str) -> None:
        """Write a text as it is, and show it at once."""
        self.file.write(self.spelled(clean(text)))
        self.file.flush()

    def end_line(self) -> None:
        """Begin a new line where a prompt was left unanswered; arrow keys leave none behind."""
        if not self.fancy:
            self.write("\n")

    def say(self, text: str = "", indent: str = "", look: str = "") -> None:
        """Write a text, its lines wrapped between words; `look` is a rich style, used where colours work."""
        lines = [line for part in clean(text).split("\n") for line in self._wrapped(part, indent)]
        if not (self.fancy and look):
            self.write("\n".join(lines) + "\n")
            return
        from rich.console import Console

        console = Console(file=self.file, highlight=False, markup=False, emoji=False, soft_wrap=True)
        console.print("\n".join(lines), style=look)

    def _wrapped(self, line: str, indent: str) -> list[str]:
        hanging = indent + ("  " if line.startswith("- ") else "")
        wrapped = textwrap.wrap(line, self.width - 1, initial_indent=indent, subsequent_indent=hanging)
        return wrapped or [""]

    def say_problems(self, problems: Iterable[Problem]) -> None:
        """Say what is wrong in a conversation: the message and what to do, without codes and places."""
        for problem in problems:
            self.say(problem.message[:1].upper() + problem.message[1:], indent="  ", look="bold red")
            if problem.hint:
                self.say(problem.hint, indent="  ")


def find_screen(*, plain: bool = False) -> Screen:
    """The screen of this process; `plain` asks for numbered questions also where arrow keys would work."""
    file = sys.stdout if _is_terminal(sys.stdout) else sys.stderr
    able = _is_terminal(sys.stdin) and _is_terminal(sys.stdout) and _is_unicode(file) and _is_unicode(sys.stdin)
    dumb = sys.platform != "win32" and os.environ.get("TERM", "").lower() in _DUMB
    return Screen(file, fancy=able and not dumb and not plain)


def spelled(text: str, encoding: str | None) -> str:
    """`text` in signs that an encoding can hold."""
    encoding = encoding or "utf-8"
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return text.translate(_IN_ASCII).encode("ascii", "replace").decode("ascii")
    return text


def _is_terminal(file: TextIO | None) -> bool:
    try:
        return file is not None and file.isatty()
    except ValueError:
        return False


def _is_unicode(file: TextIO | None) -> bool:
    return (getattr(file, "encoding", None) or "").lower().replace("-", "").startswith("utf")
