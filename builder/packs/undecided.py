"""What both sides of an update changed in different ways: how it is left in a file, found again, and refused.

In a section it stands between marker lines, all else under the key `undecided`. Nothing that holds either is loaded,
so neither is ever printed.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from builder.packs import parts
from builder.packs.weaving import BETWEEN, OURS, THEIRS
from builder.problems import Problem
from builder.strict import read_yaml, shortened

KEY = "undecided"
CODE = "undecided"
AS_ABOVE, REMOVED = "as above", "removed"

_MARKER = re.compile(rf"(?:{OURS}|{THEIRS})(?:[ \t].*)?|{BETWEEN}[ \t]*")


@dataclass(frozen=True, slots=True)
class Sides:
    """The two that disagree, as they are named in a file."""

    ours: str
    theirs: str

    @property
    def markers(self) -> tuple[str, str]:
        """The names behind marker lines."""
        return f"ours ({self.ours})", self.theirs


def is_open(text: str) -> bool:
    """Whether a text holds a marker line."""
    return any(_MARKER.fullmatch(line) for line in text.splitlines())


def names_in(text: str, *, listed: bool) -> tuple[str, ...]:
    """The parts that a file lists as undecided."""
    written = parts.parts_of(text, listed=listed).get(KEY, "") if KEY in text else ""
    found = read_yaml(written, "")[0].values.get(KEY)
    return tuple(found) if isinstance(found, Mapping) else ()


def problems_in(text: str, path: str, *, listed: bool) -> Iterator[Problem]:
    """An error for each place of a file that is left to decide, marker lines typed by hand included."""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if _MARKER.fullmatch(line) and not (line.startswith((BETWEEN, THEIRS)) and _follows(lines, number - 1)):
            message = f"'{shortened(line)}': two versions stand here, and nobody has decided yet."
            hint = f"Keep one or write a third, then take out the lines with {OURS}, {BETWEEN} and {THEIRS}."
            yield Problem(CODE, message, path, number, 1, hint)
    for piece in parts.taken_apart(text, listed=listed) if KEY in text else ():
        if piece.part == KEY:
            yield from _listed(piece, path)


def _follows(lines: list[str], at: int) -> bool:
    """Whether a marker line belongs to one above it, which is told already."""
    wanted = {THEIRS: BETWEEN, BETWEEN: OURS}[lines[at][: len(OURS)]]
    found = next((line for line in reversed(lines[:at]) if _MARKER.fullmatch(line)), "")
    return found.startswith(wanted)


def _listed(piece: parts.Piece, path: str) -> Iterator[Problem]:
    marked, _ = read_yaml(piece.text, path, piece.line + 1)
    found = marked.values.get(KEY)
    for part in found if isinstance(found, Mapping) else ():
        message = f"the library changed '{shortened(part)}' and so did the pack; nobody has decided yet."
        hint = f"Change '{shortened(part)}' as it shall be, then take its entry out of '{KEY}'."
        yield marked.problem(CODE, message, (KEY, part), hint, at_key=True)
    if not isinstance(found, Mapping):
        yield Problem(CODE, f"'{KEY}' stands here.", path, piece.line + 1, 1, "Take it out, once all is decided.")


def with_entries(text: str, entries: Mapping[str, tuple[str, str]], sides: Sides, *, listed: bool) -> str:
    """The file with what is undecided under its key: for each part what the pack says and what the library says."""
    if not entries:
        return text
    written = parts.parts_of(text, listed=listed).get(KEY, f"{KEY}:\n").rstrip() + "\n"
    for part, (ours, theirs) in entries.items():
        written += f"  {json.dumps(part, ensure_ascii=False)}:\n"
        written += f"    {sides.ours}: {ours}\n    {sides.theirs}: {_literal(theirs)}\n"
    return parts.with_part(text, KEY, written, listed=listed)


def _literal(text: str) -> str:
    """A text as it is written elsewhere, to read and to copy; one word stays one word."""
    if text == REMOVED:
        return text
    body = "\n".join(f"      {line}".rstrip() for line in text.strip("\n").split("\n"))
    return f"|2\n{body}" if text[:1] in {" ", "\t"} else f"|\n{body}"
