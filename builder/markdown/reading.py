"""One text on its way from Markdown to blocks: where we are in it, and what is wrong with it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from builder.problems import Problem

CONTAINERS = ("card", "note", "say", "write", "tick", "cut", "source", "disagreements")
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
NOUNS = ("colleague_network",)
PLURAL = "|plural"
MOST_PROBLEMS = 100
LONGEST_SHOWN = 60


@dataclass
class TextReading:
    """One text being read: its path, its first line, which sources it may cite, and what was found wrong.

    `terms` are further placeholders, each with whether it has a plural.
    """

    path: str
    first_line: int
    lines: Sequence[str]
    sources: Collection[str] | None = None
    terms: Mapping[str, bool] = field(default_factory=dict)
    line: int = 0
    problems: list[Problem] = field(default_factory=list)

    def say(self, code: str, message: str, hint: str = "", *near: str) -> None:
        """Note a problem where one of the texts `near` first stands, from the line being read on, and is not noted."""
        if len(self.problems) >= MOST_PROBLEMS:
            return
        places = (Problem(code, message, self.path, line, column, hint) for line, column in self.places(near))
        new = next((problem for problem in places if problem not in self.problems), None)
        if new is not None:
            self.problems.append(new)

    def places(self, near: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Where the texts stand in the file; after them, where the line being read begins."""
        first = self.lines[self.line] if self.line < len(self.lines) else ""
        for wanted in filter(None, near):
            for number, text in enumerate(self.lines[self.line :], self.line + self.first_line):
                yield from ((number, match.start() + 1) for match in re.finditer(re.escape(wanted), text))
        yield self.line + self.first_line, len(first) - len(first.lstrip()) + 1
