"""Packs: what an organisation lays over a library. `docs/packs.md` is the format.

`parts` takes a file apart and puts a part back (pure, on text); `layers` reads a pack's folder; `merging` lays one
file over another (pure); `laying` does so while a library is read; `look_through` and `load` are the whole way.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from builder.library import Findings, seen_through
from builder.library.reading import LibraryReading
from builder.model import Library
from builder.packs.layers import Layer, is_pack, read_layer
from builder.packs.laying import Laying, adaptations, names_twice
from builder.packs.reasons import doubts
from builder.problems import InputError, Problem, has_errors

__all__ = ["Laid", "Layer", "is_pack", "laid_over", "load", "look_through", "read_layer"]


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
    problems += [problem for layer in laying.layers for problem in doubts(layer)]
    problems.sort(key=lambda problem: (problem.path, problem.line or 0, problem.column or 0))
    library = found.library.model_copy(update={"adaptations": made})
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
