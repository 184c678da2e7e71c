"""The papers of the agenda that is on the table, in words for a page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder import folder, kit, letterhead, making, questions
from builder.kit import printrun
from builder.packs.option import letterhead_of
from builder.problems import InputError, Problem
from builder.web.letterheads import FILE_NAME
from builder.web.state import Told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from builder.letterhead import Letterhead
    from builder.model import Plan
    from builder.questions import SoFar
    from builder.roster.reading import Roster

CALENDAR, BRIEF = "agenda.ics", "workshop.yaml"
_TITLES = {**kit.TITLES, CALENDAR: "Calendar entry", BRIEF: "All answers"}
_LEAD, _TAKE, _AROUND, _KEEP = "For whoever leads", "For the people in the room", "Before and after", "To keep"
_PAPERS = {
    "facilitator-guide.docx": (_LEAD, "Every step in full: what to say and do, and why it is there."),
    "agenda.docx": (_LEAD, "On the wall, large enough for the whole room."),
    "day-card.docx": (_LEAD, "In your hand: what to do when it runs late, and when it gets heated."),
    "print-and-pack.docx": (_LEAD, "What to print, in how many copies, what to cut, and what to bring."),
    "handouts-each-person.docx": (_TAKE, "One set for everybody."),
    "handouts-each-group.docx": (_TAKE, "One for each table."),
    "handouts-room.docx": (_TAKE, "One for the whole room."),
    "agenda-large-print.docx": (_TAKE, "To hold, for those who cannot read the wall."),
    "handouts-each-person-large-print.docx": (_TAKE, "The same in 18 points."),
    "handouts-each-group-large-print.docx": (_TAKE, "The same in 18 points."),
    "handouts-room-large-print.docx": (_TAKE, "The same in 18 points."),
    "handouts.html": (_TAKE, "One file for phones, screens and screen readers; it needs no network."),
    "group-cards.docx": (_TAKE, "To draw at the door, so that groups are made by chance; slips for latecomers."),
    "badges.docx": (_TAKE, "A badge for each name of your list."),
    "table-cards.docx": (_TAKE, "A card to fold for each name of your list."),
    "invitation.docx": (_AROUND, "To send before: what it is about, and what people need to know to come."),
    "afterwards.docx": (_AROUND, "The page that stays when people are gone."),
    CALENDAR: (_AROUND, "To attach to the invitation."),
    BRIEF: (_KEEP, "To open here again, or to build from with 'workshop build'."),
}
_HINTS = {
    "no-contacts": "Add them under Details, or fill the lines by hand.",
    "no-organisation": "Add it under Details, or leave it.",
    "names": "Before you pass the papers on, forget the list, and write them once more: that removes both.",
    "names-removed": "Send the list again to have them.",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One paper in the list: its file, title and purpose, its size, how to print it, and its preview, if it has one."""

    name: str
    title: str
    group: str
    words: str
    kilobytes: int
    pages: int | None
    printing: str
    preview: str


@dataclass(frozen=True, slots=True)
class Made:
    """The papers, what to know before they are printed, and the letterhead that lies beside them."""

    kit: kit.Kit
    warnings: Sequence[Problem]
    letterhead: bytes | None = None
    previews: dict[str, Any] = field(default_factory=dict)

    @property
    def stems(self) -> Mapping[str, str]:
        """The papers that can be looked at: what their addresses call them, and their files."""
        return {Path(name).stem: name for name in _PAPERS if name in self.kit.papers}

    @property
    def packed(self) -> Mapping[str, bytes]:
        """All files that belong together; the brief names the letterhead as it is called here."""
        return {**self.kit.files, **({FILE_NAME: self.letterhead} if self.letterhead else {})}

    def listed(self, counted: Mapping[str, int]) -> list[tuple[str, list[Listed]]]:
        """The papers in groups by whom they are for; `counted` are the pages of those that somebody counted."""
        stems = {name: stem for stem, name in self.stems.items()}
        found: dict[str, list[Listed]] = {}
        for name, (group, words) in _PAPERS.items():
            if name in self.kit.files:
                size, pages = -(-len(self.kit.files[name]) // 1000), counted.get(name)
                paper = Listed(
                    name, _TITLES[name], group, words, size, pages, _printing(self.kit, name), stems.get(name, "")
                )
                found.setdefault(group, []).append(paper)
        return list(found.items())


def title_of(name: str) -> str:
    """What a paper is called."""
    return _TITLES[name]


def purpose_of(name: str) -> str:
    """What a paper is for."""
    return _PAPERS[name][1]


def _printing(papers: kit.Kit, name: str) -> str:
    """How a paper is printed, in a few words."""
    runs: Any = papers.facts.get("print_run", {})
    run = runs.get(name) if name.endswith(".docx") else None
    if run is None:
        return ""
    if run["copies"] == 0:
        return str(run["instead"]) if run["instead"] != "none" else ""
    sides = ", both sides" if run["both_sides"] else ""
    if run["copies"] is None:
        return f"copies by sheet: see Print and pack{sides}"
    return f"{run['copies']} {'copy' if run['copies'] == 1 else 'copies'}{sides}"


# ------------------------------------------------------------ making and writing


def made(plan: Plan, so: SoFar, brief: Path | None, people: Roster | None = None) -> Made:
    """The papers for an agenda; InputError where the letterhead or a text cannot be used."""
    found, content = _letterhead(so, brief), None
    if found is not None:
        path = (brief.parent if brief else Path()) / str(so.brief.letterhead)
        content = letterhead.find(path, Problem("letterhead", "the letterhead"))
        named = plan.brief.model_copy(update={"letterhead": FILE_NAME})
        plan = plan.model_copy(update={"brief": named})
    papers = kit.make(plan, so.library, None, people.names if people else (), found)
    return Made(papers, list(map(_said_here, [*kit.left_open(so.brief), *papers.warnings])), content)


def written(  # noqa: PLR0913, PLR0917 - what is written, and where
    plan: Plan, so: SoFar, brief: Path | None, home: Path, typed: str, people: Roster | None = None
) -> making.Written:
    """The papers in the folder that was typed, as seen from `home`, by the same rules as `workshop build`.

    InputError, OSError: that cannot be. RuntimeError, ValueError: it is no folder's name.
    """
    target = home / (Path(typed).expanduser() if typed else making.usual_folder(so.brief))
    return making.write(plan, so.library, target, _letterhead(so, brief), brief=brief, people=people)


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


def counted(target: Path, files: Mapping[str, bytes]) -> Mapping[str, int]:
    """The pages of these papers, where `workshop print` counted them in this folder and they are still the same."""
    try:
        counts = printrun.counts_from(folder.look(target, kit.NAMES).facts)
    except (InputError, OSError):
        return {}
    same = {name: hashlib.sha256(files[name]).hexdigest() for name in counts if name in files}
    return {name: counts[name].pages for name, digest in same.items() if counts[name].sha256 == digest}


def _letterhead(so: SoFar, brief: Path | None) -> Letterhead | None:
    return letterhead.named(so.brief.letterhead, brief, questions.layered(so.answers)) or letterhead_of(so.library)


def _said_here(problem: Problem) -> Problem:
    """A problem with the hint that fits a page, where another one speaks of the brief's file."""
    return replace(problem, hint=_HINTS.get(problem.code, problem.hint))
