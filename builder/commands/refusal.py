"""Planning for a command: where a brief is refused, what could be had instead comes with the refusal."""

import sys
from typing import TYPE_CHECKING

from builder.commands.given import say
from builder.problems import RefusedError, WorkshopError

if TYPE_CHECKING:
    from builder.model import Brief, Library, Plan
    from builder.planner import Instead


class RefusedWithOtherError(RefusedError):
    """A refusal that knows the best agenda without the costliest wish, or that there is none."""

    def __init__(self, error: RefusedError, booked: int, other: "Instead | None", library: "Library") -> None:
        """Keep what the refusal says, the minutes booked, the other agenda, and the lessons that it is made of."""
        super().__init__(error.problems, error.least_minutes, error.most_minutes)
        self.booked = booked
        self.other = other
        self.library = library


def planned(library: "Library", brief: "Brief") -> "Plan":
    """The agenda for a brief; raises RefusedWithOtherError where there is none."""
    from builder import calibrate, planner

    try:
        return calibrate.plan(library, brief)
    except RefusedError as error:
        other = planner.instead(library, brief, error)
        raise RefusedWithOtherError(error, brief.minutes, other, library) from error


def explain(error: WorkshopError) -> int:
    """Say on standard error what is wrong and what could be had instead; gives the exit code."""
    from builder import terminal

    terminal.show_problems(error.problems, sys.stderr)
    if isinstance(error, RefusedWithOtherError):
        _tell_other(error)
    return error.exit_code


def _tell_other(error: RefusedWithOtherError) -> None:
    """The fewest minutes, where more would do, and the agenda that could be had instead."""
    from builder import terminal

    if error.least_minutes is not None and error.least_minutes > error.booked:
        say(f"It can be planned from {error.least_minutes} minutes on.")
    if error.other is not None:
        words = error.other.words
        say(f"\n{words[:1].upper()}{words[1:]} it would be:")
        terminal.show(error.other.plan, error.library, sys.stderr, reasons=False)
