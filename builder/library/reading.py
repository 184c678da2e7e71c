"""Reading a library's files: the layout of folders, the limits, front matter and lists, each thing with its places."""

import os
import stat
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from builder.library.raw import Overlay, Raw
from builder.model import ID, Activity, Card, Disagreement, HandoutSheet, Lesson, Library, Recipe, Source, Term, Text
from builder.problems import Problem, did_you_mean, has_errors
from builder.strict import (
    UNPRINTABLE,
    UNPRINTABLE_HINT,
    Marked,
    check,
    clean,
    not_an_id,
    read_yaml,
    shortened,
    with_plain_ends,
)

MOST_FILES = 5_000
MOST_BYTES = 1_000_000
MOST_BYTES_OF_A_PICTURE = 5_000_000
MOST_BYTES_IN_ALL = 100_000_000
UNUSABLE_PICTURE = b""

LISTS: Mapping[str, tuple[type[Any], str]] = {
    "sources.yaml": (Source, "a source"),
    "glossary.yaml": (Term, "a glossary entry"),
    "recipes.yaml": (Recipe, "a recipe"),
    "disagreements.yaml": (Disagreement, "a disagreement"),
}
PARTS: Mapping[str, tuple[type[Any], str]] = {
    "activities": (Activity, "an activity"),
    "handouts": (HandoutSheet, "a sheet"),
    "cards": (Card, "a card"),
}
_PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".tif", ".tiff"}
IGNORED = {"README.md", "LICENSE", "LICENSE.md", "CHANGELOG.md", "Thumbs.db", "desktop.ini"}


class _Anything(frozenset[str]):
    """What stands in a list that cannot be read: its one mistake must not become one for each word that names it."""

    __slots__ = ()

    def __contains__(self, _: object) -> bool:
        return True


_KINDS = ("lessons", "activities", "sheets", "cards", "sources", "glossary", "recipes", "disagreements")


