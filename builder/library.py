"""How lesson folders are laid out: reading one gives a library, or every problem in it with its place."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from builder.model import CONTESTED_FROM, ID, Activity, Card, HandoutSheet, Lesson, Library, Recipe, Source, Term, Text
from builder.problems import InputError, Problem, did_you_mean, has_errors
from builder.strict import Marked, check, clean, read_yaml

MOST_FILES = 5_000
MOST_BYTES = 1_000_000
MOST_BYTES_OF_A_PICTURE = 5_000_000

_LISTS: Mapping[str, tuple[type[Any], str]] = {
    "sources.yaml": (Source, "a source"),
    "glossary.yaml": (Term, "a glossary entry"),
    "recipes.yaml": (Recipe, "a recipe"),
}
_PARTS: Mapping[str, tuple[type[Any], str]] = {
    "activities": (Activity, "an activity"),
    "handouts": (HandoutSheet, "a sheet"),
    "cards": (Card, "a card"),
}
_IGNORED = {"README.md", "LICENSE", "LICENSE.md", "CHANGELOG.md", "Thumbs.db", "desktop.ini"}

Entry = TypeVar("Entry")


def shipped(name: str) -> Path:
    """The folder `name` (`modules`, `handouts`) that comes with the program: in the wheel, or beside it in a checkout."""
    inside = Path(__file__).parent / name
    return inside if inside.is_dir() else Path(__file__).parent.parent / name


def load(folder: Path) -> Library:
    """The library in `folder`; raises InputError with every problem where one of them is an error."""
    library, problems = read(folder)
    if has_errors(problems):
        raise InputError(problem for problem in problems if problem.severity == "error")
    return library


def read(folder: Path) -> tuple[Library, list[Problem]]:
    """As much of a library as can be read from `folder`, and every problem in it."""
    reading = _Reading(folder)
    reading.everything()
    reading.problems.sort(key=lambda problem: (problem.path, problem.line or 0, problem.column or 0))
    return reading.library(), reading.problems


def read_text(path: Path) -> str:
    """The cleaned text of one file that a person named; raises InputError where it cannot be read as text."""
    reading = _Reading(path.parent)
    if not path.is_file():
        reading.say("no-such-file", "there is no such file.", path, "Check the path.")
    text = None if reading.problems else reading.text(path)
    if text is None:
        raise InputError(reading.problems)
    return text


@dataclass
class _Reading:
    """What has been read so far, each value beside the text it came from."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    found: dict[str, dict[str, Any]] = field(default_factory=lambda: {name: {} for name in _KINDS})
    marks: dict[tuple[str, str], Marked] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    files: int = 0

    def say(self, code: str, message: str, path: Path, hint: str = "", severity: Any = "error") -> None:
        self.problems.append(Problem(code, message, _shown(path), hint=hint, severity=severity))

    def library(self) -> Library:
        return Library.model_construct(**self.found, pictures=self.pictures)

    def ids(self, kind: str) -> set[str]:
        """Every id that was seen, also of what could not be used: one mistake is reported once."""
        return {key for other, key in self.marks if other == kind}

    def everything(self) -> None:
        if not self.folder.is_dir():
            self.say("no-library", "there is no such folder.", self.folder, "Name a folder that holds lessons.")
            return
        for entry in self.entries(self.folder):
            if entry.is_dir():
                self.lesson(Path(entry.path))
            elif entry.name in _LISTS:
                self.list_of(entry.name.removesuffix(".yaml"), Path(entry.path))
            elif entry.name not in _IGNORED:
                near = did_you_mean(entry.name, _LISTS)
                self.say("unexpected-file", "is not part of a library.", Path(entry.path), near, "warning")
        if not self.problems and not self.found["lessons"]:
            self.say("no-library", "holds no lesson.", self.folder, "A lesson is a folder with a lesson.md in it.")
        self.problems += _references(self)

    def entries(self, folder: Path) -> Iterator[os.DirEntry[str]]:
        """What a folder holds, by name; links and whatever is neither file nor folder are refused."""
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        for entry in entries:
            self.files += 1
            if self.files > MOST_FILES:
                if self.files == MOST_FILES + 1:
                    self.say("too-many-files", f"a library holds at most {MOST_FILES:,} files.", folder)
                return
            if entry.name.startswith((".", "~$")) or entry.name.endswith("~"):
                continue
            mode = entry.stat(follow_symlinks=False).st_mode
            if stat.S_ISLNK(mode):
                self.say("link", "is a symbolic link.", Path(entry.path), "Put the file itself here.")
            elif not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
                self.say("not-a-file", "is neither a file nor a folder.", Path(entry.path), "Take it out.")
            else:
                yield entry

    def bytes_of(self, path: Path, most: int) -> bytes | None:
        try:
            with path.open("rb") as file:
                content = file.read(most + 1)
        except OSError as error:
            self.say("unreadable", f"cannot be read: {error.strerror}.", path)
            return None
        if len(content) > most:
            self.say("too-large", f"is larger than {most:,} bytes.", path)
            return None
        return content

    def text(self, path: Path) -> str | None:
        content = self.bytes_of(path, MOST_BYTES)
        if content is None:
            return None
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            self.problems.append(
                Problem("not-utf-8", "is not UTF-8 text here.", _shown(path), line, 1, "Save it as UTF-8.")
            )
            return None
        cleaned = clean(text)
        if len(cleaned) != len(text.replace("\r\n", "\n")):
            self.unprintable(text.replace("\r\n", "\n"), path)
        return cleaned

    def unprintable(self, text: str, path: Path) -> None:
        for number, line in enumerate(text.replace("\r", "\n").split("\n"), 1):
            column = next((i for i, character in enumerate(line, 1) if not clean(character)), None)
            if column is not None:
                message = "held characters that cannot be printed; they were left out."
                self.problems.append(
                    Problem("unprintable", message, _shown(path), number, column, severity="warning")
                )

    def list_of(self, kind: str, path: Path) -> None:
        """Read `sources.yaml`, `glossary.yaml` or `recipes.yaml`: a mapping from id to entry."""
        text = self.text(path)
        if text is None:
            return
        marked, problems = read_yaml(text, _shown(path))
        self.problems += problems
        model, noun = _LISTS[path.name]
        for key, values in marked.values.items():
            if kind != "glossary" and not _is_id(key):
                self.problems.append(marked.problem("not-an-id", _NOT_AN_ID.format(key), (key,), at_key=True))
                continue
            if not isinstance(values, Mapping):
                self.problems.append(marked.problem("not-a-map", f"'{key}' must hold keys with values.", (key,)))
                continue
            self.keep(kind, key, model, noun, _part_of(marked, key), id=key)

    def keep(self, kind: str, key: str, model: type[Any], noun: str, marked: Marked, **placed: Any) -> None:
        value, problems = check(model, marked, noun, **placed)
        self.problems += problems
        self.marks[(kind, key)] = marked
        if value is None:
            return
        if key in self.found[kind]:
            other = self.found[kind][key].body.path
            self.problems.append(marked.problem("duplicate-id", f"the id '{key}' is used already in {other}."))
            return
        self.found[kind][key] = value

    def lesson(self, folder: Path) -> None:
        if not _is_id(folder.name):
            self.say("not-an-id", _NOT_AN_ID.format(folder.name), folder)
            return
        entries = {entry.name: entry for entry in self.entries(folder)}
        if "lesson.md" not in entries or not entries["lesson.md"].is_file():
            self.say("no-lesson", "holds no lesson.md.", folder, "Every folder in a library is a lesson.")
            return
        self.front_matter("lessons", folder.name, folder / "lesson.md", Lesson, "a lesson", id=folder.name)
        for name, entry in entries.items():
            if name in _PARTS and entry.is_dir():
                self.parts(folder, name)
            elif entry.is_dir() or name.endswith(".png"):
                self.picture(folder, Path(entry.path), entry.is_dir())
            elif name != "lesson.md" and name not in _IGNORED:
                hint = did_you_mean(name, ["lesson.md", *_PARTS])
                self.say("unexpected-file", "is not part of a lesson.", Path(entry.path), hint, "warning")

    def picture(self, lesson: Path, path: Path, folder: bool) -> None:  # noqa: FBT001
        """Keep a PNG picture, or those in a folder of them."""
        if folder:
            for entry in self.entries(path):
                if entry.is_dir() or not entry.name.endswith(".png"):
                    hint = did_you_mean(path.name, _PARTS)
                    self.say("unexpected-file", "is not part of a lesson.", Path(entry.path), hint, "warning")
                else:
                    self.picture(lesson, Path(entry.path), folder=False)
            return
        content = self.bytes_of(path, MOST_BYTES_OF_A_PICTURE)
        if content is not None and not content.startswith(b"\x89PNG\r\n\x1a\n"):
            self.say("bad-picture", "is not a PNG picture.", path)
        elif content is not None:
            self.pictures[f"{lesson.name}/{path.relative_to(lesson).as_posix()}"] = content

    def parts(self, folder: Path, name: str) -> None:
        """Read the activities, sheets or cards of a lesson."""
        model, noun = _PARTS[name]
        kind = {"handouts": "sheets"}.get(name, name)
        for entry in self.entries(folder / name):
            path = Path(entry.path)
            if entry.is_dir() or path.suffix != ".md":
                self.say("unexpected-file", f"is not {noun}.", path, "Its name must end in .md.", "warning")
            elif not _is_id(path.stem):
                self.say("not-an-id", _NOT_AN_ID.format(path.stem), path)
            elif kind == "cards":
                self.front_matter(kind, path.stem, path, model, noun, id=path.stem, lesson=folder.name)
            else:
                key = f"{folder.name}/{path.stem}"
                self.front_matter(kind, key, path, model, noun, id=key)

    def front_matter(self, kind: str, key: str, path: Path, model: type[Any], noun: str, **placed: Any) -> None:
        text = self.text(path)
        if text is None:
            return
        lines = text.split("\n")
        end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
        if lines[0].rstrip() != "---" or end is None:
            hint = "Begin the file with a line '---', the keys, and another line '---'."
            self.problems.append(Problem("no-front-matter", "has no front matter.", _shown(path), 1, 1, hint))
            return
        marked, problems = read_yaml("\n".join(lines[1:end]), _shown(path), 2)
        self.problems += problems
        body = Text(markdown="\n".join(lines[end + 1 :]), path=_shown(path), line=end + 2)
        if not has_errors(problems) or marked.values:
            self.keep(kind, key, model, noun, marked, body=body, **placed)


