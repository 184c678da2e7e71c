"""Papers made and put into a folder: what `build`, `new` and the browser's page do alike with an agenda."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder import folder, kit, letterhead
from builder.printing.stale import outdated
from builder.roster import reading as roster

if TYPE_CHECKING:
    from builder.folder import Report
    from builder.letterhead import Letterhead
    from builder.model import Brief, Library, Plan
    from builder.problems import Problem
    from builder.roster.reading import Roster


@dataclass(frozen=True, slots=True)
class Written:
    """A kit in its folder: what was written, what to know about it, and what moved since the plan before, if any."""

    folder: Path
    kit: kit.Kit
    report: Report
    problems: Sequence[Problem]
    since: str = ""
    changes: Sequence[str] = ()

    @property
    def names(self) -> list[str]:
        """The papers that are there now, written or as they were."""
        return sorted([*self.report.written, *self.report.unchanged])

    @property
    def counted(self) -> str:
        """What became of the folder, in a few words."""
        new = f"{len(self.report.written)} written" if self.report.written else "nothing had changed"
        removed = f", {len(self.report.removed)} no longer needed and removed" if self.report.removed else ""
        return new + removed


def usual_folder(brief: Brief) -> Path:
    """Where a kit goes where nobody names a folder: its day, or `workshop`, and its title."""
    return Path(f"{brief.date or 'workshop'}-{folder.safe_name(brief.title)}")


def write(  # noqa: PLR0913 - what a kit is made of
    plan: Plan,
    library: Library,
    target: Path,
    paper: Letterhead | None,
    *,
    brief: Path | None = None,
    people: Roster | None = None,
) -> Written:
    """Make the papers and write them into a folder, by its rules; InputError where that cannot be.

    `brief` is the file that the brief came from, `people` are for badges and table cards; no build changes either.
    """
    untouchable = [path for path in (brief, people and people.path) if path]
    before = folder.look(target, kit.NAMES, untouchable)
    plan = letterhead.seen_from(plan, brief, target)
    former, names = kit.former(before.facts, before.passed_over, before.on_disk), people.names if people else ()
    made = kit.make(plan, library, former, names, paper)
    report = folder.write_kit(target, made.files, made.facts, made.code, former=before, untouchable=untouchable)
    told = roster.about_names(people, target, report.written + report.unchanged, report.removed, before.on_disk)
    problems = [*kit.left_open(plan.brief), *made.warnings, *report.warnings, *told, *outdated(target, made.files)]
    facts: Mapping[str, Any] = made.facts if before.facts.get("plan_code") != made.code else {}
    return Written(target, made, report, problems, facts.get("since", ""), facts.get("changes", ()))
