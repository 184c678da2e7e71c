"""Changes to an agenda that is on the table: another case, a step or lesson out, the minutes of a step. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from builder.problems import Problem
from builder.questions.shape import Choice, SoFar, Values
from builder.questions.typed import LONGEST, read_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.model import Plan

_FRAME = ("opening", "closing")


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
    """The answers with a lesson or a step left out, and no longer in focus or fixed."""
    focus = [lesson for lesson in so.brief.focus if lesson != name]
    pinned = {key: pin for key, pin in _raw_pins(so).items() if name not in {key, key.partition("/")[0]}}
    changed: dict[str, Any] = {**so.answers, "leave_out": [*so.brief.leave_out, name], "pinned": pinned}
    return {**changed, "focus": focus} if "focus" in so.answers else changed


def pinnable(plan: Plan, so: SoFar) -> tuple[Choice, ...]:
    """The steps of the agenda, each with the minutes it has now."""
    return tuple(
        Choice(step.id, f"{step.title} ({slot.minutes} minutes)", group=so.library.lessons[step.lesson].title)
        for slot in plan.agenda.steps
        if (step := slot.activity)
    )


def pin(name: str, minutes: str, so: SoFar) -> Values | Problem:
    """The answers with the minutes of a step fixed, or what is wrong with the minutes typed."""
    number = read_number(minutes, 1, LONGEST, "minutes")
    if isinstance(number, Problem):
        return number
    before = _raw_pins(so)
    return {**so.answers, "pinned": {**before, name: {**before.get(name, {}), "minutes": number}}}


def _raw_pins(so: SoFar) -> Mapping[str, dict[str, Any]]:
    return {name: pinned.model_dump(mode="json", exclude_none=True) for name, pinned in so.brief.pinned.items()}