@dataclass
class LibraryReading:
    """What has been read so far, each value beside the text it came from; `adapted` are the cards of a pack."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    found: dict[str, dict[str, Any]] = field(default_factory=lambda: {name: {} for name in _KINDS})
    marks: dict[str, dict[str, Marked]] = field(default_factory=lambda: {name: {} for name in _KINDS})
    stems: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    adapted: set[str] = field(default_factory=set)
    overlay: Overlay | None = None
    files: int = 0
    bytes_read: int = 0

    def say(self, code: str, message: str, path: Path, hint: str = "", severity: Any = "error") -> None:
        """Note a problem of a whole file or folder."""
        self.problems.append(Problem(code, message, shown(path), hint=hint, severity=severity))

    def library(self) -> Library:
        """What has been read so far, checked file by file and not yet as a whole."""
        values: dict[str, Any] = {**self.found, "pictures": self.pictures}
        return Library.model_construct(**values)

    def ids(self, kind: str) -> AbstractSet[str]:
        """Every id that was seen, also of what could not be used: one mistake is reported once."""
        return _Anything() if kind in self.unread else self.marks[kind].keys()

    def stems_of(self, kind: str, lesson: str) -> AbstractSet[str]:
        """The activities or sheets of one lesson, as it names them itself."""
        return self.stems.get((kind, lesson), set())

    def everything(self) -> None:
        """Read every lesson and list file below the folder."""
        if not self.folder.is_dir():
            self.say("no-library", "there is no such folder.", self.folder, "Name a folder that holds lessons.")
            return
        for entry in self.entries(self.folder):
            if entry.is_dir():
                self.lesson(Path(entry.path))
            elif entry.name in LISTS:
                self.list_of(entry.name.removesuffix(".yaml"), Path(entry.path))
            elif entry.name not in IGNORED:
                near = did_you_mean(entry.name, LISTS)
                self.say("unexpected-file", "is not part of a library.", Path(entry.path), near, "warning")
        if self.overlay:
            self.overlay.add_to(self)
        if not has_errors(self.problems) and not self.found["lessons"]:
            self.say("no-library", "holds no lesson.", self.folder, "A lesson is a folder with a lesson.md in it.")

    def entries(self, folder: Path) -> Iterator[os.DirEntry[str]]:
        """What a folder holds, by name; links and whatever is neither file nor folder are refused."""
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self.say("unreadable", f"cannot be read: {error.strerror}.", folder, _MAY_READ)
            return
        for entry in entries:
            self.files += 1
            if self.files > MOST_FILES:
                if self.files == MOST_FILES + 1:
                    hint = "Put what is no lesson into another folder."
                    self.say("too-many-files", f"a library holds at most {MOST_FILES:,} files.", folder, hint)
                return
            if entry.name.startswith((".", "~$")) or entry.name.endswith("~"):
                continue
            if self.is_plain(entry):
                yield entry

    def is_plain(self, entry: os.DirEntry[str]) -> bool:
        """Whether it is a file or a folder, and no link to one."""
        path = Path(entry.path)
        try:
            mode = entry.stat(follow_symlinks=False).st_mode
        except OSError as error:
            self.say("unreadable", f"cannot be read: {error.strerror}.", path, _MAY_READ)
            return False
        if stat.S_ISLNK(mode):
            self.say("link", "is a symbolic link.", path, "Put the file itself here.")
        elif not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            self.say("not-a-file", "is neither a file nor a folder.", path, "Take it out.")
        return stat.S_ISREG(mode) or stat.S_ISDIR(mode)

    def bytes_of(self, path: Path, most: int) -> bytes | None:
        """The bytes of a file, or None where it cannot be opened or is too large."""
        try:
            with path.open("rb") as file:
                content = file.read(most + 1)
        except OSError as error:
            self.say("unreadable", f"cannot be read: {error.strerror}.", path, _MAY_READ)
            return None
        self.bytes_read += len(content)
        if len(content) > most:
            self.say("too-large", f"is larger than {most:,} bytes.", path, "Make it smaller, or part it in two.")
            return None
        if self.bytes_read > MOST_BYTES_IN_ALL:
            message = f"is too much: a library holds at most {MOST_BYTES_IN_ALL:,} bytes."
            self.say("too-large", message, path, "Use smaller pictures.")
            return None
        return content

    def text(self, path: Path) -> str | None:
        """The cleaned text of a file, or None where it is none."""
        content = self.bytes_of(path, MOST_BYTES)
        return None if content is None else self.decoded(content, path)

    def decoded(self, content: bytes, path: Path) -> str | None:
        """The cleaned text that these bytes of a file are, or None where they are none."""
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            *before, last = with_plain_ends(error.object[: error.start].decode("utf-8")).split("\n")
            hint = "Save it as UTF-8: most editors ask for the encoding under 'Save as'."
            place = (len(before) + 1, len(last) + 1)
            self.problems.append(Problem("not-utf-8", "is not UTF-8 text from here on.", shown(path), *place, hint))
            return None
        plain, cleaned = with_plain_ends(text), clean(text)
        if cleaned != plain:
            self.problems += islice(_unprintable(plain, shown(path)), 10)
        self.texts[shown(path)] = cleaned
        return cleaned

    def list_of(self, kind: str, path: Path) -> None:
        """Read `sources.yaml` or another list file: a mapping from id to entry."""
        text = self.text(path)
        marked, problems = read_yaml(text or "", shown(path))
        self.problems += problems
        if text is None or (problems and not marked.values):
            self.unread.add(kind)
        if self.overlay:
            marked = self.overlay.listed(kind, path.name, marked)
        self.take_list(kind, marked)

    def take_list(self, kind: str, marked: Marked) -> None:
        """Check and keep the entries of a list file."""
        model, noun = LISTS[f"{kind}.yaml"]
        parts = _parts_of(marked)
        for key, values in marked.values.items():
            wrong = _misnamed(kind, key)
            if wrong is not None:
                code, message, hint = wrong
                self.problems.append(marked.problem(code, message, (key,), hint, at_key=True))
            elif isinstance(values, Mapping):
                self.keep(kind, key, model, noun, parts[key], id=key)
            else:
                self.marks[kind][key] = parts[key]
                hint = "Write its keys on the lines below, each indented by two spaces."
                message = f"'{shortened(key)}' must hold keys with values."
                self.problems.append(marked.problem("not-a-map", message, (key,), hint))

    def keep(self, kind: str, key: str, model: type[Any], noun: str, marked: Marked, **placed: Any) -> None:
        """Check what was read against its model, and keep it where it fits."""
        value, problems = check(model, marked, noun, **placed)
        self.problems += problems
        self.marks[kind][key] = marked
        if value is not None:
            self.found[kind][key] = value

    def lesson(self, folder: Path) -> None:
        """Read a lesson's folder: lesson.md, its parts, its pictures."""
        if not is_id(folder.name):
            message, hint = not_an_id(folder.name)
            self.say("not-an-id", message, folder, hint)
            return
        entries = {entry.name: entry for entry in self.entries(folder)}
        if "lesson.md" not in entries or not entries["lesson.md"].is_file():
            hint = "Every folder in a library is a lesson: add its lesson.md, or move the folder elsewhere."
            self.say("no-lesson", "holds no lesson.md.", folder, hint)
            self.marks["lessons"][folder.name] = Marked({}, shown(folder))
            return
        self.front_matter("lessons", folder.name, folder / "lesson.md", Lesson, "a lesson", id=folder.name)
        for name, entry in entries.items():
            if name in PARTS and entry.is_dir():
                self.parts(folder, name)
            elif entry.is_dir() or name.endswith(".png"):
                self.picture(folder, Path(entry.path), entry.is_dir())
            elif name != "lesson.md" and name not in IGNORED:
                hint = "This must be a folder." if name in PARTS else did_you_mean(name, ["lesson.md", *PARTS])
                self.unexpected(Path(entry.path), hint)

    def unexpected(self, path: Path, hint: str) -> None:
        """Warn of something in a lesson's folder that will not be used."""
        if path.suffix.lower() in _PICTURES:
            hint = "Pictures are PNG files whose name ends in .png, in small letters."
        self.say("unexpected-file", "is not part of a lesson.", path, hint, "warning")

    def picture(self, lesson: Path, path: Path, folder: bool) -> None:  # noqa: FBT001
        """Keep a PNG picture, or those in a folder of them."""
        if folder:
            for entry in self.entries(path):
                if entry.is_dir() or not entry.name.endswith(".png"):
                    hint = did_you_mean(path.name, PARTS)
                    self.unexpected(Path(entry.path), hint)
                else:
                    self.picture(lesson, Path(entry.path), folder=False)
            return
        content = self.bytes_of(path, MOST_BYTES_OF_A_PICTURE)
        usable = content is not None and is_png(content)
        if content is not None and not usable:
            self.say("bad-picture", "is not a PNG picture.", path, "Open it in a picture editor and save it as PNG.")
        name = f"{lesson.name}/{path.relative_to(lesson).as_posix()}"
        self.pictures[name] = content if content is not None and usable else UNUSABLE_PICTURE

    def parts(self, folder: Path, name: str) -> None:
        """Read the activities, sheets or cards of a lesson."""
        noun = PARTS[name][1]
        for entry in self.entries(folder / name):
            path = Path(entry.path)
            if entry.name in IGNORED or (self.overlay and self.overlay.gone(f"{folder.name}/{name}/{entry.name}")):
                continue
            if entry.is_dir() or path.suffix != ".md":
                hint = "It must be a file whose name ends in .md."
                self.say("unexpected-file", f"is not {noun}.", path, hint, "warning")
            elif not is_id(path.stem):
                message, hint = not_an_id(path.stem)
                self.say("not-an-id", message, path, hint)
            else:
                self.part(folder.name, name, path.stem, path)

    def part(self, lesson: str, name: str, stem: str, path: Path, raw: Raw | None = None) -> None:
        """Take one activity, sheet or card of a lesson; `raw` where it has been read already."""
        model, noun = PARTS[name]
        kind = {"handouts": "sheets"}.get(name, name)
        placed = {"id": stem, "lesson": lesson} if kind == "cards" else {"id": f"{lesson}/{stem}"}
        if kind != "cards":
            self.stems.setdefault((kind, lesson), set()).add(stem)
        self.front_matter(kind, placed["id"], path, model, noun, raw, **placed)

    def front_matter(  # noqa: PLR0913, PLR0917 - what a file is, and what it is called
        self, kind: str, key: str, path: Path, model: type[Any], noun: str, raw: Raw | None = None, **placed: Any
    ) -> None:
        """Read a file (unless `raw` has been), lay over it what is to be laid over it, and keep what comes out."""
        if key in self.marks[kind]:
            message = f"the id '{key}' is used already in {self.marks[kind][key].path}."
            self.say("duplicate-id", message, path, "Give this file another name.")
            return
        self.marks[kind][key] = Marked({}, shown(path), {(): (1, 1)})
        raw = raw or self.raw(path)
        if raw is None:
            return
        if self.overlay:
            raw = self.overlay.raw(kind, inside(kind, key, placed.get("lesson", "")), raw)
        self.keep(kind, key, model, noun, raw.marked, body=raw.body, **placed)

    def raw(self, path: Path) -> Raw | None:
        """Read a file that begins with keys between two lines `---`; below them stands its body."""
        name = shown(path)
        empty = Marked({}, name, {(): (1, 1)})
        text = self.text(path)
        if text is None:
            return None
        lines = text.split("\n")
        end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
        if lines[0].rstrip() != "---" or end is None:
            message = "has no front matter." if lines[0].rstrip() != "---" else "its front matter does not end."
            hint = "Begin the file with a line '---', the keys, and another line '---'."
            self.problems.append(empty.problem("no-front-matter", message, (), hint))
            return None
        marked, problems = read_yaml("\n".join(lines[1:end]), name, 2)
        self.problems += problems
        body = Text(markdown="\n".join(lines[end + 1 :]), path=name, line=end + 2)
        return Raw(marked, body) if not has_errors(problems) or marked.values else None


