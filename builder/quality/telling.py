"""How findings are told: in words, as JSON, or as commands that GitHub shows beside a line; and what a code means."""

import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from builder.problems import Problem, UsageError, did_you_mean
from builder.published import problem as published
from builder.quality.found import criteria

_GITHUB = {"error": "error", "warning": "warning", "note": "notice"}
_WAIVE = "Where a lesson does without it for a reason, write in its front matter: waive: {{{code}: why}}"


def told(problems: Sequence[Problem], style: str) -> str:
    """All findings as one text, in one of STYLES."""
    return STYLES[style](problems)


def _text(problems: Sequence[Problem]) -> str:
    """Each as `path:line:column: message [code]`, then what to do; what is no error says so."""
    return "".join(f"{line}\n" for problem in problems for line in _lines(problem))


def _lines(problem: Problem) -> Sequence[str]:
    place = ":".join(str(part) for part in (problem.path, problem.line, problem.column) if part)
    severity = "" if problem.severity == "error" else problem.severity
    told = ": ".join(part for part in (place, severity, problem.message) if part)
    return (f"{told} [{problem.code}]", *([f"  TIP: {problem.hint}"] if problem.hint else []))


def _json(problems: Sequence[Problem]) -> str:
    """Every finding as `plan --json` tells problems, with the number of its criterion, and how many there are."""
    known = criteria()
    entries = [
        {**published(problem), "criterion": known[problem.code].number if problem.code in known else None}
        for problem in problems
    ]
    return json.dumps({**_counts(problems), "problems": entries}, indent=2) + "\n"


def _github(problems: Sequence[Problem]) -> str:
    """One workflow command for each finding: GitHub shows it beside the line of a pull request."""
    return "".join(f"{_command(problem)}\n" for problem in problems)


def _command(problem: Problem) -> str:
    places = (("file", problem.path), ("line", problem.line), ("col", problem.column), ("title", problem.code))
    where = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in places if value)
    message = f"{problem.message}\nTIP: {problem.hint}" if problem.hint else problem.message
    return f"::{_GITHUB[problem.severity]} {where}::{_escaped(message)}"


def _escaped(text: str, more: str = "") -> str:
    """The text as a workflow command takes it: what would end it, or a property in it, is written by its number."""
    text = text.replace("%", "%25")
    return "".join(f"%{ord(sign):02X}" if sign in f"\r\n{more}" else sign for sign in text)


STYLES: Mapping[str, Callable[[Sequence[Problem]], str]] = MappingProxyType(
    {"text": _text, "json": _json, "github": _github}
)


def _counts(problems: Sequence[Problem]) -> dict[str, int]:
    return {f"{kind}s": sum(problem.severity == kind for problem in problems) for kind in _GITHUB}


def counted(problems: Sequence[Problem], *, draft: bool = False) -> str:
    """A closing line: how many findings of each severity, and what was not judged."""
    counts = [f"{count} {kind if count != 1 else kind[:-1]}" for kind, count in _counts(problems).items()]
    line = f"{', '.join(counts[:-1])} and {counts[-1]}."
    unread = any(problem.severity == "error" and problem.code not in _judged_later() for problem in problems)
    if unread and not draft:
        return f"{line} How good the lessons are is judged once these errors are put right."
    if any(problem.code == "to-do" for problem in problems) and not draft:
        return f"{line} A lesson that says TODO is judged once it is filled in."
    return line


def _judged_later() -> set[str]:
    """The codes that only come up once the files can be used."""
    return {code for code, entry in criteria().items() if not entry.elsewhere} | {
        "waiver-unknown-code",
        "waiver-without-reason",
    }


def explained(code: str) -> str:
    """What a criterion asks, its number and source, and how to put right what does not meet it."""
    known = criteria()
    if code not in known:
        hint = f"{did_you_mean(code, known)} Other codes are about how files are written; their TIP says it all."
        raise UsageError([Problem("unknown-code", f"--explain: there is no criterion '{code}'.", hint=hint)])
    entry = known[code]
    lines = [
        f"{code} ({entry.number}, {entry.severity})",
        f"  Asks: {entry.asks}",
        f"  Source: {entry.source}.",
        f"  To put it right: {entry.remedy}",
    ]
    if entry.elsewhere:
        lines.append("  The format itself asks for it, so it cannot be waived.")
    elif not code.startswith("sides"):
        lines.append(f"  {_WAIVE.format(code=code)}")
    return "".join(f"{line}\n" for line in lines)
