"""A brief that was sent: read as strictly as a file, and held against the answers that it would replace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from builder.library import text_in
from builder.problems import InputError, Problem, has_errors
from builder.questions import QUESTIONS, so_far
from builder.questions.parsed import PLACEHOLDERS
from builder.strict import Marked, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from builder.model import Brief, Library
    from builder.questions import SoFar

NAME = "workshop.yaml"
"""What a brief is called here, whatever it was called where it came from."""
_MOST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that a brief would change: what it is called, what it is, and what it would be."""

    label: str
    now: str
    then: str


def read(content: bytes, library: Library, letterhead: str | None) -> tuple[SoFar, Sequence[Problem]]:
    """The answers in a brief, and what to know about them; InputError names every problem with line and column.

    A letterhead is a file, which no brief holds: the one in use stays, and one that the brief names is told.
    """
    text, notes = text_in(content, NAME)
    marked, problems = read_yaml(text, NAME)
    if has_errors(problems):
        raise InputError(problem for problem in problems if problem.severity == "error")
    if not marked.values:
        message, hint = "holds no answers.", "A brief begins with a line such as 'title: Solidarity in practice'."
        raise InputError([Problem("empty", message, NAME, hint=hint)])
    values = dict(marked.values)
    named = values.pop("letterhead", None)
    brief = so_far(library, Marked(values, NAME, marked.places, marked.keys)).brief
    kept = {"letterhead": letterhead} if letterhead is not None else {}
    found = so_far(library, {**_answers(brief, values), **kept})
    told = [*notes, *problems]
    if named is not None:
        told.append(Problem("letterhead", "it names a letterhead, which is a file of its own: send that, too.", NAME))
    return found, told


def _answers(brief: Brief, values: Mapping[str, object]) -> dict[str, Any]:
    """All that a brief answers; what it leaves out is as usual, and asked no more, but what has no usual answer."""
    told = brief.model_dump(mode="json", exclude_none=True)
    return {key: value for key, value in told.items() if key in values or key not in PLACEHOLDERS}


def differences(now: SoFar, then: SoFar) -> list[Difference]:
    """What taking the answers `then` over would change, each question once, in the order of the questions."""
    before, after = (so.brief.model_dump(mode="json") for so in (now, then))
    changed = [key for key in after if before[key] != after[key]]
    asked = [each for each in QUESTIONS if each.label and set(each.keys) & set(changed)]
    told = [Difference(each.label, _told(each.told, now), _told(each.told, then)) for each in asked]
    covered = {key for each in asked for key in each.keys}
    same = [each for each in told if each.now != each.then]
    return [*same, *_others([key for key in changed if key not in covered], before, after)]


def _others(keys: Sequence[str], before: dict[str, Any], after: dict[str, Any]) -> Iterator[Difference]:
    for key in keys:
        yield Difference(key.replace("_", " ").capitalize(), _shown(before[key]), _shown(after[key]))


def _told(words: Any, so: SoFar) -> str:
    return _shown(words(so))


def _shown(value: object) -> str:
    """A value of the brief in plain words."""
    if isinstance(value, dict):
        value = [f"{key}: {_shown(each)}" for key, each in value.items()]
    if isinstance(value, list):
        value = ", ".join(map(_shown, value))
    text = "none" if value in (None, "") else {True: "yes", False: "no"}.get(value, str(value))  # type: ignore[call-overload]
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
