"""The papers of the agenda that is on the table, in words for a page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from builder import kit, letterhead, making, questions
from builder.packs.option import letterhead_of
from builder.web.state import Told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.letterhead import Letterhead
    from builder.model import Plan
    from builder.problems import Problem
    from builder.questions import SoFar

_OTHERS = {
    "agenda.ics": "Calendar entry",
    "workshop.yaml": "All answers, to open again or to build from",
}

_HINTS = {
    "no-contacts": "Add them under Details, or fill the lines by hand.",
    "no-organisation": "Add it under Details, or leave it.",
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
    papers = kit.make(plan, so.library, None, (), _letterhead(so, brief))
    return Made(papers, list(map(_said_here, [*kit.left_open(so.brief), *papers.warnings])))


def written(plan: Plan, so: SoFar, brief: Path | None, home: Path, typed: str) -> making.Written:
    """The papers in the folder that was typed, as seen from `home`, by the same rules as `workshop build`.

    InputError, OSError: that cannot be. RuntimeError, ValueError: it is no folder's name.
    """
    target = home / (Path(typed).expanduser() if typed else making.usual_folder(so.brief))
    return making.write(plan, so.library, target, _letterhead(so, brief), brief=brief)


def told(found: making.Written) -> Told:
    """What became of the folder, line by line."""
    warnings = [
        f"{each.message[:1].upper()}{each.message[1:]} {each.hint}".strip() for each in map(_said_here, found.problems)
    ]
    moved = [f"What moved since plan {found.since}: {'; '.join(found.changes)}"] if found.changes else []
    removed = [f"Removed: {', '.join(found.report.removed)}"] if found.report.removed else []
    return Told(
        f"The papers are in {found.folder}",
        [f"Plan {found.kit.code}: {found.counted}", *removed, *moved, *warnings],
    )


def _said_here(problem: Problem) -> Problem:
    """A problem with the hint that fits a page, where another one speaks of the brief's file."""
    return replace(problem, hint=_HINTS.get(problem.code, problem.hint))


def _letterhead(so: SoFar, brief: Path | None) -> Letterhead | None:
    return letterhead.named(so.brief.letterhead, brief, questions.layered(so.answers)) or letterhead_of(so.library)
