"""A change is tried: kept where there is an agenda for it, else taken back, with what could be had instead."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.problems import InputError, RefusedError, WorkshopError
from builder.questions import SoFar, changes, so_far, title_of

if TYPE_CHECKING:
    from builder.model import Brief, Library, Plan
    from builder.planner import Instead

    Outcome = Plan | WorkshopError
else:
    Outcome = object


@dataclass(frozen=True, slots=True)
class Planning:
    """How an agenda is made, and what could be had instead of none; without `instead` nothing is offered."""

    plan: Callable[[Library, Brief], Plan]
    instead: Callable[[Library, Brief, RefusedError], Instead | None] | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a change: the answers that stand now, and their outcome.

    Where it was taken back, `refused` says why, and `offer` is what could be had instead, if anything.
    """

    so: SoFar
    outcome: Outcome
    refused: WorkshopError | None = None
    offer: Instead | None = None


def attempt(planning: Planning, so: SoFar) -> Outcome:
    """The agenda for the answers so far, or why there is none."""
    try:
        return planning.plan(so.library, so.brief)
    except (RefusedError, InputError) as error:
        return error


def tried(planning: Planning, base: SoFar, before: Outcome | None, changed: SoFar) -> Tried:
    """Keep a change if there is an agenda for it, or was none before; else say why not, and go back to `base`."""
    outcome = attempt(planning, changed)
    if not isinstance(outcome, WorkshopError) or before is None or isinstance(before, WorkshopError):
        return Tried(changed, outcome)
    return Tried(base, before, outcome, _offer(planning, outcome, changed, base))


def best_without(planning: Planning, refused: Outcome | None, wanted: SoFar) -> Instead | None:
    """The best agenda of the same length without a wish, where there is none with it."""
    if planning.instead is None or not isinstance(refused, RefusedError):
        return None
    other = planning.instead(wanted.library, wanted.brief, refused)
    return other if other is not None and other.brief.minutes == wanted.brief.minutes else None


def other_length(outcome: Outcome | None, so: SoFar) -> int | None:
    """The nearest length that the planner says would do, where it refused the one booked."""
    if not isinstance(outcome, RefusedError):
        return None
    if outcome.least_minutes is not None and outcome.least_minutes > so.brief.minutes:
        return outcome.least_minutes
    if outcome.most_minutes is not None and outcome.most_minutes < so.brief.minutes:
        return outcome.most_minutes
    return None


def _offer(planning: Planning, refused: WorkshopError, changed: SoFar, base: SoFar) -> Instead | None:
    """The change without something else, where there is an agenda for that."""
    other = best_without(planning, refused, changed)
    if other is None or not changes.keeps(other.brief, changed.brief, base.brief):
        return _without_a_lesson(planning, refused, changed, base)
    return other


def _without_a_lesson(planning: Planning, refused: WorkshopError, wanted: SoFar, base: SoFar) -> Instead | None:
    """The best agenda that keeps the change and leaves out one of the lessons in focus."""
    if planning.instead is None or not isinstance(refused, RefusedError) or len(wanted.brief.focus) <= 1:
        return None
    from builder.planner import Instead

    found: list[Instead] = []
    for lesson in wanted.brief.focus:
        brief = so_far(wanted.library, changes.drop(lesson, wanted)).brief
        if changes.keeps(brief, wanted.brief, base.brief):
            with suppress(RefusedError):
                plan = planning.plan(wanted.library, brief)
                found.append(Instead(f"without '{title_of(lesson, wanted.library)}'", brief, plan))
    return max(found, key=lambda other: other.plan.score or 0.0, default=None)
