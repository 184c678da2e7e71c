"""How text from outside is let in: cleaned, read as strict YAML with places, checked against a model.

PyYAML alone was seen to hang on a 421-byte merge bomb, to crash on 100,000 nested brackets, to read
`12:30` as 750, and to let the last of two equal keys win. Here aliases, anchors and tags are refused,
size and depth are limited, plain scalars stay text, and equal keys are named with both lines.
"""

import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from builder.problems import Problem, did_you_mean

if typing.TYPE_CHECKING:
    from pydantic import BaseModel

MOST_CHARACTERS = 200_000
MOST_NODES = 20_000
DEEPEST = 12

Loc = tuple[str | int, ...]
Place = tuple[int, int]
Model = TypeVar("Model", bound="BaseModel")

# Not in XML 1.0 (so Word files cannot hold them), or able to drive a terminal or reorder a line.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """`text` without what no paper can hold and no terminal should see; line ends become `\\n`."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


@dataclass(frozen=True, slots=True)
class Marked:
    """A mapping read from text, with the place (line, column, from 1) of each value and of each key."""

    values: Mapping[str, Any]
    path: str = ""
    places: Mapping[Loc, Place] = field(default_factory=dict)
    keys: Mapping[Loc, Place] = field(default_factory=dict)

    def problem(
        self, code: str, message: str, loc: Loc = (), hint: str = "", *, at_key: bool = False
    ) -> Problem:
        """A problem placed at a value (or its key), or at the nearest thing around it that has a place."""
        where = self.keys.get(loc) if at_key else None
        around = loc
        while where is None and around:
            where = self.places.get(around)
            around = around[:-1]
        line, column = where or self.places.get((), (None, None))
        return Problem(code, message, self.path, line, column, hint)


class _Refused(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class _Reader:
    """Builds plain values from YAML events, keeping places and collecting problems."""

    def __init__(self, path: str, first_line: int) -> None:
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
            self.refuse(event, "yaml-alias", "anchors (&) and aliases (*) are not allowed.", "Write the value out.")
        if event.tag:
            self.refuse(event, "yaml-tag", f"the tag '{event.tag}' is not allowed.", "Write a plain value.")
        self.places[loc] = self.place(event)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(events, loc)
        return self.mapping(events, loc)

    def scalar(self, event: Any) -> str | None:
        text = clean(event.value)
        if text != event.value.replace("\r\n", "\n").replace("\r", "\n"):
            self.problems.append(
                replace(
                    self.say(event, "unprintable", "held characters that cannot be printed; they were left out."),
                    severity="warning",
                )
            )
        return None if event.implicit[0] and text in {"", "~", "null"} else text

    def sequence(self, events: Iterator[Any], loc: Loc) -> list[Any]:
        import yaml

        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self.value(event, events, (*loc, len(items))))
        return items

    def mapping(self, events: Iterator[Any], loc: Loc) -> dict[str, Any]:
        import yaml

        entries: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                self.refuse(event, "yaml-key", "a key must be plain text.")
            key = clean(event.value)
            place = self.place(event)
            self.nodes += 1
            value = self.value(next(events), events, (*loc, key))
            if key in entries:
                first = self.keys[(*loc, key)][0]
                self.problems.append(
                    self.say(event, "duplicate-key", f"'{key}' stands twice, first on line {first}.", "Keep one.")
                )
                continue
            self.keys[(*loc, key)] = place
            entries[key] = value
        return entries


def _without_empty(value: Any) -> Any:
    """A key that is written with nothing behind it counts as not written."""
    if isinstance(value, dict):
        return {key: _without_empty(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [_without_empty(entry) for entry in value if entry is not None]
    return value


def _events(text: str) -> Iterator[Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for event in yaml.parse(text, Loader=loader):
        if not isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent):
            yield event


def read_yaml(text: str, path: str, first_line: int = 1) -> tuple[Marked, list[Problem]]:
    """Read one YAML mapping of plain text, lists and mappings; `first_line` is where `text` begins in its file."""
    import yaml

    empty = Marked({}, path, {(): (first_line, 1)})
    if len(text) > MOST_CHARACTERS:
        return empty, [empty.problem("yaml-too-large", f"is longer than {MOST_CHARACTERS:,} characters.")]
    reader = _Reader(path, first_line)
    try:
        events = _events(text)
        if next(events, None) is None:
            return empty, []
        start = next(events)
        if not isinstance(start, yaml.MappingStartEvent):
            reader.refuse(start, "not-a-map", "must be a list of keys with values, such as `title: …`.")
        values = reader.value(start, events, ())
        again = next(events, None)
        if again is not None:
            reader.refuse(again, "yaml-documents", "holds more than one YAML document.", "Keep one.")
    except _Refused as refused:
        return empty, [*reader.problems, refused.problem]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + first_line, mark.column + 1) if mark else (first_line, 1)
        message = f"this is not YAML: {error.problem or error.context}."
        hint = "A text with ': ' or ' #' in it needs quotation marks."
        return empty, [Problem("yaml-syntax", message, path, line, column, hint)]
    except yaml.YAMLError:
        return empty, [empty.problem("yaml-syntax", "this is not YAML.")]
    return Marked(_without_empty(values), path, reader.places, reader.keys), reader.problems


# ------------------------------------------------------------ values against a model


def check(model: type[Model], marked: Marked, noun: str, **placed: Any) -> tuple[Model | None, list[Problem]]:
    """The value that `marked` describes, or every reason why it is none.

    `noun` says what a key belongs to ("an activity"); `placed` are fields that the caller sets
    (an id from a file name, a body), which are therefore not keys that a person may write.
    """
    from pydantic import ValidationError

    hidden = {name for name in ("id", "body", "lesson") if name in model.model_fields and name in placed}
    wrong = [_unknown_key(model, marked, (key,), noun, hidden) for key in marked.values if key in hidden]
    values = {key: value for key, value in marked.values.items() if key not in hidden}
    try:
        found = model.model_validate({**values, **placed})
    except ValidationError as error:
        wrong += [_problem(model, marked, noun, hidden, entry) for entry in error.errors(include_url=False)]
    return (None, _once(wrong)) if wrong else (found, [])


def _once(problems: Iterable[Problem]) -> list[Problem]:
    """Each place and code once: a union reports one error for each of its members."""
    seen: dict[tuple[Any, ...], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.code, problem.line, problem.column, problem.message), problem)
    return list(seen.values())


