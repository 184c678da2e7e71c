"""A file taken apart into the parts that a pack can change, and put together again without losing a character.

Pure, on text. A part is a front-matter field (an entry, in a list file), a section, or the text before the first one.
What belongs to no part (fences, comments) keeps its place under the name ''.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from builder.markdown import headings
from builder.model import Activity, Card, HandoutSheet, Lesson
from builder.strict import read_yaml

LEAD, HEAD = "lead", "#"
_DEBRIEF = "Debrief"
_FIELDS = frozenset().union(*(model.model_fields for model in (Lesson, Activity, HandoutSheet, Card)))


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of whole lines: the part it belongs to ('' for none), and its first line in the file, from 0."""

    part: str
    text: str
    line: int


Pieces = tuple[Piece, ...]


def whole(pieces: Sequence[Piece]) -> str:
    """The text that the pieces make: for those of `taken_apart`, the very text that was taken apart."""
    return "".join(piece.text for piece in pieces)


@lru_cache(maxsize=1_024)
def taken_apart(text: str, *, listed: bool = False) -> Pieces:
    """The pieces of a file: front matter and body, or (`listed`) the entries of a list file."""
    lines = text.splitlines(keepends=True)
    if listed:
        return tuple(_fields(lines, 0))
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if not lines or lines[0].rstrip() != "---" or end is None:
        return (Piece("", text, 0),) if text else ()
    body = "".join(lines[end + 1 :])
    return (
        Piece("", lines[0], 0),
        *_fields(lines[1:end], 1),
        Piece("", lines[end], end),
        *(Piece(piece.part, piece.text, piece.line + end + 1) for piece in sections(body)),
    )


def parts_of(text: str, *, listed: bool = False) -> Mapping[str, str]:
    """The parts of a file by their names, as they are written, headings and keys included."""
    return {piece.part: piece.text for piece in taken_apart(text, listed=listed) if piece.part}


def is_field(part: str, *, listed: bool = False) -> bool:
    """Whether a part stands in front matter rather than below it."""
    return listed or part.partition("/")[0] in {*_FIELDS, "remove", "because", "undecided"}


def _fields(lines: Sequence[str], first: int) -> Iterator[Piece]:
    """The keys that begin a line, each with what is indented below it; comments between them belong to none."""
    marked, _ = read_yaml("".join(lines), "")
    starts = {place[0] - 1: str(loc[0]) for loc, place in marked.keys.items() if len(loc) == 1 and place[1] == 1}
    name, begin = "", 0
    for number in range(len(lines) + 1):
        if number < len(lines) and number not in starts:
            continue
        end = number
        while name and end > begin + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
            end -= 1
        if end > begin:
            yield Piece(name, "".join(lines[begin:end]), first + begin)
        if number > end:
            yield Piece("", "".join(lines[end:number]), first + end)
        name, begin = starts.get(number, ""), number


@lru_cache(maxsize=1_024)
def sections(body: str) -> Pieces:
    """The pieces of a Markdown body: `#` where it begins with one, `lead`, each `##`, each `###` of a debrief."""
    lines = body.splitlines(keepends=True)
    cuts: list[tuple[int, str]] = [(0, LEAD)]
    seen: dict[str, int] = dict.fromkeys(_FIELDS, 1)
    above = ""
    for level, first, after, title in headings(body):
        if level == 1 and not "".join(lines[:first]).strip():
            cuts = [(0, HEAD), (after, LEAD)]
        elif level == 2 or (level == 3 and above == _DEBRIEF):
            name = title if level == 2 else f"{above}/{title}"
            above = title if level == 2 else above
            seen[name] = seen.get(name, 0) + 1
            cuts.append((first, name if seen[name] == 1 else f"{name} ({seen[name]})"))
    ends = [cut for cut, _ in cuts[1:]] + [len(lines)]
    pieces = (Piece(part, "".join(lines[cut:end]), cut) for (cut, part), end in zip(cuts, ends, strict=True))
    return tuple(
        replace(piece, part="") if piece.part == LEAD and not piece.text.strip() else piece
        for piece in pieces
        if piece.text
    )


