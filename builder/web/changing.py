"""The changes that a form of the agenda can ask for: from its fields to answers, with a name for the change. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.problems import Problem
from builder.questions import SoFar, Values, changes, title_of
from builder.questions.shape import wrong
from builder.reworking import other_length

if TYPE_CHECKING:
    from builder.model import Plan, Slot
    from builder.reworking import Outcome
    from builder.web.forms import Form

FIELDS: Mapping[str, str] = {"minutes": "minutes", "start": "start", "break-at": "break-at", "break": "break-minutes"}
"""The field whose text a change reads."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that is asked for: which, of what, with what; `plan` is the agenda that it is made to."""

    do: str
    name: str
    value: str
    at: str
    plan: Plan
    so: SoFar

    @property
    def title(self) -> str:
        """What the lesson or step is called."""
        return title_of(self.name, self.so.library)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The answers that a change asks for, and its name in words."""

    answers: Values
    label: str


Making = Callable[[Asked], Wanted | Problem]


def asked(form: Form, plan: Plan, so: SoFar) -> Asked:
    """What a form asks for."""
    return Asked(form.one("do"), form.one("name"), form.one("value").strip(), form.one("at").strip(), plan, so)


def wanted(each: Asked) -> Wanted | Problem:
    """The answers that a change of the agenda asks for, or why it cannot be."""
    making = _MAKINGS.get(each.do)
    return making(each) if making else wrong("There is no such change.")


def booked(outcome: Outcome, so: SoFar) -> Wanted | Problem:
    """The length that the planner says would do, where there is no agenda."""
    minutes = other_length(outcome, so)
    if minutes is None:
        return wrong("There is an agenda already.")
    return Wanted({**so.answers, "minutes": minutes}, f"{minutes} minutes")


def slot_of(name: str, plan: Plan) -> Slot | None:
    """The entry of a step in the agenda."""
    return next((slot for slot in plan.agenda.steps if slot.activity and slot.activity.id == name), None)


# ------------------------------------------------------------ steps


def _step(make: Making) -> Making:
    """Only for a step that is in the agenda."""

    def making(each: Asked) -> Wanted | Problem:
        return make(each) if slot_of(each.name, each.plan) else _gone()

    return making


def _gone() -> Problem:
    return wrong("That is not in the agenda any more.")


def _labelled(found: Values | Problem, label: str) -> Wanted | Problem:
    return found if isinstance(found, Problem) else Wanted(found, label)


def _more(each: Asked, sign: str) -> Wanted | Problem:
    minutes = f"{sign}{each.value or 1}"
    return _labelled(changes.pin(each.name, minutes, each.plan, each.so), f"how long “{each.title}” takes")


def _minutes(each: Asked) -> Wanted | Problem:
    return _labelled(changes.pin(each.name, each.value, each.plan, each.so), f"how long “{each.title}” takes")


def _start(each: Asked) -> Wanted | Problem:
    return _labelled(changes.start_at(each.name, each.value, each.plan, each.so), f"when “{each.title}” starts")


def _keep(each: Asked) -> Wanted | Problem:
    slot = slot_of(each.name, each.plan)
    now = str(slot.minutes if slot else "")
    return _labelled(changes.pin(each.name, now, each.plan, each.so), f"“{each.title}” keeps its minutes")


def _let_go(each: Asked) -> Wanted | Problem:
    """A step whose minutes and start fit themselves in again."""
    mine = {f"minutes {each.name}", f"start {each.name}"}
    kept = [choice.value for choice in changes.fixed(each.so) if choice.value not in mine]
    return Wanted({**each.so.answers, **changes.with_fixed(kept, each.so)}, f"“{each.title}” is no longer fixed")


# ------------------------------------------------------------ lessons, breaks, the order


def _drop(each: Asked) -> Wanted | Problem:
    if each.name not in {choice.value for choice in changes.droppable(each.plan, each.so)}:
        return wrong("That cannot be left out alone.", "The core steps of a lesson go only with the whole of it.")
    return Wanted(changes.drop(each.name, each.so), f"without “{each.title}”")


def _move(each: Asked) -> Wanted | Problem:
    """A lesson to a place: before another one, or last."""
    if each.name not in {choice.value for choice in changes.movable(each.plan, each.so)}:
        return _gone()
    place = next((one for one in changes.places(each.name, each.plan, each.so) if one.value == each.value), None)
    if place is None or place.closed:
        return wrong(f"“{each.title}” cannot stand there.", f"{place.closed}." if place else "")
    return Wanted(changes.move(each.name, each.value, each.plan, each.so), f"“{each.title}” moved")


def _break(each: Asked) -> Wanted | Problem:
    at = changes.read_break_at(each.at, each.so)
    if isinstance(at, Problem):
        return at
    return _labelled(changes.add_break(at, each.value, each.so), f"a break at {at}")


def _lock(each: Asked) -> Wanted | Problem:
    return Wanted(changes.lock(each.plan, each.so), "the order is fixed")


def _unfix(each: Asked) -> Wanted | Problem:
    choice = next((one for one in changes.fixed(each.so) if one.value == each.name), None)
    if choice is None:
        return wrong("That is not fixed any more.")
    return Wanted(changes.unfix(each.name, each.so), f"no longer fixed: {choice.title}")


_MAKINGS: Mapping[str, Making] = {
    "longer": _step(lambda each: _more(each, "+")),
    "shorter": _step(lambda each: _more(each, "-")),
    "minutes": _step(_minutes),
    "start": _step(_start),
    "keep": _step(_keep),
    "let-go": _step(_let_go),
    "drop": _drop,
    "move": _move,
    "break": _break,
    "lock": _lock,
    "unfix": _unfix,
}
