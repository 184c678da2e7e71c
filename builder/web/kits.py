"""The papers of the agenda that is on the table, in words for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder import kit, letterhead, questions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from builder.model import Plan
    from builder.problems import Problem
    from builder.questions import SoFar

_OTHERS = {
    "agenda.ics": "Calendar entry",
    "workshop.yaml": "All answers, to open again or to build from",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One paper in the list: its file, what it is called, and how many kilobytes it has."""

    name: str
    title: str
    kilobytes: int


@dataclass(frozen=True, slots=True)
class Made:
    """The papers, and what to know before they are printed."""

    kit: kit.Kit
    warnings: Sequence[Problem]

    @property
    def listed(self) -> list[Listed]:
        """The papers in the order in which they are used."""
        titles = {**kit.TITLES, **_OTHERS}
        files = self.kit.files
        names = sorted(files, key=lambda name: list(titles).index(name) if name in titles else len(titles))
        return [Listed(name, titles.get(name, name), -(-len(files[name]) // 1000)) for name in names]


def made(plan: Plan, so: SoFar, brief: Path | None) -> Made:
    """The papers for an agenda; InputError where the letterhead or a text cannot be used."""
    found = letterhead.named(so.brief.letterhead, brief, questions.layered(so.answers))
    papers = kit.make(plan, so.library, None, (), found)
    return Made(papers, [*kit.left_open(so.brief), *papers.warnings])
