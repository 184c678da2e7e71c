"""How we say that something is wrong: one kind of problem, one family of errors, the exit codes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]

_MOST_KNOWN = 12

EXIT_DONE = 0
EXIT_UNUSABLE_INPUT = 1
EXIT_WRONG_USAGE = 2
EXIT_INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, where (`path:line:column`, counted from 1), and what to do."""

    code: str
    message: str
    path: str = ""
    line: int | None = None
    column: int | None = None
    hint: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        """`path:line:column: message [code]`, leaving out what is not known."""
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part)
        return f"{place}: {self.message} [{self.code}]" if place else f"{self.message} [{self.code}]"


class WorkshopError(Exception):
    """Something that a person can put right; `problems` says what and where."""

    exit_code = EXIT_UNUSABLE_INPUT

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep every problem, so that all of them can be shown together."""
        self.problems: Sequence[Problem] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class InputError(WorkshopError):
    """A module, pack, brief or letterhead cannot be used."""


class RefusedError(WorkshopError):
    """No agenda keeps the rules; says the fewest and the most minutes that would do, where known."""

    def __init__(
        self,
        problems: Iterable[Problem],
        least_minutes: int | None = None,
        most_minutes: int | None = None,
    ) -> None:
        """Keep the two lengths (whole minutes, null where unproved) beside the problems."""
        super().__init__(problems)
        self.least_minutes = least_minutes
        self.most_minutes = most_minutes


class UsageError(WorkshopError):
    """The command was called in a way that cannot be understood."""

    exit_code = EXIT_WRONG_USAGE


class InterruptedAnswersError(WorkshopError):
    """Somebody stopped the questions; the answers so far are kept."""

    exit_code = EXIT_INTERRUPTED


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of the problems is an error rather than a warning or a note."""
    return any(problem.severity == "error" for problem in problems)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like `word`, or None where nothing is near."""
    import difflib

    matches = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return matches[0] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known word, or the known ones (twelve at most) where none is near."""
    known = sorted(known)
    near = nearest(word, known)
    if near is not None:
        return f"Did you mean '{near}'?"
    if not known:
        return "There is none to choose from."
    return "Known: " + ", ".join(known[:_MOST_KNOWN]) + (", …" if len(known) > _MOST_KNOWN else ".")