_KINDS = ("lessons", "activities", "sheets", "cards", "sources", "glossary", "recipes")
_NOT_AN_ID = "'{}' is not an id: lower-case letters, digits and hyphens, such as 'power-grid'."


def _is_id(text: str) -> bool:
    import re

    return re.fullmatch(ID, text) is not None and len(text) <= 80


def _shown(path: Path) -> str:
    """A path as it is named in messages: from the current folder, where it lies below it."""
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return clean(path.as_posix()).replace("\n", " ")


def _part_of(marked: Marked, key: str) -> Marked:
    """One entry of a list file, with its places."""
    places = {loc[1:]: place for loc, place in marked.places.items() if loc[:1] == (key,)}
    keys = {loc[1:]: place for loc, place in marked.keys.items() if loc[:1] == (key,) and len(loc) > 1}
    places[()] = marked.keys[(key,)]
    return Marked(marked.values[key], marked.path, places, keys)


# ------------------------------------------------------------ what refers to what


def _references(reading: _Reading) -> Iterator[Problem]:
    """Every reference that leads nowhere, and every rule that needs more than one file to see."""
    library = reading.library()
    for check_kind, kind in (
        (_lesson_problems, "lessons"),
        (_activity_problems, "activities"),
        (_card_problems, "cards"),
        (_recipe_problems, "recipes"),
    ):
        for key, value in reading.found[kind].items():
            yield from check_kind(reading, library, value, reading.marks[(kind, key)])
    yield from _circles(library, reading)


