"""Where answers come from and which of them wins: `--set`, then a file, then defaults."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from builder.problems import InputError, Problem, UsageError, did_you_mean
from builder.strict import Loc, Marked, Place, check, clean, read_yaml

if TYPE_CHECKING:
    from builder.model import Library

ELSEWHERE: Place = (0, 0)
"""The place of a value that stands in no file."""

DEFAULT_TITLE = "Workshop"
DEFAULT_MINUTES = 90
_FOLLOWS_FROM_OTHERS = ("participants_most", "focus", "cards")


def layered(*layers: Marked | Mapping[str, object]) -> Marked:
    """All answers, the first layer winning; maps (cards, pinned) by entry, all else as a whole.

    The first layer that was read from a file gives the path and the places of its own values.
    """
    filed = next((layer for layer in layers if isinstance(layer, Marked) and layer.path), Marked({}))
    values: dict[str, Any] = {}
    origin: dict[Loc, object] = {}
    for layer in layers:
        for key, value in (layer.values if isinstance(layer, Marked) else layer).items():
            merged = _merged(values.get(key), value) if key in values else value
            if key not in values or merged is not values[key]:
                origin.update((loc, layer) for loc in _locs(key, value) if loc not in origin)
            values[key] = merged
    if not filed.path:
        return Marked(values)
    elsewhere = {loc: ELSEWHERE for loc, layer in origin.items() if layer is not filed}
    kept = [loc for loc in filed.places if origin.get(loc[:2], origin.get(loc[:1], filed)) is filed]
    places = {loc: filed.places[loc] for loc in kept}
    keys = {loc: filed.keys[loc] for loc in kept if loc in filed.keys}
    return Marked(values, filed.path, {**places, **elsewhere}, {**keys, **elsewhere})


def _merged(winner: object, other: object) -> object:
    return {**other, **winner} if isinstance(winner, Mapping) and isinstance(other, Mapping) else winner


def _locs(key: str, value: object) -> Iterator[Loc]:
    """The place of a value and of each entry right under it."""
    yield (key,)
    if isinstance(value, Mapping):
        yield from ((key, entry) for entry in value)
    elif isinstance(value, list | tuple):
        yield from ((key, step) for step in range(len(value)))


def defaults(library: Library) -> Mapping[str, object]:
    """What `--defaults` answers: everything, title and minutes included.

    Left to the brief itself is what follows from other answers: most people, lessons in focus, cards.
    """
    from builder.model import Brief

    packed = layered(*reversed([each.pack.defaults for each in library.adaptations])).values
    focus = packed.get("focus")
    recipes = [recipe for recipe in library.recipes.values() if focus is None or list(recipe.focus) == list(focus)]
    cards = [recipe for recipe in recipes if recipe.cards and recipe.cards == packed.get("cards")]
    recipe = next(iter([*cards, *recipes]), None)
    title = recipe.title if recipe else DEFAULT_TITLE
    brief = Brief.model_validate({"title": title, "minutes": DEFAULT_MINUTES})
    plain = brief.model_dump(mode="json", exclude_none=True)
    plain = {key: value for key, value in plain.items() if key not in _FOLLOWS_FROM_OTHERS}
    return layered(packed, plain).values


# ------------------------------------------------------------ --set KEY=VALUE


def settings(pairs: Sequence[str]) -> Mapping[str, Any]:
    """The answers that `--set KEY=VALUE` gives, later ones winning; every wrong one is named.

    UsageError: one of them cannot be understood. InputError: all can, and a value cannot be used.
    """
    values: dict[str, Any] = {}
    misused: list[Problem] = []
    unusable: list[Problem] = []
    for pair in map(clean, pairs):
        entry = _setting(pair)
        if isinstance(entry, Problem):
            misused.append(_at_option(entry, pair))
        else:
            unusable += [_at_option(problem, pair) for problem in shape_problems(entry)]
            values = dict(layered(entry, values).values)
    if misused:
        raise UsageError([*misused, *unusable])
    if unusable:
        raise InputError(unusable)
    return values


def _at_option(problem: Problem, pair: str) -> Problem:
    return replace(problem, path=f"--set {pair}", line=None, column=None)


def shape_problems(values: Mapping[str, object]) -> list[Problem]:
    """What is wrong with some answers in themselves: unknown keys, wrong kinds of value, out of range."""
    from builder.model import Brief

    found: list[Problem] = []
    for key, value in values.items():
        found += check(Brief, Marked({key: value}), "a brief")[1]
    absent = {f"'{key}' is missing." for key, field in Brief.model_fields.items() if field.is_required()}
    return [problem for problem in found if problem.code != "missing-key" or problem.message not in absent]


def _setting(pair: str) -> dict[str, Any] | Problem:
    """One pair as an answer, or why it is none."""
    from builder.model import Brief

    name, equals, text = pair.partition("=")
    key, dot, entry = name.strip().partition(".")
    if not equals:
        return Problem("not-a-setting", "needs a key, '=' and a value.", hint="Such as --set minutes=90.")
    if key not in Brief.model_fields:
        return Problem("unknown-key", f"'{key}' is not a key of a brief.", hint=did_you_mean(key, Brief.model_fields))
    shape = _shape(Brief.model_fields[key].annotation)
    if dot and shape != "map":
        return Problem("not-a-map", f"'{key}' takes one value.", hint=f"Write --set {key}=….")
    if not dot and shape == "map" and not text.strip().startswith("{"):
        return Problem("not-a-map", f"'{key}' needs an entry.", hint=f"Write --set {key}.ENTRY=VALUE.")
    value = _value(text.strip(), shape)
    if isinstance(value, Problem):
        return value
    return {key: {entry: value} if dot else value}


def _shape(annotation: object) -> str:
    """Whether a key of the brief takes a list, a list of maps, a map, or one value."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Mapping:
        return "map"
    if origin is not tuple:
        return "one"
    return "maps" if isinstance(arguments[0], type) and not isinstance(arguments[0], types.GenericAlias) else "list"


def _value(text: str, shape: str) -> object:
    """What stands behind the `=`: flow YAML where it opens with a bracket, else text or a list by commas."""
    if (shape != "one" and text.startswith("[")) or (shape == "map" and text.startswith("{")):
        marked, problems = read_yaml(f"value: {text}", "")
        return problems[0] if problems else marked.values.get("value", [])
    if shape == "maps":
        example = "Such as contacts=[{name: Ana Pereira, role: equity adviser, reach: ana@example.org}]."
        return [] if not text else Problem("not-a-list", "needs a list of entries in brackets.", hint=example)
    if shape == "list":
        return [part.strip() for part in text.split(",") if part.strip()]
    return text
