"""The whole way: a library with packs over it, and every problem of all of them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from builder.library import Findings, seen_through
from builder.library.reading import LibraryReading
from builder.model import Library
from builder.packs.layers import read_layer
from builder.packs.laying import Laying, adaptations, names_twice
from builder.packs.reasons import doubts
from builder.packs.rules import pack_problems
from builder.problems import InputError, Problem, has_errors


class Laid:
    """A library with packs over it: its findings, the packs as they were read, and what was laid over what."""

    def __init__(self, findings: Findings, laying: Laying) -> None:
        """Keep all three."""
        self.findings = findings
        self.layers = laying.layers
        self.origins = laying.origins


def laid_over(folder: Path, packs: Sequence[Path]) -> Laid:
    """The library in `folder` with packs over it, the last on top; every problem of all of them."""
    laying = Laying([read_layer(pack) for pack in packs])
    reading = LibraryReading(folder, overlay=laying if packs else None)
    found = seen_through(reading)
    versions = {key: lesson.version for key, lesson in found.library.lessons.items()}
    made = tuple(adaptations(laying, versions))
    problems = [*found.problems, *names_twice(laying.layers)]
    library = found.library.model_copy(update={"adaptations": made})
    for layer in laying.layers:
        problems += [*doubts(layer), *pack_problems(layer, library)]
    problems.sort(key=lambda problem: (problem.path, problem.line or 0, problem.column or 0))
    return Laid(replace(found, library=library, problems=problems), laying)


def look_through(folder: Path, packs: Sequence[Path] = ()) -> Findings:
    """A library with packs over it as far as it can be read, with places."""
    return laid_over(folder, packs).findings


def load(folder: Path, packs: Sequence[Path] = ()) -> tuple[Library, list[Problem]]:
    """The library with packs over it, and the warnings that come from packs; raises InputError with every error."""
    found = look_through(folder, packs)
    if has_errors(found.problems):
        raise InputError(problem for problem in found.problems if problem.severity == "error")
    return found.library, [problem for problem in found.problems if _is_of(problem, packs)]


def _is_of(problem: Problem, packs: Sequence[Path]) -> bool:
    from builder.library import shown

    return any(problem.path.startswith(f"{shown(pack)}/") for pack in packs)
