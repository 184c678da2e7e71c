"""Every way to hold some lessons, tried one after the other: slow and plain, to find what the planner overlooks.

For sessions of up to two hours, in which no break is a meal. Below 90 minutes there is at most one break, at 90
exactly one, and beyond at most three, since more would only kill time.
"""

from collections.abc import Iterator, Sequence
from itertools import permutations, product
from typing import NamedTuple

from rules import MOVING, effective_minutes, usual_variant, wrong_people

from builder.model import Activity, Brief, Library


class Way(NamedTuple):
    """One form of an activity: what it is a step of, its grouping, and its least and most minutes."""

    id: str
    phase: str
    grouping: str
    least: int
    most: int


class State(NamedTuple):
    """Where an agenda stands: minutes without breaks, since the last one, and given to opening or closing."""

    spent: int = 0
    stretch: int = 0
    breaks: int = 0
    last: str | None = None
    given: int = 0


def can_fill(lib: Library, brief: Brief, lessons: Sequence[str]) -> bool:
    """Whether these lessons, none with a contested card, can fill the booked minutes in any way at all."""
    return any(fills(sequence, brief) for sequence in sequences(lib, brief, lessons))


def sequences(lib: Library, brief: Brief, lessons: Sequence[str]) -> Iterator[list[Way]]:
    """All orders of the lessons, with all choices of optional steps and forms, that keep needs and frame."""
    for order in permutations(lessons):
        phases = [lib.lessons[key].phase for key in order]
        framed = sorted(phases, key=lambda phase: {"opening": 0, "closing": 2}.get(phase, 1))
        needs = [(need.lesson, key) for key in order for need in lib.lessons[key].needs if need.lesson in order]
        if phases == framed and all(order.index(before) < order.index(after) for before, after in needs):
            for parts in product(*(ways for key in order for ways in ways_of(lib, brief, key))):
                chosen = [way for way in parts if way is not None]
                if builds_up(lib, chosen):
                    yield chosen


def ways_of(lib: Library, brief: Brief, lesson: str) -> Iterator[list[Way | None]]:
    """For each activity of a lesson its forms, and None where it may be left out."""
    for activity in lib.activities_of(lesson):
        forms = [] if activity.id in brief.leave_out else forms_of(activity, brief)
        ways = [Way(form.id, lib.lessons[lesson].phase, form.grouping, *minutes) for form, minutes in forms]
        yield [*ways, None] if not activity.core and activity.id not in brief.pinned else ways


def forms_of(activity: Activity, brief: Brief) -> list[tuple[Activity, tuple[int, int]]]:
    """The forms in which an activity can be held, with their minutes; a pin leaves one length."""
    names = (usual_variant(activity, brief), *({"threes"} & set(activity.variants)))
    found = []
    for name in names:
        form = activity if name is None else activity.varied(name)
        least, most = effective_minutes(form, brief)
        pin = brief.pinned.get(activity.id)
        if pin is not None and pin.minutes is not None:
            least, most = max(least, pin.minutes), min(most, pin.minutes)
        unmet = set(form.excludes) & set(brief.access) - {name}
        if least <= most and not unmet and not list(wrong_people(form, brief)):
            found.append((form, (least, most)))
    return found


def builds_up(lib: Library, chosen: Sequence[Way]) -> bool:
    """Whether every step comes after those that it builds on."""
    done: set[str] = set()
    for way in chosen:
        after = lib.activities[way.id].after
        if not done.issuperset(stem if "/" in stem else f"{way.id.partition('/')[0]}/{stem}" for stem in after):
            return False
        done.add(way.id)
    return True


def fills(sequence: Sequence[Way], brief: Brief) -> bool:
    """Whether some minutes for these steps, some breaks and some buffer sum to what is booked."""
    states, phase = {State()}, "opening"
    for place, way in enumerate(sequence):
        room = brief.minutes - sum(later.least for later in sequence[place + 1 :])
        if way.phase != phase and "opening" in (phase, way.phase):
            states = {state._replace(given=0) for state in states if state.given >= 8}
        states |= {paused for state in states if place for paused in pause(state, brief)}
        if way.phase == "closing" != phase:
            states = {longer._replace(given=0) for state in states for longer in with_buffer(state, brief)}
        states = {longer for state in states for longer in held(state, way, brief) if longer.spent <= room}
        phase = way.phase
    return any(state.given >= 7 and sums_up(state, brief) for state in states)


def pause(state: State, brief: Brief) -> Iterator[State]:
    """The state after a break; in 90 minutes it starts between minute 20 and 60."""
    if brief.minutes != 90 or 20 <= state.spent <= 60:
        yield State(state.spent, 0, state.breaks + 1, None, state.given)


def with_buffer(state: State, brief: Brief) -> Iterator[State]:
    """The states after the buffer."""
    for minutes in range(-(-brief.minutes * 5 // 100), -(-brief.minutes * 15 // 100) + 1):
        yield state._replace(spent=state.spent + minutes, stretch=state.stretch + minutes)


def held(state: State, way: Way, brief: Brief) -> Iterator[State]:
    """The states after a step, and the change-over before it, with no stretch over 90."""
    move = 0
    if state.last not in (None, way.grouping) and way.grouping in MOVING:
        move = (1 if brief.mode == "in-person" else 2) + (1 if brief.participants > 24 else 0)
    for minutes in range(way.least, way.most + 1):
        spent, stretch = state.spent + move + minutes, state.stretch + move + minutes
        given = min(state.given + minutes, 8) if way.phase in ("opening", "closing") else 0
        if stretch <= 90:
            yield State(spent, stretch, state.breaks, way.grouping, given)


def sums_up(state: State, brief: Brief) -> bool:
    """Whether breaks of 5 to 20 minutes, as many as there may be, fill what is left."""
    fewest, most = (1, 1) if brief.minutes == 90 else (0, 1) if brief.minutes < 90 else (1, 3)
    left = brief.minutes - state.spent
    return fewest <= state.breaks <= most and 5 * state.breaks <= left <= 20 * state.breaks
