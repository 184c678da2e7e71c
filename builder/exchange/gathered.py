"""The parts of a lesson as they stand under packs, each with what an export shows of it. Pure, but for the reading."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

from builder.exchange.lines import Line, Lines, fingerprint, lines_of, plain
from builder.library import Findings
from builder.library.reading import inside
from builder.model import Text
from builder.packs import parts
from builder.packs.classes import FieldClass, class_of
from builder.packs.loading import look_through
from builder.problems import InputError, Problem, did_you_mean, has_errors

Form = Literal["section", "prose", "table"]
LESSON: Final = "lesson.md"
NOUNS: Final = {"lessons": "Lesson", "activities": "Step", "sheets": "Sheet", "cards": "Case"}
OPENING: Final = "Opening text"

# The fields that an export shows, and what they are called there. All others stay as they are.
PROSE: Final[Mapping[str, str]] = {
    "title": "Title",
    "summary": "Summary",
    "audience": "For whom",
    "advisory": "What to say beforehand",
}
TABLES: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "teaches": ("What people can do afterwards", {"outcome": "Afterwards, participants can"}),
    "materials": ("What to bring", {"item": "What", "per": "For each", "count": "How many"}),
    "facts": ("What happened", {"text": "Fact", "source": "Source", "date": "Date"}),
    "argument": ("The argument", {"holder": "Who argues", "text": "What they say", "source": "Source"}),
    "readings": ("Ways to read it", {"holder": "Who holds this", "text": "What they say", "source": "Source"}),
}
SINGLE: Final = "argument"
_SHOWN: Final = {
    "lessons": ("title", "summary", "audience", "advisory", "teaches"),
    "activities": ("title", "materials"),
    "sheets": ("title",),
    "cards": ("title", "advisory", "facts", "argument", "readings"),
}


@dataclass(frozen=True)
class Part:
    """A part of a file that may be edited: its name, its class, and what it says now.

    `text` is a section's words or a field's; `entries` are those of a field that is shown as a table.
    """

    path: str
    part: str
    kind: str
    label: str
    form: Form
    heading: str = ""
    text: str = ""
    entries: tuple[Mapping[str, Any], ...] = ()

    @property
    def name(self) -> str:
        """The part as commands and messages name it."""
        return f"{self.path}#{self.part}"

    @property
    def held(self) -> FieldClass:
        """Whether it is changed freely, or with a reason."""
        return class_of(self.kind, self.part)

    @property
    def tag(self) -> str:
        """Twelve signs for its name: what the mark in a document says, and never a path."""
        return tag_of(self.name)

    @property
    def columns(self) -> Mapping[str, str]:
        """The keys of a table's entries that are shown, with the words above them."""
        return TABLES[self.part][1]

    @cached_property
    def lines(self) -> Lines:
        """What it says, as lines."""
        if self.form == "section":
            return lines_of(self.text)
        if self.form == "prose":
            return (Line("text", plain(self.text)),)
        header = tuple(plain(words) for words in self.columns.values())
        rows = tuple(tuple(plain(str(entry.get(key, ""))) for key in self.columns) for entry in self.entries)
        return (Line("table", rows=(header, *rows)),)

    @cached_property
    def fingerprint(self) -> str:
        """Twelve signs for what it says."""
        return fingerprint(self.lines)


@dataclass(frozen=True)
class File:
    """A file of a lesson: what it is called in a document, what is told of it there, its parts in order."""

    path: str
    title: str
    told: str
    parts: tuple[Part, ...]

    @property
    def tag(self) -> str:
        """Twelve signs for its path."""
        return tag_of(self.path)


def tag_of(name: str) -> str:
    """Twelve signs for a name."""
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def usable(root: Path, packs: Sequence[Path]) -> Findings:
    """A library under packs; raises InputError with every error in it."""
    found = look_through(root, packs)
    if has_errors(found.problems):
        raise InputError(problem for problem in found.problems if problem.severity == "error")
    return found


def files_of(found: Findings, lesson: str) -> Iterator[File]:
    """The files of a lesson, its own first, then steps in order, sheets and cases."""
    library = found.library
    one = library.lessons[lesson]
    told = f"lesson '{lesson}', version {one.version}, {one.license}, by {', '.join(one.authors)}"
    yield _file("lessons", f"{lesson}/{LESSON}", found.marks["lessons"][lesson].values, one.body, told)
    for step in library.activities_of(lesson):
        minutes = step.minutes
        told = f"{minutes.typical} minutes ({minutes.min} to {minutes.max}), {step.grouping}"
        path = inside("activities", step.id, "")
        yield _file("activities", path, found.marks["activities"][step.id].values, step.body, told)
    for key, sheet in library.sheets.items():
        if key.startswith(f"{lesson}/"):
            path, told = inside("sheets", key, ""), f"one for each {sheet.per}"
            yield _file("sheets", path, found.marks["sheets"][key].values, sheet.body, told)
    for card in library.cards.values():
        if card.lesson == lesson:
            path, told = inside("cards", card.id, lesson), f"deck '{card.deck}', level {card.level}"
            yield _file("cards", path, found.marks["cards"][card.id].values, card.body, told)


def _file(kind: str, path: str, values: Mapping[str, Any], body: Text, told: str) -> File:
    fields = [_field(kind, path, key, values[key]) for key in _SHOWN[kind] if key in values]
    pieces = [piece for piece in parts.sections(body.markdown) if piece.part not in {"", parts.HEAD}]
    sections = [_section(kind, path, piece) for piece in pieces]
    title = f"{NOUNS[kind]}: {' '.join(str(values.get('title', '')).split())}"
    return File(path, title, f"For information: {told}.", (*fields, *sections))


def _field(kind: str, path: str, key: str, value: Any) -> Part:
    if key in PROSE:
        return Part(path, key, kind, PROSE[key], "prose", text=str(value))
    listed = [value] if key == SINGLE else value if isinstance(value, list) else []
    entries = tuple(entry for entry in listed if isinstance(entry, Mapping))
    return Part(path, key, kind, TABLES[key][0], "table", entries=entries)


def _section(kind: str, path: str, piece: parts.Piece) -> Part:
    label = OPENING if piece.part == parts.LEAD else piece.part.rpartition("/")[2] if _below(piece.part) else piece.part
    heading = "" if piece.part == parts.LEAD else parts.heading_of(piece.text)
    return Part(path, piece.part, kind, label, "section", heading, parts.words_of(piece.part, piece.text))


def _below(part: str) -> bool:
    return part.startswith("Debrief/")


def chosen(files: Sequence[File], wanted: str) -> list[File]:
    """The files and parts that somebody named: `lesson`, `lesson/file`, each with `#part`; raises InputError."""
    name, _, part = wanted.partition("#")
    steps = name.strip("/").removesuffix(".md").split("/")
    found = list(files)
    if len(steps) > 1:
        found = [file for file in files if file.path.removesuffix(".md").split("/")[-1] == steps[-1]]
    if part:
        found = [File(f.path, f.title, f.told, tuple(p for p in f.parts if _is_in(p.part, part))) for f in found]
        found = [file for file in found if file.parts]
    if not found:
        known = [f"{steps[0]}/{file.path.removesuffix('.md').split('/')[-1]}" for file in files]
        known += [f"{steps[0]}#{each.part}" for file in files for each in file.parts]
        raise InputError([Problem("unknown-part", f"there is no '{wanted}'.", hint=did_you_mean(wanted, known))])
    return found


def _is_in(part: str, wanted: str) -> bool:
    return part.casefold() == wanted.casefold() or part.casefold().startswith(f"{wanted.casefold()}/")
