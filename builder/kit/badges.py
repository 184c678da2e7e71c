"""The papers that hold names, and hold nothing else: badges to cut, and cards to fold and to stand on a table."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal

from builder.blocks import CutCard, Paragraph, Run, TentCard
from builder.problems import Problem
from builder.roster import NAMED

Size = Literal["lead", "subtitle", "clock", "caption", "body", "small"]

# The sizes (points) of the looks "badges" and "tents" by the role of their paragraphs, the largest first.
_BADGE: Mapping[Size, int] = {"lead": 40, "subtitle": 32, "clock": 26, "caption": 20, "body": 16, "small": 14}
_TENT: Mapping[Size, int] = {"lead": 96, "subtitle": 80, "clock": 66, "caption": 54, "body": 44, "small": 30}
_BADGE_LINE_MM, _BADGE_HEIGHT_MM = 72, 52
_TENT_LINE_MM, _UPRIGHT_LINE_MM = 215, 155
_LINES, _MORE_LINES = 2, 3  # in large letters, and in those that leave room for a third
_THREE_BELOW = 0.7  # of the largest

_MM_PER_POINT = 25.4 / 72
_NARROW, _WIDE = frozenset("iljtfrI.,'’-| ()"), frozenset("mwMW@%")


def badges(names: Sequence[str]) -> Sequence[CutCard]:
    """A badge for each name, all of one size."""
    return [CutCard((_name(name, _BADGE, _BADGE_LINE_MM),), height_mm=_BADGE_HEIGHT_MM) for name in names]


def table_cards(names: Sequence[str]) -> Sequence[TentCard]:
    """A leaf for each name, to be folded, so that it can be read from both sides; two leaves where it stays unturned.

    Word and LibreOffice do not agree on how Hebrew, Arabic, Chinese, Japanese and Korean run in a turned cell.
    """
    found: list[TentCard] = []
    for name in names:
        if stays_unturned(name):
            found += [TentCard((_name(name, _TENT, _UPRIGHT_LINE_MM),), one_side=True)] * 2
        else:
            found.append(TentCard((_name(name, _TENT, _TENT_LINE_MM),)))
    return found


def stays_unturned(name: str) -> bool:
    """Whether a name holds characters that run from right to left, or that stand upright in vertical lines."""
    return any(_is_square(each) or unicodedata.bidirectional(each) in {"R", "AL"} for each in name)


def held(count: int, most: int) -> Sequence[Problem]:
    """What to know once papers with so many names are made, for a workshop of at most so many people."""
    papers = " and ".join(NAMED)
    message = f"{papers} hold {count} name{'s' if count != 1 else ''} of the list, and no other paper was given them."
    hint = "Before you pass the kit on, build it once without --roster: that removes both."
    found = [Problem("names", message, hint=hint, severity="warning")]
    if count > most:
        message = f"the list has {count} people, and this workshop is planned for {most} at most."
        hint = f"Set participants_most to {count}, so that there are sheets for everybody."
        found.append(Problem("roster-more-people", message, hint=hint, severity="warning"))
    return found


def _name(name: str, sizes: Mapping[Size, int], line_mm: float) -> Paragraph:
    largest = max(sizes.values())
    for role, points in sizes.items():
        most = _MORE_LINES if points < largest * _THREE_BELOW else _LINES
        most = 1 if any(map(_is_square, name)) else most  # East Asian fonts have taller lines
        if _lines(name, line_mm / (points * _MM_PER_POINT)) <= most:
            return Paragraph((Run(name),), role=role)
    return Paragraph((Run(name),), role="small")


def _lines(name: str, room: float) -> int:
    """How many lines a name takes where `room` is a line's width in ems; too many where a word is too long."""
    lines, used = 1, 0.0
    for word in _words(name):
        width = sum(map(_width, word.rstrip()))
        if width > room:
            return _MORE_LINES + 1
        if used and used + width > room:
            lines, used = lines + 1, 0.0
        used += width + sum(map(_width, word[len(word.rstrip()) :]))
    return lines


def _words(name: str) -> Sequence[str]:
    """The parts of a name between which a line may break, the space or hyphen behind each; East Asian ones anywhere."""
    parts = [""]
    for character in name:
        if parts[-1][-1:] in {" ", "-"} or (_is_square(character) and parts[-1]):
            parts.append("")
        parts[-1] += character
    return parts


def _is_square(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _width(character: str) -> float:
    """The width of a character of bold Arial in ems, on the safe side."""
    base = unicodedata.normalize("NFD", character)[:1]
    if unicodedata.combining(base):
        return 0.0
    if _is_square(character):
        return 1.0
    if base in _NARROW:
        return 0.4
    if base in _WIDE:
        return 0.95
    small = base.islower() or base.isdigit()
    return (0.63 if base.isascii() else 0.68) if small else 0.79
