"""Which layer each part of a lesson comes from: the library, or a pack that changed or brought it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from builder.library import Findings
from builder.library.reading import inside
from builder.model import Change, Text
from builder.packs import parts
from builder.packs.loading import Laid, laid_over
from builder.problems import InputError, Problem, did_you_mean, has_errors

LIBRARY = "library"
Rows = Mapping[str, Sequence[tuple[str, str]]]


def origins(folder: Path, packs: Sequence[Path], lesson: str) -> Rows:
    """For each file of a lesson, by its path inside the library, its parts and where each comes from."""
    laid = laid_over(folder, packs)
    found = laid.findings
    if has_errors(found.problems):
        raise InputError(problem for problem in found.problems if problem.severity == "error")
    if lesson not in found.library.lessons:
        hint = did_you_mean(lesson, found.library.lessons)
        raise InputError([Problem("unknown-lesson", f"there is no lesson '{lesson}'.", hint=hint)])
    return {path: list(_rows(laid, path, keys, body)) for path, keys, body in _files(found, lesson)}


def _files(found: Findings, lesson: str) -> Iterator[tuple[str, Sequence[str], Text]]:
    """The files of a lesson, each with its front matter's keys and its body."""
    library = found.library
    yield f"{lesson}/lesson.md", list(found.marks["lessons"][lesson].values), library.lessons[lesson].body
    for step in library.activities_of(lesson):
        yield inside("activities", step.id, ""), list(found.marks["activities"][step.id].values), step.body
    for key, sheet in library.sheets.items():
        if key.startswith(f"{lesson}/"):
            yield inside("sheets", key, ""), list(found.marks["sheets"][key].values), sheet.body
    for card in library.cards.values():
        if card.lesson == lesson:
            yield inside("cards", card.id, lesson), list(found.marks["cards"][card.id].values), card.body


def _rows(laid: Laid, path: str, keys: Sequence[str], body: Text) -> Iterator[tuple[str, str]]:
    changes = [
        (each.pack.name, change)
        for each in laid.findings.library.adaptations
        for change in each.changes
        if change.path == path
    ]
    whole = next((name for name, change in changes if not change.part), LIBRARY)
    present = [*keys, *(piece.part for piece in parts.sections(body.markdown) if piece.part not in {"", parts.HEAD})]
    for part in present:
        yield part, _origin(part, changes, whole)
    for name, change in changes:
        if change.kind == "removed" and "/" not in change.part and change.part not in present:
            yield change.part, f"removed by {name}"


def _origin(part: str, changes: Sequence[tuple[str, Change]], whole: str) -> str:
    """The layer of a part: the last pack that replaced it, or what lies below with the packs that changed entries."""
    found = whole
    for name, change in changes:
        if change.part == part and change.kind != "removed":
            found = name
        elif change.part.startswith(f"{part}/") and not found.endswith(name) and part != "Debrief":
            found = f"{found}, {name}"
    return found
