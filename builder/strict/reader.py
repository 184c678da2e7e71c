"""YAML as plain text with places: no aliases, tags or guesses, limited in size and depth, equal keys told."""

import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from builder.problems import Problem
from builder.strict.cleaning import UNPRINTABLE, UNPRINTABLE_HINT, clean, shortened, with_plain_ends

MOST_CHARACTERS = 200_000
MOST_NODES = 20_000
DEEPEST = 12

_NOTHING = ("", "~", "null")
Loc = tuple[str | int, ...]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marked:
    """A mapping read from text, with the place (line, column, from 1) of each value and of each key.

    `paths` names the file of what does not come from `path`, and holds for all that lies inside.
    """

    values: Mapping[str, Any]
    path: str = ""
    places: Mapping[Loc, Place] = field(default_factory=dict)
    keys: Mapping[Loc, Place] = field(default_factory=dict)
    paths: Mapping[Loc, str] = field(default_factory=dict)

    def path_at(self, loc: Loc) -> str:
        """The file in which a value stands."""
        inside = (self.paths[loc[:end]] for end in range(len(loc), -1, -1) if loc[:end] in self.paths)
        return next(inside, self.path)

    def problem(self, code: str, message: str, loc: Loc = (), hint: str = "", *, at_key: bool = False) -> Problem:
        """A problem placed at a value (or its key), or at the nearest thing around it that has a place."""
        where = self.keys.get(loc) if at_key else None
        around = loc
        while where is None and around:
            where = self.places.get(around)
            around = loc if where else around[:-1]
        where = where or self.places.get(())
        line, column = where or (None, None)
        return Problem(code, message, self.path_at(around), line, column, hint)


