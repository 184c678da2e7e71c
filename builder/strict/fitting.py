"""Values against a model: each that does not fit becomes a problem in words, at its place."""

import re
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from builder.problems import Problem, did_you_mean, nearest
from builder.strict.cleaning import not_an_id, shortened
from builder.strict.reader import Loc, Marked

if typing.TYPE_CHECKING:
    from pydantic import BaseModel

Model = TypeVar("Model", bound="BaseModel")


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
        errors = _first_causes(error.errors(include_url=False))
        wrong += [_problem(model, marked, noun, hidden, entry) for entry in errors]
    return (None, _once(wrong)) if wrong else (found, [])


def _first_causes(errors: Sequence[Any]) -> list[Any]:
    """The errors without those that follow from another, so that one mistake is told once.

    A key is missing because it is misspelt; a list is too short because what stands in it cannot be used.
    """
    extra = [entry["loc"] for entry in errors if entry["type"] == "extra_forbidden"]

    def follows(kind: str, loc: Loc) -> bool:
        if kind == "missing":
            return any(other[:-1] == loc[:-1] and nearest(str(other[-1]), [str(loc[-1])]) for other in extra)
        return kind == "too_short" and any(len(e["loc"]) > len(loc) and e["loc"][: len(loc)] == loc for e in errors)

    return [entry for entry in errors if not follows(entry["type"], entry["loc"])]


def _once(problems: Iterable[Problem]) -> list[Problem]:
    """Each place and code once: a union reports one error for each of its members."""
    seen: dict[tuple[Any, ...], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.code, problem.line, problem.column, problem.message), problem)
    return list(seen.values())


def _model_in(annotation: Any) -> "type[BaseModel] | None":
    from pydantic import BaseModel

    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, BaseModel) else None
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
    message = f"'{shortened(loc[-1])}' is not a key of {owner}."
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
    "too_short": ("too-few", "needs at least {min_length} in its list"),
    "too_long": ("too-many", "takes at most {max_length} in its list"),
    "string_too_long": ("too-long-text", "must be at most {max_length} characters long"),
}


def _problem(
    model: "type[BaseModel]", marked: Marked, noun: str, hidden: Iterable[str], entry: Mapping[str, Any]
) -> Problem:
    kind, raw = entry["type"], tuple(entry["loc"])
    loc = _known_loc(marked, raw)
    if kind == "missing":
        message, hint = f"{_prefix(raw[:-1])}'{raw[-1]}' is missing.", f"Add '{raw[-1]}: …'."
        return marked.problem("missing-key", message, raw[:-1], hint)
    if kind == "extra_forbidden":
        return _unknown_key(model, marked, raw, noun, hidden)
    context = entry.get("ctx") or {}
    prefix = _prefix(loc)
    if kind == "literal_error":
        given = entry["input"]
        known = re.findall(r"'([^']*)'", context["expected"])
        message = f"'{shortened(given)}' is not known here." if isinstance(given, str) else "must be one word."
        hint = did_you_mean(shortened(given), known)
        return marked.problem("unknown-value", f"{prefix}{message}", loc, hint, at_key=_is_key(raw))
    if kind == "string_pattern_mismatch":
        code, message, hint = _pattern(str(context["pattern"]), str(entry["input"]))
        return marked.problem(code, f"{prefix}{message}", loc, hint, at_key=_is_key(raw))
    if kind in _WORDS:
        code, words = _WORDS[kind]
        code = f"{loc[0]}-range" if code == "range" and loc else code
        hint = _example(model, loc, code, entry["input"]) or _HINTS.get(code) or _given(entry["input"])
        return marked.problem(code, f"{prefix}{words.format(**context)}.", loc, hint)
    hint = _HINTS.get(kind) or _given(entry["input"])
    return marked.problem(kind, f"{prefix}{entry['msg']}.", loc or _where_to_look(kind, context), hint)


def _known_loc(marked: Marked, loc: Loc) -> Loc:
    """`loc` without the names of union members that pydantic puts at its end."""
    while loc and marked.places and loc not in marked.places:
        loc = loc[:-1]
    return loc


_HINTS: Mapping[str, str] = {
    "not-text": "Write one text; where it begins with [ or {, put it in quotation marks.",
    "empty": "Write something, or take the key out.",
    "too-few": "Add one.",
    "too-many": "Take some out.",
    "too-long-text": "Move what is long below the front matter.",
    "minutes-order": "Put the fewest minutes first.",
    "count-order": "Put the smaller number first.",
    "debrief-too-long": "Lower 'debrief', or raise the least minutes.",
    "reading-owner": "Add 'holder: …' for a view that somebody holds.",
    "person-name": "Write {family: …, given: …}, or {literal: …} for an organisation.",
}
_LOOK_AT: Mapping[str, Loc] = {"debrief-too-long": ("debrief",), "participants-order": ("participants_most",)}


def _where_to_look(kind: str, context: Mapping[str, Any]) -> Loc:
    """The key at which to look for what is wrong with several keys together."""
    variant = re.search(r"variant '(.+)'", str(context.get("where", "")))
    return ("variants", variant[1]) if variant else _LOOK_AT.get(kind, ())


def _is_key(loc: Loc) -> bool:
    """Whether pydantic means a key of a map, not what stands behind it."""
    return loc[-1:] == ("[key]",)


def _example(model: "type[BaseModel]", loc: Loc, code: str, given: Any) -> str:
    """How a list of maps, or a map, is written where this one is not."""
    keys = _keys_at(model, loc)[:2] if code in {"not-a-list", "not-a-map"} and loc else []
    written = "{" + ", ".join(f"{key}: …" for key in keys) + "}"
    if not keys:
        return f"Write [{shortened(given)}]." if code == "not-a-list" and isinstance(given, str) else ""
    return f"Write [{written}]." if code == "not-a-list" else f"Write {written}."


def _prefix(loc: Loc) -> str:
    return f"{_dotted(loc)}: " if loc else ""


def _given(value: Any) -> str:
    return f"It says '{shortened(value)}'." if isinstance(value, str | int) else ""


def _pattern(pattern: str, given: str) -> tuple[str, str, str]:
    """Code, message and hint for a text that has not the form that it must have."""
    if pattern.startswith("^[a-z0-9]"):
        return "not-an-id", *not_an_id(given)
    if r"\d" in pattern:
        return "not-a-version", f"'{shortened(given)}' is not a version.", "Write numbers with dots, such as 1.0.0."
    return "not-a-language", f"'{shortened(given)}' is not a language code.", "Write one such as en, ga or pt-BR."
