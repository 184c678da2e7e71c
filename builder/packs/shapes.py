"""The shape of each field, and the name of each entry of a list."""

import typing
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from builder.model import Activity, Card, Disagreement, HandoutSheet, Lesson, Recipe, Source, Term

Shape = Literal["list", "map", "one"]

MODELS: Mapping[str, type[Any]] = {
    "lessons": Lesson,
    "activities": Activity,
    "sheets": HandoutSheet,
    "cards": Card,
    "sources": Source,
    "glossary": Term,
    "recipes": Recipe,
    "disagreements": Disagreement,
}
_NAMING = ("id", "holder", "item", "lesson", "role", "question")
_WHOLE = {"argument"}


def shape_of(kind: str, key: str, *, listed: bool) -> Shape:
    """How a field changes: by entries of a list, by entries of a map, or as a whole; an entry of a list file is a map.

    An argument is one: its text must never stand under the name of somebody who did not make it.
    """
    if listed:
        return "map"
    fields = MODELS[kind].model_fields
    if key not in fields or key in _WHOLE:
        return "one"
    return _shape(fields[key].annotation)


def _shape(annotation: Any) -> Shape:
    from pydantic import BaseModel

    origin = typing.get_origin(annotation)
    if origin is tuple:
        return "list"
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return "map"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "map"
    found = [_shape(each) for each in typing.get_args(annotation) if not isinstance(each, str)]
    return next((each for each in found if each != "one"), "one")


def name_of(entry: Any) -> str:
    """The name by which `because` and `remove` know an entry of a list."""
    if not isinstance(entry, Mapping):
        return " ".join(str(entry).split())
    named = next((entry[key] for key in _NAMING if isinstance(entry.get(key), str)), None)
    return " ".join(str(named if named is not None else entry.get("text", "")).split())


def entries_named(name: str, entries: Sequence[Any]) -> list[int]:
    """The numbers of the entries that a name means: the ones that have it, else those whose text begins with it."""
    plain = " ".join(name.split())
    names = [name_of(entry) for entry in entries]
    exact = [i for i, each in enumerate(names) if each == plain]
    return exact or [i for i, each in enumerate(names) if plain and each.startswith(plain)]
