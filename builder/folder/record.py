"""What `kit.json` says: facts about the last finished build, and what this program wrote into each file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from builder.folder.names import is_paper_name


@dataclass(frozen=True, slots=True)
class Mark:
    """One content that this program wrote: its SHA-256 in hexadecimal, and the plan code it was written with."""

    sha256: str
    plan_code: str = ""


Marks = Mapping[str, tuple[Mark, ...]]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A `kit.json`: during a build a file has two marks, old and new; `damaged` where it cannot be understood."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    files: Marks = field(default_factory=dict)
    damaged: bool = False


def parse_manifest(text: bytes) -> Manifest:
    """Read what a `kit.json` says; one that cannot be trusted whole is damaged and says nothing."""
    try:
        facts = json.loads(text)
        files = {name: tuple(map(_parse_mark, marks)) for name, marks in facts.pop("files").items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Manifest(damaged=True)
    return Manifest(facts, files) if all(map(is_paper_name, files)) else Manifest(damaged=True)


def _parse_mark(mark: Mapping[str, Any]) -> Mark:
    sha256, plan_code = mark["sha256"], mark["plan_code"]
    if not isinstance(sha256, str) or not isinstance(plan_code, str):
        raise TypeError(mark)
    return Mark(sha256, plan_code)


def dump_manifest(facts: Mapping[str, object], files: Marks) -> bytes:
    """Spell a `kit.json`: sorted, without any time of writing, so equal builds give equal bytes."""
    listed = {
        name: [{"plan_code": mark.plan_code, "sha256": mark.sha256} for mark in marks] for name, marks in files.items()
    }
    text = json.dumps({**facts, "files": listed}, sort_keys=True, indent=2, default=_plain)
    return f"{text}\n".encode()


def _plain(value: object) -> object:
    """Turn a mapping of any kind into one that JSON knows."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(value)
