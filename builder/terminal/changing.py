"""The changes that somebody can make to the agenda on the screen: each asks what it needs and hands over answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from builder.problems import Problem
from builder.questions import changes, title_of
from builder.terminal.prompts import Back, Prompt

if TYPE_CHECKING:
    from collections.abc import Callable

    from builder.model import Plan, Slot
    from builder.questions import SoFar, Values
    from builder.terminal.session import Session


Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the menu under the agenda; `able` says whether there is anything to do it with."""

    name: str
    title: str
    make: Callable[[Session, Plan], None]
    able: Callable[[Plan, SoFar], bool] = lambda _plan, _so: True


def _drop(session: Session, plan: Plan) -> None:
    """A step or a lesson left out."""
    session.talk.screen.say("\nThe core steps of a lesson go only with the whole of it.")
    name = session.pick("What do you leave out?", changes.droppable(plan, session.talk.so))
    if name is not None:
        session.attempt_with(changes.drop(name, session.talk.so), f"without “{_title(session, name)}”")


def _resize(session: Session, plan: Plan) -> None:
    """A step made longer or shorter: which, then how many minutes; back from the second goes to the first."""
    so = session.talk.so
    while (name := session.pick("Which step?", changes.steps_with_minutes(plan, so))) is not None:
        title = _title(session, name)
        text = f"How many minutes for “{title}” (or +5, or -3)?"
        now = str(_slot(plan, name).minutes)
        if _typed(session, text, now, partial(_pin, name, plan, so), f"how long “{title}” takes"):
            return


def _pin(name: str, plan: Plan, so: SoFar, typed: str) -> Values | Problem:
    return changes.pin(name, typed, plan, so)


def _start(session: Session, plan: Plan) -> None:
    """The time at which a step starts: which, then when; back from the second goes to the first."""
    so = session.talk.so
    while (name := session.pick("Which step?", changes.steps_with_starts(plan, so))) is not None:
        title = _title(session, name)
        now = plan.brief.clock(_slot(plan, name).start)
        text = f"When does “{title}” start?"
        if _typed(session, text, now, partial(_start_at, name, plan, so), f"when “{title}” starts"):
            return


def _start_at(name: str, plan: Plan, so: SoFar, typed: str) -> Values | Problem:
    return changes.start_at(name, typed, plan, so)


def _add_break(session: Session, plan: Plan) -> None:
    """A break at a time: when, then how long; back from the second goes to the first."""
    so = session.talk.so
    when = plan.brief.clock(plan.agenda.minutes // 2)
    while True:
        at = _until_right(session, "When does the break start?", when, lambda typed: changes.read_break_at(typed, so))
        if at is None:
            return
        if _typed(session, "How many minutes?", "10", partial(_break, at, so), f"a break at {at}"):
            return
        when = at


def _break(at: str, so: SoFar, typed: str) -> Values | Problem:
    return changes.add_break(at, typed, so)


def _move(session: Session, plan: Plan) -> None:
    """A lesson earlier or later: which, then before which other; back from the second goes to the first."""
    so = session.talk.so
    while (name := session.pick("Which lesson?", changes.movable(plan, so))) is not None:
        place = session.pick("Where shall it stand?", changes.places(name, plan, so))
        if place is not None:
            answers = changes.move(name, place, plan, so)
            session.attempt_with(answers, f"“{_title(session, name)}” moved")
            return


def _lock(session: Session, plan: Plan) -> None:
    """The order as it is."""
    session.attempt_with(changes.lock(plan, session.talk.so), "the order is fixed")
    if session.talk.so.brief.order:
        session.talk.screen.say("\nThe lessons keep this order, whatever else you change.")


def _unfix(session: Session, _plan: Plan) -> None:
    """One of the fixed things free again."""
    choices = changes.fixed(session.talk.so)
    name = session.pick("What is no longer fixed?", choices)
    if name is not None:
        title = next(choice.title for choice in choices if choice.value == name)
        session.attempt_with(changes.unfix(name, session.talk.so), f"no longer fixed: {title}")


CHANGES: tuple[Change, ...] = (
    Change("drop", "Leave out a step or a lesson", _drop),
    Change("resize", "Make a step longer or shorter", _resize),
    Change("start", "Start a step at a certain time", _start),
    Change("break", "Put a break at a certain time, such as lunch at 12:30", _add_break),
    Change("move", "Move a lesson earlier or later", _move, lambda plan, so: bool(changes.movable(plan, so))),
    Change(
        "lock",
        "Keep the lessons in this order",
        _lock,
        lambda plan, so: bool(changes.movable(plan, so)) and changes.lock(plan, so)["order"] != list(so.brief.order),
    ),
    Change("unfix", "Let go of something that is fixed", _unfix, lambda _plan, so: bool(changes.fixed(so))),
)


# ------------------------------------------------------------ asking


def _title(session: Session, name: str) -> str:
    return title_of(name, session.library)


def _slot(plan: Plan, name: str) -> Slot:
    return next(slot for slot in plan.agenda.steps if slot.activity and slot.activity.id == name)


def _typed(session: Session, text: str, given: str, read: Callable[[str], Values | Problem], label: str) -> bool:
    """Ask for a text that makes answers, and try them; False where they go back."""
    answers = _until_right(session, text, given, read)
    if answers is not None:
        session.attempt_with(answers, label)
    return answers is not None


def _until_right(session: Session, text: str, given: str, read: Callable[[str], Read | Problem]) -> Read | None:
    """What somebody types, read; asked again while it is wrong, None where they go back."""
    while not isinstance(typed := session.talk.hear(Prompt(text, given=given)), Back):
        found = read(str(typed))
        if not isinstance(found, Problem):
            return found
        session.talk.screen.say_problems([found])
    return None
