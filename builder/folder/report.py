"""What a person is told after a kit was written."""

from dataclasses import dataclass
from pathlib import Path

from builder.folder.names import RECORD
from builder.folder.rules import Decision, Kept
from builder.problems import Problem


@dataclass(frozen=True, slots=True)
class Report:
    """The names of the files written, unchanged and removed, those kept for their owner, and what to warn of."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: tuple[Kept, ...]
    removed: tuple[str, ...]
    warnings: tuple[Problem, ...]


def report(folder: Path, decision: Decision, *, damaged: bool) -> Report:
    """Tell what a decision did to a folder; `damaged` where its former `kit.json` could not be understood."""
    warnings = [_warn_of_record(folder)] if damaged else []
    warnings += [_warn_of_kept(folder, kept) for kept in decision.kept]
    warnings += [_warn_of_clock(folder, kept, decision.plan_code) for kept in decision.other_clocks]
    return Report(
        written=tuple(write.name for write in decision.writes),
        unchanged=decision.unchanged,
        kept=decision.kept,
        removed=tuple(removal.name for removal in decision.removals),
        warnings=tuple(warnings),
    )


def _warn(code: str, message: str, path: Path, hint: str) -> Problem:
    return Problem(code, message, str(path), hint=hint, severity="warning")


def _warn_of_record(folder: Path) -> Problem:
    message = "this could not be understood, so every file here that differs from the new kit is taken for yours."
    return _warn("kit-record-damaged", message, folder / RECORD, "The old text is kept beside it, as kit.damaged.json.")


def _warn_of_kept(folder: Path, kept: Kept) -> Problem:
    stays = f"'{kept.name}' is not as this program wrote it, so it stays as it is"
    if kept.current is None:
        hint = "Delete it when you no longer need it."
        return _warn("edited-kept", f"{stays}; this kit has no such paper any more.", folder / kept.name, hint)
    hint = "Take over your changes by hand; once you delete or move your file, the next build uses its name again."
    return _warn("edited-kept", f"{stays}; the new version is '{kept.current}'.", folder / kept.name, hint)


def _warn_of_clock(folder: Path, kept: Kept, plan_code: str) -> Problem:
    theirs = f"belongs to plan {kept.plan_code}" if kept.plan_code else "may belong to another plan"
    message = f"two different clocks in one folder: '{kept.name}' {theirs}, the new papers to plan {plan_code}."
    hint = f"On the day, use '{kept.current}'." if kept.current else "Leave it out on the day."
    return _warn("two-clocks", message, folder / kept.name, hint)
