"""Another case in the agenda: where it is contested, what it needs is agreed to first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builder.problems import InputError, Problem
from builder.questions import QUESTIONS, SoFar, Values, case_question, so_far
from builder.questions.shape import wrong
from builder.web.forms import Field, field_of
from builder.web.state import Offer, Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.questions import Question
    from builder.web.forms import Form
    from builder.web.state import Desk

_CONTESTED, _LEADERS = (next(each for each in QUESTIONS if each.name == name) for name in ("contested", "leaders"))


def open_fields(answers: Values, so: SoFar) -> list[Field]:
    """What has still to be answered before these answers can be used; who leads is always asked with what is needed."""
    return [field_of(each, waiting) for waiting in [so_far(so.library, answers)] for each in _open(waiting)]


def _open(waiting: SoFar) -> Iterator[Question]:
    asks = _CONTESTED.is_open(waiting)
    if asks:
        yield _CONTESTED
    if _LEADERS.is_open(waiting) or (asks and _LEADERS.condition(waiting)):
        yield _LEADERS


def swapped(desk: Desk, deck: str, card: str) -> Told:
    """Take another case, or ask first for what it needs."""
    so = desk.so
    if deck not in so.library.decks:
        return Told("There is no such case")
    found = case_question(lambda _so: deck).answered(card, so)
    if isinstance(found, Problem):
        return Told("That case cannot be taken", problems=[found])
    return _settled(desk, Offer("the other case", so.library.cards[card].title, found))


def agreed(desk: Desk, waiting: Offer, form: Form) -> Told:
    """Take over what was answered, and the case with it."""
    so = so_far(desk.library, waiting.answers)
    for question in tuple(_open(so)):
        given = form.given(question)
        missing = question is _CONTESTED and not given
        found = wrong("Agree to what it needs, or leave it.") if missing else question.answered(given, so)
        if isinstance(found, Problem):
            return Told("One more answer is needed", problems=[found], waiting=waiting)
        so = so_far(desk.library, found)
    return _settled(desk, Offer(waiting.label, waiting.words, so.answers))


def _settled(desk: Desk, offer: Offer) -> Told:
    try:
        if open_fields(offer.answers, desk.so):
            return Told(f"Before you take “{offer.words}”", waiting=offer)
    except InputError as error:
        return Told("That case cannot be taken", problems=error.problems)
    return desk.change(offer.answers, offer.label)