def _unknown(marked: Marked, code: str, what: str, word: str, loc: Any, known: Iterable[str]) -> Problem:
    return marked.problem(code, f"there is no {what} '{word}'.", loc, did_you_mean(word, known))


def _missing(
    marked: Marked, code: str, what: str, words: Iterable[tuple[Any, str | None]], known: Iterable[str]
) -> Iterator[Problem]:
    known = set(known)
    for loc, word in words:
        if word is not None and word not in known:
            yield _unknown(marked, code, what, word, loc, known)


def _numbered(key: str, words: Iterable[str]) -> Iterator[tuple[Any, str]]:
    return (((key, i), word) for i, word in enumerate(words))


def _stems(ids: Iterable[str], lesson: str) -> set[str]:
    return {key.partition("/")[2] for key in ids if key.startswith(f"{lesson}/")}


def _lesson_problems(reading: _Reading, library: Library, lesson: Lesson, marked: Marked) -> Iterator[Problem]:
    stems = _stems(reading.ids("activities"), lesson.id)
    steps = list(_numbered("activities", lesson.activities))
    yield from _missing(marked, "unknown-activity", "activity", steps, stems)
    for stem in sorted(stems - set(lesson.activities)):
        hint = "Add it to 'activities', at its place in the teaching order."
        yield marked.problem("unlisted-activity", f"'activities' leaves out '{stem}'.", ("activities",), hint)
    if len(set(lesson.activities)) < len(lesson.activities):
        yield marked.problem("twice", "'activities' names one activity twice.", ("activities",))
    read = [library.activities.get(f"{lesson.id}/{stem}") for stem in stems]
    if all(read) and not any(step.core for step in read if step):
        hint = "Write 'core: true' in the one without which the lesson is none."
        yield marked.problem("no-core", "no activity of this lesson is core.", ("activities",), hint)
    needs = [(("needs", i, "lesson"), need.lesson) for i, need in enumerate(lesson.needs)]
    yield from _missing(marked, "unknown-lesson", "lesson", needs, reading.ids("lessons"))
    for i, need in enumerate(lesson.needs):
        known = _stems(reading.ids("sheets"), lesson.id) | _stems(reading.ids("sheets"), need.lesson)
        if need.primer and need.primer not in known | reading.ids("sheets"):
            yield _unknown(marked, "unknown-sheet", "sheet", need.primer, ("needs", i, "primer"), known)
    yield from _missing(marked, "unknown-source", "source", _numbered("sources", lesson.sources), reading.ids("sources"))
    outcomes = [outcome.id for outcome in lesson.teaches]
    if len(set(outcomes)) < len(outcomes):
        yield marked.problem("twice", "two outcomes have one id.", ("teaches",))
    yield from _deck_problems(reading, library, lesson, marked)


