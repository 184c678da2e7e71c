"""What a pack may do with a part: change it freely, with a reason, or never. The rules stand in `classes.toml`."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Literal

FieldClass = Literal["free", "guarded", "locked"]

_CITED = re.compile(r"@([a-z0-9]+(?:-[a-z0-9]+)*)")
_CONTACT = re.compile(r"\{\{\s*reporting_contact\s*\}\}", re.IGNORECASE)


@cache
def _classes() -> Mapping[str, Mapping[str, Sequence[str]]]:
    read: Mapping[str, Mapping[str, Sequence[str]]] = tomllib.loads(
        files("builder.packs").joinpath("classes.toml").read_text(encoding="utf-8")
    )
    return read


def class_of(kind: str, part: str) -> FieldClass:
    """The class of a part in a file of a kind (`lessons`, `activities`, `sheets`, `cards`, or a list file's)."""
    name, field = part.lower(), part.lower().partition("/")[0]
    for each in ("locked", "guarded"):
        patterns = [pattern.lower() for pattern in _classes()[kind][each]]
        if any(fnmatchcase(name, pattern) or fnmatchcase(field, pattern) for pattern in patterns):
            return "locked" if each == "locked" else "guarded"
    return "free"


def lost(before: str, after: str) -> Iterator[str]:
    """What a new text leaves out that must not go without a reason: works cited, and the contact to turn to."""
    kept = set(_CITED.findall(after))
    for source in dict.fromkeys(_CITED.findall(before)):
        if source not in kept:
            yield f"the source '{source}'"
    if _CONTACT.search(before) and not _CONTACT.search(after):
        yield "the contact to turn to"