_MAY_READ = "Check that you may open it."


def is_png(content: bytes) -> bool:
    """Whether these are the first bytes of a PNG picture that is at least one dot wide and high."""
    start = content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR"
    return start and all(int.from_bytes(content[at : at + 4], "big") for at in (16, 20))


def _unprintable(text: str, path: str) -> Iterator[Problem]:
    """One warning for each line that holds what no paper can hold."""
    for number, line in enumerate(text.split("\n"), 1):
        if clean(line) != line:
            column = next(i for i, character in enumerate(line, 1) if not clean(character))
            yield Problem("unprintable", UNPRINTABLE, path, number, column, UNPRINTABLE_HINT, "warning")


def _misnamed(kind: str, key: str) -> tuple[str, str, str] | None:
    """What is wrong with the name of an entry of a list file: a term may be any word, all else has an id."""
    if kind == "glossary":
        named = bool(key.strip())
        return None if named else ("empty", "a term has no name.", "Write the word that is explained, and a colon.")
    return None if is_id(key) else ("not-an-id", *not_an_id(key))


def is_id(text: str) -> bool:
    """Whether a text can be an id."""
    import re

    return re.fullmatch(ID, text) is not None and len(text) <= 80


def shown(path: Path) -> str:
    """A path as it is named in messages: from the current folder, where it lies below it."""
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return clean(path.as_posix()).replace("\n", " ")


def inside(kind: str, key: str, lesson: str) -> str:
    """The path of a file inside its library."""
    if kind == "lessons":
        return f"{key}/lesson.md"
    folder = {"sheets": "handouts"}.get(kind, kind)
    own, _, stem = key.partition("/")
    return f"{lesson}/{folder}/{key}.md" if kind == "cards" else f"{own}/{folder}/{stem}.md"


def _parts_of(marked: Marked) -> Mapping[str, Marked]:
    """The entries of a list file, each with its places."""
    parts = {
        key: Marked(values, marked.path_at((key,)), {(): marked.keys[(key,)]}, {}, {})
        for key, values in marked.values.items()
    }
    for whole, part in ((marked.places, "places"), (marked.keys, "keys"), (marked.paths, "paths")):
        for loc, place in whole.items():
            if len(loc) > 1 and loc[0] in parts:
                getattr(parts[str(loc[0])], part)[loc[1:]] = place
    return parts