@lru_cache(maxsize=4_096)
def words_of(part: str, text: str) -> str:
    """What a section says, without its heading and the empty lines around it."""
    plain = text.strip()
    if part == LEAD:
        return plain
    if plain.startswith("#"):
        return plain.partition("\n")[2].strip()
    return "".join(plain.splitlines(keepends=True)[next((after for _, _, after, _ in headings(plain)), 0) :]).strip()


def heading_of(text: str) -> str:
    """The lines of the heading with which a section begins."""
    after = next((after for _, _, after, _ in headings(text)), 0)
    return "".join(text.splitlines(keepends=True)[:after])


def same(one: str, other: str) -> bool:
    """Whether two parts say the same, whatever the spaces at the ends of their lines and the empty lines around."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


# ------------------------------------------------------------ one part put in, replaced, taken out


def with_part(text: str, part: str, new: str | None, *, order: Sequence[str] = (), listed: bool = False) -> str:
    """The file with one part as `new` says (as it is written, key or heading included), or without it (None).

    All other parts stay as they are, to the character; of a section that holds others the heading stays. A part that
    was not there comes after the one that stands before it in `order`, a field at the end of the front matter. An empty
    `text` gets front matter.
    """
    pieces = list(taken_apart(text or ("" if listed else "---\n---\n"), listed=listed))
    at = next((i for i, piece in enumerate(pieces) if piece.part == part), None)
    if new is not None:
        new = _ended(new, part, listed=listed)
    if at is not None:
        holds = any(piece.part.startswith(f"{part}/") for piece in pieces)
        stub = f"{heading_of(pieces[at].text)}\n" if holds and new is None else new
        pieces[at : at + 1] = [Piece(part, stub, 0)] if stub is not None else []
    elif new is not None:
        pieces = _with_new(pieces, part, new, order, listed=listed)
    return whole(pieces)


def _ended(text: str, part: str, *, listed: bool) -> str:
    """A part that ends with a line's end, a section with an empty line, so that what follows begins anew."""
    plain = text.rstrip() + "\n"
    return plain if is_field(part, listed=listed) else plain + "\n"


def _with_new(pieces: list[Piece], part: str, new: str, order: Sequence[str], *, listed: bool) -> list[Piece]:
    parent = part.rpartition("/")[0]
    if not is_field(part, listed=listed) and parent and not any(piece.part == parent for piece in pieces):
        pieces = _with_new(pieces, parent, f"## {parent}\n\n", order, listed=listed)
    at = _place(pieces, part, order, listed=listed)
    before = pieces[at - 1].text if at else ""
    gap = "" if is_field(part, listed=listed) or not before or before.endswith("\n\n") else "\n"
    gap = f"\n{gap}" if before and not before.endswith("\n") else gap
    return [*pieces[:at], Piece(part, gap + new, 0), *pieces[at:]]


def _place(pieces: Sequence[Piece], part: str, order: Sequence[str], *, listed: bool) -> int:
    """Where a new part goes in."""
    fence = next((i for i in range(len(pieces) - 1, 0, -1) if _is_fence(pieces[i])), None)
    field = is_field(part, listed=listed)
    before = set(order[: order.index(part)]) if part in order else set(order)
    before |= {part.rpartition("/")[0]} - {""}
    found = [
        i for i, piece in enumerate(pieces) if piece.part in before and is_field(piece.part, listed=listed) == field
    ]
    if found:
        return found[-1] + 1
    if field:
        return fence if fence is not None else len(pieces)
    head = [i for i, piece in enumerate(pieces) if piece.part == HEAD]
    first = (head[0] if head else fence if fence is not None else -1) + 1
    return first if part == LEAD or part in order else len(pieces)


def _is_fence(piece: Piece) -> bool:
    return not piece.part and re.fullmatch(r"---[ \t]*\n?", piece.text) is not None
