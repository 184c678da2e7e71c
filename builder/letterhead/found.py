"""A letterhead on the disk: one regular file of a bearable size, and nothing else."""

import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol

from builder.letterhead.guard import opened
from builder.letterhead.package import Letterhead
from builder.model import Plan
from builder.problems import InputError, Problem

MOST_BYTES: Final = 20_000_000

_KINDS: Final = (
    (stat.S_ISLNK, "is a link to another place", "Name the Word file itself."),
    (stat.S_ISDIR, "is a folder", "Name the Word file in it."),
    (lambda mode: not stat.S_ISREG(mode), "is not a file", "Name a Word file (.docx)."),
)


class Placed(Protocol):
    """Answers that know where each of them stands."""

    def problem(self, code: str, message: str, loc: tuple[str | int, ...] = ()) -> Problem:
        """A problem placed at an answer."""


def named(name: str | None, brief: Path | None, answers: Placed) -> Letterhead | None:
    """The letterhead that a brief names, from the brief's folder; raises InputError at the place where it is named."""
    if name is None:
        return None
    place = answers.problem("letterhead", f"letterhead: '{name}'", ("letterhead",))
    if not place.line:
        place = replace(place, path="", line=None, column=None)
    path = (brief.parent if brief else Path()) / name
    return opened(find(path, place), path.as_posix())


def seen_from(plan: Plan, brief: Path | None, kit: Path) -> Plan:
    """The plan with the letterhead named as seen from the kit's folder, so that its `workshop.yaml` builds again."""
    name = plan.brief.letterhead
    if name is None or Path(name).is_absolute():
        return plan
    path = (brief.parent if brief else Path()) / name
    try:
        seen = Path(os.path.relpath(path.absolute(), kit.absolute())).as_posix()
    except ValueError:  # on another drive
        seen = path.absolute().as_posix()
    return plan.model_copy(update={"brief": plan.brief.model_copy(update={"letterhead": seen})})


def find(path: Path, place: Problem) -> bytes:
    """The bytes of the letterhead at `path`; raises InputError that says `place`, where the brief names it."""
    if path.suffix.lower() != ".docx":
        raise _refused(
            place, "is not a Word file (.docx)", "Save it in Word as 'Word Document (.docx)', without macros."
        )
    try:
        mode, size = path.lstat().st_mode, path.lstat().st_size
    except (OSError, ValueError):
        raise _refused(
            place, "is not there", f"It is looked for at {path.as_posix()}, from the brief's folder."
        ) from None
    for is_so, what, hint in _KINDS:
        if is_so(mode):
            raise _refused(place, what, hint)
    if size > MOST_BYTES:
        what = f"has {size / 1e6:.0f} MB, and at most {MOST_BYTES / 1e6:.0f} are read"
        raise _refused(place, what, "Save it in Word with smaller pictures.")
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _refused(
            place, f"cannot be read ({error.strerror})", "Close it in Word, and check who may read it."
        ) from None


def _refused(place: Problem, what: str, hint: str) -> InputError:
    message = f"{place.message} {what}."
    return InputError([Problem("letterhead", message, place.path, place.line, place.column, hint)])
