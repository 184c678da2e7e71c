"""What an author waives, with a reason: the finding stays as a note, and does not count."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from builder.problems import Problem, did_you_mean
from builder.quality.found import criteria
from builder.strict import Marked

UNKNOWN_CODE, NO_REASON, NOTHING_TO_WAIVE = "waiver-unknown-code", "waiver-without-reason", "waiver-unneeded"


def waived(problems: Iterable[Problem], marks: Sequence[Marked]) -> Iterator[Problem]:
    """The findings, those that their file waives as notes with the reason; then what is wrong with waivers."""
    reasons = {mark.path: _reasons(mark) for mark in marks}
    used: set[tuple[str, str]] = set()
    for problem in problems:
        reason = reasons.get(problem.path, {}).get(problem.code)
        if reason:
            used.add((problem.path, problem.code))
            yield replace(problem, severity="note", message=f"{problem.message} Waived: {reason}", hint="")
        else:
            yield problem
    for mark in {mark.path: mark for mark in marks}.values():
        yield from _wrong(mark, used)


def _reasons(mark: Marked) -> Mapping[str, str]:
    """What a file waives, as far as it says why."""
    written = mark.values.get("waive")
    known = criteria()
    return {code: reason for code, reason in written.items() if code in known} if isinstance(written, Mapping) else {}


def _wrong(mark: Marked, used: set[tuple[str, str]]) -> Iterator[Problem]:
    """Codes that nobody knows, reasons that are missing, and waivers that nothing needs any more."""
    known, reasons = criteria(), _reasons(mark)
    for loc in mark.keys:
        if len(loc) != 2 or loc[0] != "waive":
            continue
        code = str(loc[1])
        if code not in known or known[code].elsewhere:
            hint = did_you_mean(code, [each for each, entry in known.items() if not entry.elsewhere])
            message = f"there is no criterion '{code}' to be waived."
            yield mark.problem(UNKNOWN_CODE, message, loc, hint, at_key=True)
        elif code not in reasons:
            hint = "Write after the colon why this lesson does without it."
            yield mark.problem(NO_REASON, f"'{code}' is waived without a reason.", loc, hint, at_key=True)
        elif (mark.path, code) not in used:
            problem = mark.problem(
                NOTHING_TO_WAIVE, f"nothing here needs '{code}' waived.", loc, "Take it out.", at_key=True
            )
            yield replace(problem, severity="note")
