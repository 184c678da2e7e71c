"""What came back and has no place in a lesson: comments, and text that could not be placed, kept in `review/`. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

COMMENTS, NOT_PLACED = "review/comments.md", "review/not-placed.md"
_HEADS: Final[Mapping[str, str]] = {
    COMMENTS: "# Comments from Word\n\nWho wrote them was left out. Delete what is settled.\n",
    NOT_PLACED: "# Text that could not be placed\n\nNone of it is in the lesson. Copy what you need, and delete it.\n",
}


def with_comments(known: str, comments: Sequence[tuple[str, str]]) -> str:
    """The file of comments with these added, each the part it is about and its text; none stands there twice."""
    return _with(COMMENTS, known, (f"## {where}\n\n{_quoted(text)}\n" for where, text in comments))


def with_left(known: str, left: Sequence[tuple[str, str, str]]) -> str:
    """The file of what could not be placed with this added: where it stood, why it was left, its text."""
    return _with(NOT_PLACED, known, (f"## {where}\n\n{why}\n\n{_quoted(text)}\n" for where, why, text in left))


def _with(path: str, known: str, added: Iterable[str]) -> str:
    text = known
    for each in added:
        if each not in text:
            text = f"{text.rstrip()}\n\n{each}" if text else f"{_HEADS[path]}\n{each}"
    return text


def _quoted(text: str) -> str:
    """A text as a quotation, so that nothing in it is taken for a heading of ours."""
    return "\n".join(f"> {row}".rstrip() for row in text.split("\n"))