def _model_in(annotation: Any) -> "type[BaseModel] | None":
    from pydantic import BaseModel

    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias) and issubclass(
        annotation, BaseModel
    ):
        return annotation
    found = (_model_in(argument) for argument in typing.get_args(annotation))
    return next((model for model in found if model is not None), None)


def _keys_at(model: "type[BaseModel]", loc: Loc) -> list[str]:
    """The keys that may be written at `loc`, in the words of the file."""
    for step in loc:
        fields = {info.alias or name: info for name, info in model.model_fields.items()}
        if isinstance(step, str) and step in fields:
            inner = _model_in(fields[step].annotation)
            if inner is None:
                return []
            model = inner
    return [info.alias or name for name, info in model.model_fields.items()]


def _unknown_key(model: "type[BaseModel]", marked: Marked, loc: Loc, noun: str, hidden: Iterable[str]) -> Problem:
    known = [key for key in _keys_at(model, loc[:-1]) if key not in hidden or len(loc) > 1]
    owner = noun if len(loc) == 1 else f"'{_dotted(loc[:-1])}'"
    message = f"'{loc[-1]}' is not a key of {owner}."
    return marked.problem("unknown-key", message, loc, did_you_mean(str(loc[-1]), known), at_key=True)


def _dotted(loc: Loc) -> str:
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in loc)


_WORDS: Mapping[str, tuple[str, str]] = {
    "int_parsing": ("not-a-number", "must be a whole number"),
    "int_type": ("not-a-number", "must be a whole number"),
    "int_from_float": ("not-a-number", "must be a whole number"),
    "int_parsing_size": ("not-a-number", "must be a whole number, and a smaller one"),
    "bool_parsing": ("not-yes-or-no", "must be yes or no"),
    "bool_type": ("not-yes-or-no", "must be yes or no"),
    "string_type": ("not-text", "must be text"),
    "tuple_type": ("not-a-list", "must be a list, such as [a, b]"),
    "list_type": ("not-a-list", "must be a list, such as [a, b]"),
    "dict_type": ("not-a-map", "must be a map of keys to values"),
    "mapping_type": ("not-a-map", "must be a map of keys to values"),
    "model_type": ("not-a-map", "must be a map of keys to values"),
    "model_attributes_type": ("not-a-map", "must be a map of keys to values"),
    "string_too_short": ("empty", "must not be empty"),
    "greater_than_equal": ("range", "must be at least {ge}"),
    "less_than_equal": ("range", "must be at most {le}"),
    "too_short": ("too-few", "needs at least {min_length}"),
    "too_long": ("too-many", "takes at most {max_length}"),
    "string_too_long": ("too-long-text", "must be at most {max_length} characters long"),
}


def _problem(
    model: "type[BaseModel]", marked: Marked, noun: str, hidden: Iterable[str], entry: Mapping[str, Any]
) -> Problem:
    kind, raw = entry["type"], tuple(entry["loc"])
    loc = _known_loc(marked, raw)
    if kind == "missing":
        return marked.problem("missing-key", f"{_prefix(raw[:-1])}'{raw[-1]}' is missing.", raw[:-1], f"Add '{raw[-1]}: …'.")
    if kind == "extra_forbidden":
        return _unknown_key(model, marked, raw, noun, hidden)
    context = entry.get("ctx") or {}
    prefix = _prefix(loc)
    if kind == "literal_error":
        given = entry["input"]
        known = re.findall(r"'([^']*)'", context["expected"])
        message = f"{prefix}'{given}' is not known here." if isinstance(given, str) else f"{prefix}must be one word."
        return marked.problem("unknown-value", message, loc, did_you_mean(str(given), known))
    if kind == "string_pattern_mismatch":
        return marked.problem(*_pattern(str(context["pattern"]), entry["input"], prefix), loc=loc)
    if kind in _WORDS:
        code, words = _WORDS[kind]
        code = f"{loc[0]}-range" if code == "range" and loc else code
        return marked.problem(code, f"{prefix}{words.format(**context)}.", loc, _given(entry["input"]))
    return marked.problem(kind, f"{prefix}{entry['msg']}.", loc)


def _known_loc(marked: Marked, loc: Loc) -> Loc:
    """`loc` without the names of union members that pydantic puts at its end."""
    while loc and marked.places and loc not in marked.places:
        loc = loc[:-1]
    return loc


def _prefix(loc: Loc) -> str:
    return f"{_dotted(loc)}: " if loc else ""


def _given(value: Any) -> str:
    return f"It says '{value}'." if isinstance(value, str | int) and len(str(value)) < 60 else ""


def _pattern(pattern: str, given: Any, prefix: str) -> tuple[str, str]:
    if "a-z0-9" in pattern:
        return "not-an-id", f"{prefix}'{given}' is not an id: lower-case letters, digits and hyphens, such as 'power-grid'."
    if r"\d" in pattern:
        return "not-a-version", f"{prefix}'{given}' is not a version such as 1.0.0."
    return "not-a-language", f"{prefix}'{given}' is not a language code such as en or pt-BR."
