"""A part as somebody types it in a form, and as the pack's file writes it. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from builder.packs import parts
from builder.strict import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

BECAUSE = "because"


def text_of(name: str, written: str) -> str:
    """What a form shows of a part: a section without its heading, a sentence without its key, else its lines."""
    if not parts.is_field(name):
        return parts.words_of(name, written)
    value = _sentence(name, written)
    return value if value is not None else written.rstrip()


def with_typed(name: str, typed: str, written: str) -> str:
    """The part as the file writes it, with what was typed; `written` is how it was written before."""
    text = "\n".join(line.rstrip() for line in typed.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip("\n")
    if not parts.is_field(name):
        return f"{_heading(name, written)}{text.strip()}\n\n"
    if _sentence(name, written) is None:
        return f"{text}\n"
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return f"{name}: >-\n" + "".join(f"  {line}\n" for line in lines) if lines else f'{name}: ""\n'


def offset_of(name: str, new: str) -> int:
    """How many lines of a part, as `with_typed` makes it, stand before what was typed."""
    if parts.is_field(name):
        return 1 if new.startswith(f"{name}: >-\n") else 0
    return parts.heading_of(new).count("\n") + (1 if parts.heading_of(new) else 0)


def _heading(name: str, written: str) -> str:
    if name == parts.LEAD:
        return "\n"
    top, _, below = name.partition("/")
    return f"{parts.heading_of(written).rstrip() or (f'### {below}' if below else f'## {top}')}\n\n"


def _sentence(name: str, written: str) -> str | None:
    """The text of a field that holds one text, None for lists and maps."""
    value = read_yaml(written, "")[0].values.get(name)
    return " ".join(value.split()) if isinstance(value, str) and ("\n" in written.strip() or " " in value) else None


def with_reason(own: str, name: str, reason: str, present: Mapping[str, str]) -> str:
    """The file with the reason for one part: added, replaced, or taken out where it is empty."""
    plain = " ".join(reason.split())
    if plain == present.get(name, ""):
        return own
    found = {**present, name: plain} if plain else {part: text for part, text in present.items() if part != name}
    lines = [f"  {_quoted(part)}: {_quoted(text)}\n" for part, text in found.items()]
    return parts.with_part(own, BECAUSE, f"{BECAUSE}:\n{''.join(lines)}" if lines else None)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