def _deck_problems(reading: _Reading, library: Library, lesson: Lesson, marked: Marked) -> Iterator[Problem]:
    cards = {card.id for card in library.cards.values() if card.lesson == lesson.id}
    seen = {key for key in reading.ids("cards") if key not in library.cards} | cards
    if lesson.deck is None:
        if cards or lesson.default_card:
            yield marked.problem("no-deck", "has cards and names no deck.", (), "Add 'deck: …'.")
        return
    others = [other.id for other in library.lessons.values() if other.deck == lesson.deck and other.id < lesson.id]
    for other in others:
        yield marked.problem("deck-twice", f"the deck '{lesson.deck}' belongs to '{other}' already.", ("deck",))
    if lesson.default_card is None:
        yield marked.problem("missing-key", "'default_card' is missing.", (), "Name a card of level 0.")
    elif lesson.default_card not in seen:
        yield _unknown(marked, "unknown-card", "card", lesson.default_card, ("default_card",), cards)
    elif lesson.default_card in cards and library.cards[lesson.default_card].level != 0:
        level = library.cards[lesson.default_card].level
        message = f"the default card must be of level 0, and '{lesson.default_card}' is of level {level}."
        yield marked.problem("default-card-level", message, ("default_card",))


def _activity_problems(reading: _Reading, library: Library, activity: Activity, marked: Marked) -> Iterator[Problem]:
    lesson = library.lessons.get(activity.lesson)
    after = [(loc, word if "/" in word else f"{activity.lesson}/{word}") for loc, word in _numbered("after", activity.after)]
    yield from _missing(marked, "unknown-activity", "activity", after, reading.ids("activities"))
    if any(word == activity.id for _, word in after):
        yield marked.problem("circle", "an activity cannot come after itself.", ("after",))
    for loc, stem in _numbered("handouts", activity.handouts):
        known = _stems(reading.ids("sheets"), activity.lesson)
        if stem not in known | reading.ids("sheets"):
            yield _unknown(marked, "unknown-sheet", "sheet", stem, loc, known)
    if lesson is None:
        return
    outcomes = [outcome.id for outcome in lesson.teaches]
    for key, words in (("practises", activity.practises), ("checks", activity.checks)):
        yield from _missing(marked, "unknown-outcome", "outcome", _numbered(key, words), outcomes)
    if activity.second_card and lesson.deck is None:
        yield marked.problem("no-deck", "uses a second card, and its lesson has no deck.", ("second_card",))