class _Refused(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class _Reader:
    """Builds plain values from YAML events, keeping places and collecting problems."""

    def __init__(self, text: str, path: str, first_line: int) -> None:
        self.text = text
        self.path = path
        self.first_line = first_line
        self.places: dict[Loc, Place] = {}
        self.keys: dict[Loc, Place] = {}
        self.problems: list[Problem] = []
        self.nodes = 0

    def place(self, event: Any) -> Place:
        return event.start_mark.line + self.first_line, event.start_mark.column + 1

    def say(self, event: Any, code: str, message: str, hint: str = "") -> Problem:
        line, column = self.place(event)
        return Problem(code, message, self.path, line, column, hint)

    def refuse(self, event: Any, code: str, message: str, hint: str = "") -> typing.NoReturn:
        raise _Refused(self.say(event, code, message, hint))

    def value(self, event: Any, events: Iterator[Any], loc: Loc) -> Any:
        import yaml

        self.nodes += 1
        if len(loc) > DEEPEST or self.nodes > MOST_NODES:
            self.refuse(event, "yaml-too-large", "too much is nested or listed here.", "Keep front matter small.")
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            hint = "Write the value out; a text that begins with & or * needs quotation marks."
            self.refuse(event, "yaml-alias", "anchors (&) and aliases (*) are not allowed.", hint)
        if event.tag:
            hint = "Write a plain value; a text that begins with ! needs quotation marks."
            tag = shortened(event.tag.replace("tag:yaml.org,2002:", "!!"))
            self.refuse(event, "yaml-tag", f"the tag '{tag}' is not allowed.", hint)
        self.places[loc] = self.place(event)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(events, loc)
        return self.mapping(events, loc, in_braces=bool(event.flow_style))

    def scalar(self, event: Any) -> str | None:
        text = clean(event.value)
        if text != with_plain_ends(event.value):
            problem = self.say(event, "unprintable", UNPRINTABLE, UNPRINTABLE_HINT)
            self.problems.append(replace(problem, severity="warning"))
        return None if event.implicit[0] and text in _NOTHING else text

    def sequence(self, events: Iterator[Any], loc: Loc) -> list[Any]:
        import yaml

        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            item = self.value(event, events, (*loc, len(items)))
            if item is not None:
                items.append(item)
        return items

    def mapping(self, events: Iterator[Any], loc: Loc, *, in_braces: bool) -> dict[str, Any]:
        import yaml

        entries: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                hint = "A text that begins with { or [ or ? needs quotation marks."
                self.refuse(event, "yaml-key", "a key must be plain text.", hint)
            key = clean(event.value)
            place = self.place(event)
            self.nodes += 1
            behind = next(events)
            value = self.value(behind, events, (*loc, key))
            if in_braces and self.has_no_colon(event, behind):
                self.problems.append(self.cut_by_a_comma(event, key, entries))
                continue
            if key in entries:
                message = f"'{shortened(key)}' stands twice, first on line {self.keys[(*loc, key)][0]}."
                self.problems.append(self.say(event, "duplicate-key", message, "Keep one."))
                continue
            self.keys[(*loc, key)] = place
            entries[key] = value
        return entries

    def has_no_colon(self, key: Any, behind: Any) -> bool:
        """Whether nothing, not even a colon, stands behind a key: `{role: adviser, Leeds}` holds such a `Leeds`."""
        between = self.text[key.end_mark.index : behind.start_mark.index]
        return behind.start_mark.index == behind.end_mark.index and not between.lstrip().startswith(":")

    def cut_by_a_comma(self, event: Any, key: str, entries: dict[str, Any]) -> Problem:
        """What is wrong with a key without a colon, and how the text that it was cut from is written."""
        before, cut = next(reversed(entries.items()), ("", None))
        hint = f"Write '{shortened(key)}: …'."
        if isinstance(cut, str):
            whole = shortened(f"{cut}, {key}").replace('"', "'")
            hint = f'Where the comma belongs to the text, put the text in quotes: {shortened(before)}: "{whole}".'
        return self.say(event, "no-colon", f"'{shortened(key)}' stands between braces without a colon.", hint)


def _without_empty(value: Any) -> Any:
    """A key that is written with nothing behind it counts as not written."""
    if isinstance(value, dict):
        return {key: _without_empty(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [_without_empty(entry) for entry in value]
    return value


def _events(text: str) -> Iterator[Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    ends = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentEndEvent)
    return (event for event in yaml.parse(text, Loader=loader) if not isinstance(event, ends))


def read_yaml(text: str, path: str, first_line: int = 1) -> tuple[Marked, list[Problem]]:
    """Read one YAML mapping of plain text, lists and mappings; `first_line` is where `text` begins in its file."""
    import yaml

    empty = Marked({}, path, {(): (first_line, 1)})
    if len(text) > MOST_CHARACTERS:
        return empty, [empty.problem("yaml-too-large", f"is longer than {MOST_CHARACTERS:,} characters.")]
    reader = _Reader(text, path, first_line)
    try:
        events = _events(text)
        if next(events, None) is None:
            return empty, []
        start = next(events)
        if not isinstance(start, yaml.MappingStartEvent) and getattr(start, "value", "[") not in _NOTHING:
            hint = "Begin each line with a key and a colon, such as 'title: …'."
            reader.refuse(start, "not-a-map", "must be keys with values.", hint)
        values = reader.value(start, events, ())
        values = values if isinstance(values, dict) else {}
        again = next(events, None)
        if again is not None:
            reader.refuse(again, "yaml-documents", "holds more than one YAML document.", "Keep one.")
    except _Refused as refused:
        return empty, [*reader.problems, refused.problem]
    except yaml.MarkedYAMLError as error:
        return empty, [_syntax(error, text, path, first_line)]
    except (yaml.YAMLError, ValueError, OverflowError):
        return empty, [empty.problem("yaml-syntax", "holds characters that cannot be read.", (), "Type them anew.")]
    return Marked(_without_empty(values), path, reader.places, reader.keys), reader.problems


_QUOTE_IT = "A text with ': ' or ' #' in it, or with a sign in front, needs quotation marks."
_IN_WORDS: Mapping[str, tuple[str, str]] = {
    "mapping values are not allowed": ("this line has a second ': ', or is indented too far", _QUOTE_IT),
    "cannot start any token": ("a text cannot begin with '{sign}'", "Put the text in quotation marks."),
    "tab character": ("a tab stands here", "Use spaces, not tabs, to indent."),
    "did not find expected key": ("this line is indented unlike those above, or text follows a quotation", _QUOTE_IT),
    "'-' indicator": ("this line is indented unlike the list above", "Indent it like the lines that it belongs to."),
    "end of stream": ("this quotation mark is not closed", "Put the same mark at the end of the text."),
    "',' or ']'": ("the list that begins here is not closed", "Put ']' at its end."),
    "',' or '}'": ("the map that begins here is not closed", "Put '}' at its end."),
    "alphabetic or numeric": ("a text cannot begin with & or *", "Put the text in quotation marks."),
    "node content": ("a value is missing here", "Write one, or take out the comma or colon."),
    "<document start>": ("the line '...' above ends the keys", "Take that line out."),
}
_FROM_ITS_BEGINNING = ("end of stream", "',' or")


def _syntax(error: Any, text: str, path: str, first_line: int) -> Problem:
    """What PyYAML could not read, in words and at the place where a person would look."""
    told = str(error.problem or error.context)
    mark = error.problem_mark or error.context_mark
    if error.context_mark and any(part in told for part in _FROM_ITS_BEGINNING):
        mark = error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    sign = (text.split("\n")[line : line + 1] or [""])[0][column : column + 1]
    known = next((words for part, words in _IN_WORDS.items() if part in told), (told, _QUOTE_IT))
    message, hint = _IN_WORDS["tab character"] if sign == "\t" else known
    message = f"this is not YAML: {message.replace('{sign}', sign)}."
    return Problem("yaml-syntax", message, path, line + first_line, column + 1, hint)
