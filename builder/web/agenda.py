"""The agenda as a page shows it: lessons with their steps, and what can be done with each. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.questions import Choice, SoFar, case_question, changes, swappable
from builder.slots import details_of, name_of
from builder.strict import clean

if TYPE_CHECKING:
    from builder.model import Plan, Slot


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the agenda; `key` is the step's id, empty for a pause. `fixed` says in words what is fixed of it."""

    clock: str
    minutes: int
    title: str
    kind: str
    how: str = ""
    why: str = ""
    key: str = ""
    details: str = ""
    fixed: Sequence[str] = ()
    droppable: bool = False
    lesson: str = ""

    @property
    def anchor(self) -> str:
        """The id of the row in the page."""
        return f"step-{self.key.replace('/', '--')}" if self.key else ""


@dataclass(frozen=True, slots=True)
class Part:
    """A lesson with its rows, and the pauses after them; `again` where it goes on after another one.

    `earlier` and `later` are the places one before and one after, closed where one lesson builds on another.
    """

    key: str
    title: str
    rows: Sequence[Row]
    case: str = ""
    deck: str = ""
    earlier: Choice | None = None
    later: Choice | None = None
    places: Sequence[Choice] = ()
    droppable: bool = False
    again: bool = False

    @property
    def anchor(self) -> str:
        """The id of the lesson in the page."""
        return f"lesson-{self.key}" if self.key and not self.again else ""

    @property
    def movable(self) -> bool:
        """Whether there is another place for it."""
        return bool(self.places)

    @property
    def open_places(self) -> str:
        """The places where it can be put, in their order."""
        return " ".join(place.value for place in self.places if not place.closed)


def parts(plan: Plan, so: SoFar) -> list[Part]:
    """The agenda, lesson by lesson; one that is interrupted by another comes twice."""
    groups: list[tuple[str, list[Slot]]] = []
    for slot in plan.agenda.slots:
        lesson = slot.activity.lesson if slot.activity else ""
        if not groups or (lesson and lesson != groups[-1][0]):
            groups.append((lesson, []))
        groups[-1][1].append(slot)
    free = {choice.value for choice in changes.droppable(plan, so)}
    keys = [lesson for lesson, _ in groups]
    return [
        _again(lesson, slots, plan, so, free) if lesson in keys[:number] else _part(lesson, slots, plan, so, free)
        for number, (lesson, slots) in enumerate(groups)
    ]


def _again(lesson: str, slots: Sequence[Slot], plan: Plan, so: SoFar, free: set[str]) -> Part:
    """A lesson that goes on after another one: what can be changed of it stands where it begins."""
    title = clean(so.library.lessons[lesson].title) if lesson else ""
    return Part(lesson, title, [_row(slot, plan, so, free) for slot in slots], again=True)


def _part(lesson: str, slots: Sequence[Slot], plan: Plan, so: SoFar, free: set[str]) -> Part:
    rows = [_row(slot, plan, so, free) for slot in slots]
    if not lesson:
        return Part("", "", rows)
    known = so.library.lessons[lesson]
    card = so.library.cards.get(plan.cards.get(known.deck or "", ""))
    swaps = {choice.value for choice in swappable(plan, so)}
    movable = lesson in {choice.value for choice in changes.movable(plan, so)}
    places = changes.places(lesson, plan, so) if movable else ()
    earlier, later = _beside(lesson, places, plan, so) if movable else (None, None)
    return Part(
        key=lesson,
        title=clean(known.title),
        rows=rows,
        case=clean(card.title) if card else "",
        deck=known.deck if known.deck in swaps and known.deck else "",
        earlier=earlier,
        later=later,
        places=places,
        droppable=lesson in free,
    )


def _beside(lesson: str, places: Sequence[Choice], plan: Plan, so: SoFar) -> tuple[Choice | None, Choice | None]:
    """The places one before and one after where a lesson stands now."""
    names = [choice.value for choice in changes.movable(plan, so)]
    at = names.index(lesson)
    before = names[at - 1] if at else ""
    after = [*names, changes.LAST][at + 2] if at + 1 < len(names) else ""
    by_value = {place.value: place for place in places}
    return by_value.get(before), by_value.get(after)


def _row(slot: Slot, plan: Plan, so: SoFar, free: set[str]) -> Row:
    clock = plan.brief.clock(slot.start)
    if slot.activity is None:
        return Row(clock, slot.minutes, clean(name_of(slot)), slot.kind, why=clean(slot.reason))
    key = slot.activity.id
    return Row(
        clock=clock,
        minutes=slot.minutes,
        title=clean(slot.title),
        kind=slot.kind,
        how=slot.activity.grouping,
        why=clean(slot.reason),
        key=key,
        details=clean(", ".join(details_of(slot, so.library))),
        fixed=tuple(_fixed(key, so)),
        droppable=key in free,
        lesson=slot.activity.lesson,
    )


def _fixed(key: str, so: SoFar) -> Iterator[str]:
    pinned = so.brief.pinned.get(key)
    if pinned and pinned.minutes:
        yield "minutes fixed"
    if pinned and pinned.start:
        yield f"starts at {pinned.start}"


def cases(deck: str, so: SoFar) -> tuple[Choice, ...]:
    """The cases that a deck could take."""
    return case_question(lambda _so: deck).choices(so)


def left_out(plan: Plan, so: SoFar) -> list[tuple[str, str]]:
    """What is not in the agenda, and why."""
    found = []
    for entry in plan.left_out:
        name = entry.activity or entry.lesson
        known = so.library.activities.get(name) or so.library.lessons.get(name)
        found.append((clean(known.title if known else name), clean(entry.reason)))
    return found