def _card_problems(reading: _Reading, library: Library, card: Card, marked: Marked) -> Iterator[Problem]:
    lesson = library.lessons.get(card.lesson)
    if lesson is not None and lesson.deck is not None and card.deck != lesson.deck:
        yield _unknown(marked, "unknown-deck", "deck here", card.deck, ("deck",), [lesson.deck])
    sources = [
        (("argument", "source"), card.argument.source),
        *((("facts", i, "source"), fact.source) for i, fact in enumerate(card.facts)),
        *((("readings", i, "source"), reading.source) for i, reading in enumerate(card.readings)),
    ]
    yield from _missing(marked, "unknown-source", "source", sources, reading.ids("sources"))
    if card.level < CONTESTED_FROM:
        return
    for key in ("facts", "readings", "as_of", "review_by", "advisory"):
        if not getattr(card, key):
            hint = f"A card of level {card.level} needs it."
            yield marked.problem("missing-key", f"'{key}' is missing.", (), hint)
    for i, fact in enumerate(card.facts):
        for key in ("source", "date"):
            if not getattr(fact, key):
                message = f"facts.{i + 1}: '{key}' is missing."
                yield marked.problem("missing-key", message, ("facts", i), f"A card of level {card.level} needs it.")
    if 0 < len(card.readings) < 3:
        message = f"a contested card needs three readings, and this one has {len(card.readings)}."
        yield marked.problem("too-few-readings", message, ("readings",))


def _recipe_problems(reading: _Reading, library: Library, recipe: Recipe, marked: Marked) -> Iterator[Problem]:
    known = reading.ids("lessons") | reading.ids("cards")
    yield from _missing(marked, "unknown-lesson", "lesson", _numbered("focus", recipe.focus), known)
    for deck, card in recipe.cards.items():
        cards = [other.id for other in library.cards_of(deck)]
        if deck not in library.decks:
            yield marked.problem(
                "unknown-deck", f"there is no deck '{deck}'.", ("cards", deck), did_you_mean(deck, library.decks), at_key=True
            )
        elif card not in cards:
            yield _unknown(marked, "unknown-card", f"card in '{deck}'", card, ("cards", deck), cards)


def _circles(library: Library, reading: _Reading) -> Iterator[Problem]:
    """Lessons that need one another, and activities that come after one another, without a beginning."""
    lessons = {key: [need.lesson for need in lesson.needs] for key, lesson in library.lessons.items()}
    steps = {
        key: [word if "/" in word else f"{step.lesson}/{word}" for word in step.after]
        for key, step in library.activities.items()
    }
    for kind, key, what, graph in (("lessons", "needs", "lesson", lessons), ("activities", "after", "activity", steps)):
        for start in sorted(_on_a_circle(graph)):
            if start not in graph[start]:
                message = f"this {what} comes before itself, by way of {', '.join(graph[start])}."
                yield reading.marks[(kind, start)].problem("circle", message, (key,))
            elif kind == "lessons":
                yield reading.marks[(kind, start)].problem("circle", "a lesson cannot need itself.", (key,))


def _on_a_circle(graph: Mapping[str, list[str]]) -> set[str]:
    """The nodes from which a way leads back to themselves."""

    def reachable(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = list(graph.get(start, ()))
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting += graph.get(node, ())
        return seen

    return {node for node in graph if node in reachable(node)}
