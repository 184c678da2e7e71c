"""Changes to an agenda that is on the table, as answers: what is in, how long, when, in which order. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from builder.problems import Problem
from builder.questions.shape import Choice, SoFar, Values, wrong
from builder.questions.typed import LONGEST, clock, length, read_clock, read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from builder.model import Brief, Plan, Slot

_FRAME = ("opening", "closing")
_MORE_OR_LESS = re.compile(r"([+−–-])\s*(\d{1,3})\s*(?:m|mins?\.?|minutes?)?")
LAST = "last"
ORDER = "order"
SHORTEST_BREAK, LONGEST_BREAK = 5, 60


# ------------------------------------------------------------ what is in


def swappable(plan: Plan | None, so: SoFar) -> tuple[Choice, ...]:
    """The cases chosen or in the agenda that have another to swap with; the value is the deck."""
    used = {**so.brief.cards, **(plan.cards if plan else {})}
    decks = [so.library.cards[slot.card].deck for slot in plan.agenda.slots if slot.card] if plan else list(used)
    return tuple(
        Choice(deck, so.library.cards[used[deck]].title)
        for deck in dict.fromkeys(decks)
        if deck in used and len(so.library.cards_of(deck)) > 1
    )


def droppable(plan: Plan, so: SoFar) -> tuple[Choice, ...]:
    """What may be left out of the agenda: whole lessons, and the steps that their lesson can do without."""
    choices: list[Choice] = []
    for name in plan.agenda.lessons:
        lesson = so.library.lessons[name]
        whole = [] if lesson.phase in _FRAME else [Choice(name, "the whole lesson", group=lesson.title)]
        steps = [slot.activity for slot in plan.agenda.steps if slot.activity and slot.activity.lesson == name]
        choices += whole
        choices += [Choice(step.id, step.title, group=lesson.title) for step in steps if not step.core]
    return tuple(choices)


def drop(name: str, so: SoFar) -> Values:
    """The answers with a lesson or a step left out, and no longer in focus, in the order or fixed."""
    focus = [lesson for lesson in so.brief.focus if lesson != name]
    pinned = {key: pin for key, pin in _raw_pins(so).items() if name not in {key, key.partition("/")[0]}}
    order = [key for key in so.brief.order if name not in {key, key.partition("/")[0]}]
    changed: dict[str, Any] = {**so.answers, "leave_out": [*so.brief.leave_out, name], "pinned": pinned}
    changed |= {"order": order} if so.brief.order else {}
    return {**changed, "focus": focus} if "focus" in so.answers else changed


# ------------------------------------------------------------ how long, and when


def steps_with_minutes(plan: Plan, so: SoFar) -> tuple[Choice, ...]:
    """The steps of the agenda, each with the minutes it has now."""
    return _steps(plan, so, lambda slot: f"{slot.title} ({_minutes(slot.minutes)})")


def steps_with_starts(plan: Plan, so: SoFar) -> tuple[Choice, ...]:
    """The steps of the agenda, each with the time at which it starts now."""
    return _steps(plan, so, lambda slot: f"{plan.brief.clock(slot.start)} {slot.title}")


def _steps(plan: Plan, so: SoFar, told: Callable[[Slot], str]) -> tuple[Choice, ...]:
    return tuple(
        Choice(slot.activity.id, told(slot), group=so.library.lessons[slot.activity.lesson].title)
        for slot in plan.agenda.steps
        if slot.activity
    )


def pin(name: str, typed: str, plan: Plan, so: SoFar) -> Values | Problem:
    """The answers with the minutes of a step fixed (`20`, or `+5` and `-3` from what it has), or what is wrong."""
    if match := _MORE_OR_LESS.fullmatch(typed.strip()):
        now = next(slot.minutes for slot in plan.agenda.steps if slot.activity and slot.activity.id == name)
        typed = str(now + int(match[2]) * (1 if match[1] == "+" else -1))
    number = read_number(typed, 1, LONGEST, "minutes")
    return number if isinstance(number, Problem) else _pinned(name, {"minutes": number}, plan, so)


def start_at(name: str, typed: str, plan: Plan, so: SoFar) -> Values | Problem:
    """The answers with the start of a step fixed to a time of day, or what is wrong with the time typed."""
    start = read_clock(typed, so.brief.start_minute, so.brief.minutes)
    return start if isinstance(start, Problem) else _pinned(name, {"start": clock(start)}, plan, so)


def _pinned(name: str, fixed: Mapping[str, Any], plan: Plan, so: SoFar) -> Values:
    before = _raw_pins(so)
    pins = {**before, name: {**before.get(name, {}), **fixed}}
    return {**so.answers, **_same_lessons(plan, so), "pinned": pins}


def _same_lessons(plan: Plan, so: SoFar) -> Values:
    """Where the planner chose the lessons, those that it chose: fixing one step is not to change the others."""
    if so.brief.focus:
        return {}
    return {"focus": [name for name in plan.agenda.lessons if so.library.lessons[name].phase not in _FRAME]}


def read_break_at(typed: str, so: SoFar) -> str | Problem:
    """The time of day at which a break is to start, HH:MM, or what is wrong with it."""
    start = read_clock(typed, so.brief.start_minute, so.brief.minutes)
    if isinstance(start, Problem):
        return start
    if any(each.at == clock(start) for each in so.brief.breaks):
        return wrong(f"There is a break at {clock(start)} already.", "Take that one back first.")
    return clock(start)


def add_break(at: str, typed: str, so: SoFar) -> Values | Problem:
    """The answers with a break at a time of day, or what is wrong with the minutes typed."""
    number = read_number(typed, SHORTEST_BREAK, LONGEST_BREAK, "minutes")
    if isinstance(number, Problem):
        return number
    return {**so.answers, "breaks": [*_raw_breaks(so), {"at": at, "minutes": number}]}


# ------------------------------------------------------------ in which order


def lock(plan: Plan, so: SoFar) -> Values:
    """The answers with the lessons in the order that they have in the agenda."""
    return _ordered([name for name, _ in _movable(plan, so)], plan, so)


def movable(plan: Plan, so: SoFar) -> tuple[Choice, ...]:
    """The lessons between opening and closing, where there are two or more."""
    lessons = _movable(plan, so)
    return tuple(Choice(name, title) for name, title in lessons) if len(lessons) > 1 else ()


def places(name: str, plan: Plan, so: SoFar) -> tuple[Choice, ...]:
    """Where a lesson can be moved: before each of the others, or last; closed where one builds on another."""
    lessons = _movable(plan, so)
    names = [key for key, _ in lessons]
    at = names.index(name)
    follows = names[at + 1] if at + 1 < len(names) else LAST
    titles = {**{key: f"Before “{title}”" for key, title in lessons}, LAST: "Last, before the closing"}
    return tuple(
        Choice(place, title, closed=_clash(_with_moved(name, place, names), so))
        for place, title in titles.items()
        if place not in {name, follows}
    )


def _clash(order: Sequence[str], so: SoFar) -> str:
    """Which lesson of an order builds on one that would come after it, in words; empty where none does."""
    for number, name in enumerate(order):
        lesson, steps = so.library.lessons[name], so.library.activities_of(name)
        needed = {need.lesson for need in lesson.needs} | {
            key.partition("/")[0] for step in steps if step.core for key in step.after if "/" in key
        }
        later = next((other for other in order[number + 1 :] if other in needed), None)
        if later is not None:
            return f"“{lesson.title}” builds on “{so.library.lessons[later].title}”"
    return ""


def _with_moved(name: str, place: str, names: Sequence[str]) -> list[str]:
    others = [key for key in names if key != name]
    at = len(others) if place == LAST else others.index(place)
    return [*others[:at], name, *others[at:]]


def move(name: str, place: str, plan: Plan, so: SoFar) -> Values:
    """The answers with the lesson before another one, or last, and all others in the order that they have."""
    return _ordered(_with_moved(name, place, [key for key, _ in _movable(plan, so)]), plan, so)


def _movable(plan: Plan, so: SoFar) -> list[tuple[str, str]]:
    lessons = (so.library.lessons[name] for name in plan.agenda.lessons)
    return [(lesson.id, lesson.title) for lesson in lessons if lesson.phase not in _FRAME]


def _ordered(lessons: Sequence[str], plan: Plan, so: SoFar) -> Values:
    steps = [slot.activity for slot in plan.agenda.steps if slot.activity]
    order = [step.id for lesson in lessons for step in steps if step.lesson == lesson]
    return {**so.answers, **_same_lessons(plan, so), "order": order}


# ------------------------------------------------------------ what is fixed, and no longer


def fixed(so: SoFar) -> tuple[Choice, ...]:
    """All that was fixed, one choice each: minutes and starts of steps, breaks, the order."""
    choices: list[Choice] = []
    for name, pinned in so.brief.pinned.items():
        title = so.library.activities[name].title
        if pinned.minutes:
            choices.append(Choice(f"minutes {name}", f"“{title}” takes {_minutes(pinned.minutes)}"))
        if pinned.start:
            choices.append(Choice(f"start {name}", f"“{title}” starts at {pinned.start}"))
    choices += [Choice(f"break {each.at}", f"A break at {each.at}, {length(each.minutes)}") for each in so.brief.breaks]
    lessons = dict.fromkeys(so.library.activities[step].lesson for step in so.brief.order)
    titles = ", ".join(so.library.lessons[lesson].title for lesson in lessons)
    return (*choices, *([Choice(ORDER, f"The order: {titles}")] if titles else []))


def with_fixed(names: Iterable[str], so: SoFar) -> Values:
    """The keys `pinned`, `breaks` and `order` with only those of the fixed things that are named."""
    kept = set(names)
    pins = {
        name: {part: value for part, value in pinned.items() if f"{part} {name}" in kept}
        for name, pinned in _raw_pins(so).items()
    }
    return {
        "pinned": {name: pinned for name, pinned in pins.items() if pinned},
        "breaks": [each for each in _raw_breaks(so) if f"break {each['at']}" in kept],
        "order": list(so.brief.order) if ORDER in kept else [],
    }


def unfix(name: str, so: SoFar) -> Values:
    """The answers without one of the fixed things."""
    return {**so.answers, **with_fixed((each.value for each in fixed(so) if each.value != name), so)}


def answers_for(brief: Brief, so: SoFar) -> Values:
    """The answers that make `brief`, where it differs in some keys from the brief that stands."""
    now, then = so.brief.model_dump(mode="json", exclude_none=True), brief.model_dump(mode="json", exclude_none=True)
    return {**so.answers, **{key: value for key, value in then.items() if value != now.get(key)}}


def keeps(brief: Brief, wanted: Brief, before: Brief) -> bool:
    """Whether `brief` has all that was newly fixed in `wanted`, and is not what was there `before`."""
    new_pins = {name: pin for name, pin in wanted.pinned.items() if before.pinned.get(name) != pin}
    new_breaks = [each for each in wanted.breaks if each not in before.breaks]
    pins = all(brief.pinned.get(name) == pin for name, pin in new_pins.items())
    order = wanted.order == before.order or (brief.order, brief.focus) == (wanted.order, wanted.focus)
    kept = order and pins and all(each in brief.breaks for each in new_breaks)
    return kept and brief.model_dump() != before.model_dump()


def _raw_pins(so: SoFar) -> Mapping[str, dict[str, Any]]:
    return {name: pinned.model_dump(mode="json", exclude_none=True) for name, pinned in so.brief.pinned.items()}


def _raw_breaks(so: SoFar) -> list[dict[str, Any]]:
    return [each.model_dump(mode="json") for each in so.brief.breaks]


def _minutes(count: int) -> str:
    return f"{count} minute{'' if count == 1 else 's'}"
