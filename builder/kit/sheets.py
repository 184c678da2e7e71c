"""The participants' sheets of one workshop: which they are, their letters, and how many copies of each."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from builder.model import Activity, Card, HandoutSheet, Library, Per, Plan, Slot
from builder.planner.shapes import groups

Why = Literal["sheet", "case", "second case", "alternate", "primer", "keep", "sources"]
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without I and O, which look like numbers."""


@dataclass(frozen=True)
class Handout:
    """A sheet of this workshop: its letter, where it comes from, for whom, and its copies.

    `large` are the copies in large print, `copies` those in the standard edition, both for the most that may come;
    `expected` are those in the standard edition for the people expected. `parts` are the short sheets that share
    this one, which is to be kept: part 2 of sheet A has the letter "A2"; after so many (`turns`) the leaf is turned.
    `works` are the ids of those that the sheet of sources lists.
    """

    letter: str
    key: str
    title: str
    per: Per
    copies: int
    sides: int
    why: Why
    cut: bool = False
    keep: bool = False
    sheet: HandoutSheet | None = None
    card: Card | None = None
    expected: int = 1
    large: int = 0
    parts: "tuple[Handout, ...]" = ()
    turns: int = 0
    works: tuple[str, ...] = ()

    @property
    def lies_open(self) -> bool:
        """Whether it is printed on one side only: it is cut up, or shared by a group that reads and writes on it."""
        return self.cut or (self.per == "group" and self.card is None)


@dataclass
class _Wanted:
    """A sheet that is asked for, before it has a letter."""

    why: Why
    per: Per
    sheet: HandoutSheet | None = None
    card: Card | None = None
    copies: int = 1
    expected: int = 1


def handouts(plan: Plan, library: Library) -> tuple[Handout, ...]:
    """Every sheet that this workshop uses, in the order of its first use, before it has a letter."""
    wanted: dict[str, _Wanted] = {}
    for key in plan.primers:
        sheet = library.sheets[key]
        wanted[key] = _wanted("primer", plan, sheet, None)
    for slot in plan.agenda.steps:
        for key, more in _of_step(plan, library, slot):
            known = wanted.setdefault(key, more)
            known.copies = max(known.copies, more.copies)
            known.expected = max(known.expected, more.expected)
    return tuple(_handout(key, sheet) for key, sheet in wanted.items())


def lettered(sheets: Iterable[Handout]) -> tuple[Handout, ...]:
    """The sheets with their letters in order, the parts of one with that letter and their number."""
    found = []
    for number, sheet in enumerate(sheets):
        rounds, place = divmod(number, len(_LETTERS))
        letter = _LETTERS[place] * (rounds + 1)
        parts = tuple(replace(part, letter=f"{letter}{turn}") for turn, part in enumerate(sheet.parts, 1))
        found.append(replace(sheet, letter=letter, parts=parts))
    return tuple(found)


def pieces(sheets: Iterable[Handout]) -> Iterator[Handout]:
    """The sheets, and in the place of one that several share its parts."""
    for sheet in sheets:
        yield from sheet.parts or (sheet,)


def of_step(slot: Slot, library: Library, sheets: tuple[Handout, ...], plan: Plan) -> list[Handout]:
    """The sheets that a step hands out or works with, in order."""
    keys = [key for key, _ in _of_step(plan, library, slot)]
    return [sheet for sheet in pieces(sheets) if sheet.key in keys]


def _of_step(plan: Plan, library: Library, slot: Slot) -> Iterator[tuple[str, _Wanted]]:
    activity = slot.activity
    if activity is None:
        return
    if slot.card:
        yield from _cases(plan, library, slot)
    for stem in activity.handouts:
        sheet = library.sheet(stem, activity.lesson)
        if sheet is not None:
            yield sheet.id, _wanted("sheet", plan, sheet, activity)


def _wanted(why: Why, plan: Plan, sheet: HandoutSheet, activity: Activity | None) -> _Wanted:
    expected = _copies(plan, sheet.per, activity, plan.brief.participants)
    return _Wanted(why, sheet.per, sheet, copies=_copies(plan, sheet.per, activity), expected=expected)


def _cases(plan: Plan, library: Library, slot: Slot) -> Iterator[tuple[str, _Wanted]]:
    """The case of a case lesson; for a contested one the alternate; and the second case where the step uses one."""
    card = library.cards[str(slot.card)]
    people = plan.brief.participants_most
    expected = plan.brief.participants
    yield f"card:{card.id}", _Wanted("case", "person", card=card, copies=people, expected=expected)
    alternate = plan.alternates.get(card.deck)
    table = _at_the_alternate_table(people)
    some = _at_the_alternate_table(expected)
    if alternate is not None:
        other = library.cards[alternate]
        yield f"card:{alternate}", _Wanted("alternate", "room", card=other, copies=table, expected=some)
    if slot.second_card is None or slot.activity is None:
        return
    second = library.cards[slot.second_card]
    copies, fewer = (_copies(plan, "group", slot.activity, number) for number in (people, expected))
    yield f"card:{second.id}", _Wanted("second case", "group", card=second, copies=copies, expected=fewer)
    if alternate == second.id:
        third = _another(library, card, second)
        if third is not None:
            yield f"card:{third.id}", _Wanted("alternate", "room", card=third, copies=table, expected=some)


def _at_the_alternate_table(people: int) -> int:
    """The copies of the alternate case: for a quarter of the room, and at least four."""
    return min(people, max(4, math.ceil(people / 4)))


def _another(library: Library, card: Card, second: Card) -> Card | None:
    """A second case for the alternate table, where its own is the one that everybody else compares with."""
    settled = (other for other in library.cards.values() if other.deck == card.deck and other.level <= 1)
    others = (other for other in settled if other.id not in {card.id, second.id})
    return min(others, key=lambda other: other.id, default=None)


def group_count(plan: Plan, activity: Activity | None, people: int | None = None) -> int:
    """How many pairs, threes or groups `people` (by default the most that may come) make in an activity."""
    people = plan.brief.participants_most if people is None else people
    grouping = activity.grouping if activity else "small groups"
    if grouping == "pairs":
        return max(people // 2, 1)
    if grouping == "threes":
        return max(people // 3, 1)
    if activity is not None and grouping == "small groups":
        return groups(people, activity.group_size)
    return math.ceil(people / 4)


def _copies(plan: Plan, per: Per, activity: Activity | None, people: int | None = None) -> int:
    people = plan.brief.participants_most if people is None else people
    if per == "person":
        return people
    return group_count(plan, activity, people) if per == "group" else 1


def _handout(key: str, wanted: _Wanted) -> Handout:
    """A sheet that has no letter yet."""
    if wanted.sheet is not None:
        sheet = wanted.sheet
        return Handout(
            "",
            key,
            sheet.title,
            sheet.per,
            wanted.copies,
            sheet.sides,
            wanted.why,
            sheet.cut,
            sheet.keep,
            sheet,
            expected=wanted.expected,
        )
    card = wanted.card
    assert card is not None  # noqa: S101 - a wanted sheet has one of the two
    return Handout("", key, card.title, wanted.per, wanted.copies, 2, wanted.why, card=card, expected=wanted.expected)
