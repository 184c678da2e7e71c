"""How lesson folders are laid out: reading one gives a library, or every problem in it with its place."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from builder.library.reading import MOST_BYTES, UNUSABLE_PICTURE, LibraryReading, shown
from builder.library.references import references
from builder.model import Library
from builder.problems import InputError, Problem, has_errors
from builder.strict import Marked

__all__ = [
    "UNUSABLE_PICTURE",
    "Findings",
    "load",
    "look_through",
    "read",
    "read_text",
    "seen_through",
    "shipped",
    "shown",
    "text_in",
]


def shipped(name: str) -> Path:
    """The folder `name` (`modules`, `handouts`) of the program: inside the wheel, or beside it in a checkout."""
    inside = Path(__file__).parent.parent / name
    return inside if inside.is_dir() else Path(__file__).parent.parent.parent / name


def load(folder: Path) -> Library:
    """The library in `folder`; raises InputError with every problem where one of them is an error."""
    library, problems = read(folder)
    if has_errors(problems):
        raise InputError(problem for problem in problems if problem.severity == "error")
    return library


def read(folder: Path) -> tuple[Library, list[Problem]]:
    """As much of a library as can be read from `folder`, and every problem in it."""
    found = look_through(folder)
    return found.library, found.problems


@dataclass(frozen=True)
class Findings:
    """A library as far as it can be read, its problems, its front matters by kind and id, what may be cited in it.

    `texts` are its files as they were read, by their paths.
    """

    library: Library
    problems: list[Problem]
    marks: Mapping[str, Mapping[str, Marked]]
    sources: Collection[str]
    texts: Mapping[str, str]


def look_through(folder: Path) -> Findings:
    """What `read` gives, with the places that a closer look at the texts needs."""
    return seen_through(LibraryReading(folder))


def seen_through(reading: LibraryReading) -> Findings:
    """All of one reading, files and what refers to what between them."""
    reading.everything()
    reading.problems += references(reading)
    reading.problems.sort(key=lambda problem: (problem.path, problem.line or 0, problem.column or 0))
    return Findings(reading.library(), reading.problems, reading.marks, reading.ids("sources"), reading.texts)


def read_text(path: Path) -> tuple[str, list[Problem]]:
    """The cleaned text of one file that a person named, and warnings; raises InputError where it is no text."""
    reading = LibraryReading(path.parent)
    try:
        there, is_file = path.exists(), path.is_file()
    except (OSError, ValueError):
        there = is_file = False
    if not there:
        reading.say("no-such-file", "there is no such file.", path, "Check the path.")
    elif not is_file:
        reading.say("not-a-file", "is not a file.", path, "Name a text file.")
    text = None if reading.problems else reading.text(path)
    if text is None:
        raise InputError(reading.problems)
    return text, reading.problems


def text_in(content: bytes, name: str) -> tuple[str, list[Problem]]:
    """The cleaned text of a file's bytes, and warnings; raises InputError where they are none, or too many."""
    reading = LibraryReading(Path())
    if len(content) > MOST_BYTES:
        reading.say("too-large", f"is larger than {MOST_BYTES:,} bytes.", Path(name), "Name a text file.")
    text = None if reading.problems else reading.decoded(content, Path(name))
    if text is None:
        raise InputError(reading.problems)
    return text, reading.problems
