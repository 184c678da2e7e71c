"""A brief as `workshop.yaml`: complete, commented, the same bytes for the same brief."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from builder.model import Brief

_GROUPS: Mapping[str, str] = {
    "title": "What it is called, how long it takes, and when it starts.",
    "participants": "Who comes, and where.",
    "focus": "What it is about. `focus: []` lets the planner choose.",
    "pinned": "Changes made to the agenda.",
    "facilitators": "Who leads it, and what is arranged.",
    "break_minutes": "Time kept free.",
    "organisation": "What the papers say, and how they are printed.",
}
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-/][A-Za-z0-9]+)*")
_WORDS_OF_YAML = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def write(brief: Brief) -> str:
    """The complete brief as YAML, keys in the order of the model; reading and parsing it gives an equal brief.

    Packs are named only where there are any.
    """
    lines = ["# A workshop. Change what you like, then: workshop build workshop.yaml"]
    for key, value in brief.model_dump(mode="json").items():
        if key == "packs" and not value:
            continue
        if key in _GROUPS:
            lines += ["", f"# {_GROUPS[key]}"]
        lines += _entry(key, _short(key, value))
    return "\n".join(lines) + "\n"


def _short(key: str, value: Any) -> Any:
    """Minutes alone where a pinned activity has no start, as people write it."""
    if key != "pinned":
        return value
    pins = {name: {part: given for part, given in pin.items() if given is not None} for name, pin in value.items()}
    return {name: pin["minutes"] if list(pin) == ["minutes"] else pin for name, pin in pins.items()}


def _entry(key: str, value: Any) -> list[str]:
    if value is None:
        return [f"{key}:"]
    if isinstance(value, Mapping) and value:
        return [f"{key}:", *(f"  {_scalar(name)}: {_flow(entry)}" for name, entry in value.items())]
    if isinstance(value, list) and value:
        return [f"{key}:", *(line for item in value for line in _item(item))]
    return [f"{key}: {_flow(value)}"]


def _item(item: Any) -> list[str]:
    if not isinstance(item, Mapping):
        return [f"  - {_flow(item)}"]
    pairs = [f"{key}: {_flow(value)}" for key, value in item.items() if value is not None]
    return [f"  {'-' if first == 0 else ' '} {pair}" for first, pair in enumerate(pairs)]


def _flow(value: Any) -> str:
    """One value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_flow(entry) for entry in value) + "]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int) else _scalar(str(value))


def _scalar(text: str) -> str:
    """A text as it is where every reader of YAML takes it for text, else in double quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML:
        return text
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character == "\n":
        return "\\n"
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
