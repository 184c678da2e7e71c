"""The page of the six questions: which of them are shown, and what becomes of what was sent. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from builder.problems import InputError, Problem
from builder.questions import QUESTIONS, Given, Question, SoFar, case_question, so_far
from builder.questions.first import CHOOSE, recipe_of
from builder.questions.shape import wrong
from builder.web.forms import ASKED, Field, Form, field_of
from builder.web.state import Draft

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST = tuple(question for question in QUESTIONS if question.part == "first")
STAY = "stay"
"""The field of a form that was sent before somebody was done: what nobody touched is no answer yet."""
PURPOSE, LESSONS, CASE, CONTESTED = "purpose", "lessons", "case", "contested"
_BY_NAME = {question.name: question for question in QUESTIONS}


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a form: the answers with all that could be used, the names of what changed, and the rest."""

    so: SoFar
    changed: Sequence[str]
    draft: Draft

    @property
    def complete(self) -> bool:
        """Whether nothing is wrong and nothing is open."""
        return not self.draft.errors and not self.draft.waiting


# ------------------------------------------------------------ what is shown


def fields(so: SoFar, draft: Draft | None) -> list[Field]:
    """The questions of the page in order, with what was typed where it could not be used."""
    draft = draft or Draft({}, {})
    shown = [_present(question, so) for question in FIRST if _is_shown(question, so, draft)]
    return [
        field_of(each, so, given=draft.given.get(each.name), problems=draft.errors.get(each.name, ())) for each in shown
    ]


def _is_shown(question: Question, so: SoFar, draft: Draft) -> bool:
    choosing = draft.given.get(PURPOSE, _purpose(so)) == CHOOSE
    if question.name == LESSONS:
        return choosing
    if question.name == CASE and choosing:
        return LESSONS not in draft.waiting and question.condition(so)
    return _present(question, so).condition(so)


def _purpose(so: SoFar) -> Given:
    return _BY_NAME[PURPOSE].typed(so)


def _present(question: Question, so: SoFar) -> Question:
    """The question itself; that of the case also where it was answered and another case can be taken."""
    if question.name != CASE or question.condition(so) or "focus" not in so.answers:
        return question
    recipe = recipe_of(so)
    preset = so.library.recipes[recipe].cards if recipe else so.brief.cards
    decks = (so.library.lessons[lesson].deck for lesson in so.brief.focus)
    deck = next((deck for deck in decks if deck and deck not in preset), None)
    return case_question(lambda _so: deck, CASE, elsewhere=True)


# ------------------------------------------------------------ what was sent


def answered(so: SoFar, form: Form) -> Answered:
    """Apply each answer that was changed on the page to the answers as they are now."""
    found = Answered(so, (), Draft({}, {}))
    for question in FIRST:
        found = _apply(_present(question, found.so), form, found)
    return found


def _apply(question: Question, form: Form, found: Answered) -> Answered:
    if not _applies(question, form, found.so):
        return found
    if question.name == PURPOSE and form.one(PURPOSE) == CHOOSE:
        return replace(found, draft=replace(found.draft, given={PURPOSE: CHOOSE}))
    if not _was_asked(question, form, found):
        return _waiting(question, found) if _must_be_asked(question, found.so) else found
    if form.is_unchanged(question) and (form.one(STAY) or not _BY_NAME[question.name].is_open(found.so)):
        return found
    return _read(question, form.given(question), found)


def _applies(question: Question, form: Form, so: SoFar) -> bool:
    """Whether a question belongs to the answers so far; lessons are picked only where somebody chose to."""
    return form.one(PURPOSE) == CHOOSE if question.name == LESSONS else question.condition(so)


def _was_asked(question: Question, form: Form, found: Answered) -> bool:
    """Whether the page asked it; one about the case of another purpose is another question."""
    stale = question.name == CASE and _BY_NAME[PURPOSE].label in found.changed
    return question.name in form.many(ASKED) and not stale


def _must_be_asked(question: Question, so: SoFar) -> bool:
    if question.name == LESSONS:
        return "focus" not in so.answers or _purpose(so) != CHOOSE
    return _BY_NAME[question.name].is_open(so)


def _waiting(question: Question, found: Answered) -> Answered:
    return replace(found, draft=replace(found.draft, waiting=(*found.draft.waiting, question.name)))


def _read(question: Question, given: Given, found: Answered) -> Answered:
    """Take one answer over, or remember it with what is wrong with it."""
    if question.name == CONTESTED and not given:
        return _wrong(question, given, [wrong("Agree to what it needs, or choose another case.")], found)
    answers = question.answered(given, found.so)
    if isinstance(answers, Problem):
        return _wrong(question, given, [answers], found)
    try:
        so = so_far(found.so.library, answers)
    except InputError as error:
        return _wrong(question, given, error.problems, found)
    label = question.label or _BY_NAME[PURPOSE].label
    changed = found.changed if so.answers == found.so.answers else tuple(dict.fromkeys((*found.changed, label)))
    return replace(found, so=so, changed=changed)


def _wrong(question: Question, given: Given, problems: Sequence[Problem], found: Answered) -> Answered:
    draft = found.draft
    given_all, errors = {**draft.given, question.name: given}, {**draft.errors, question.name: problems}
    return replace(found, draft=replace(draft, given=given_all, errors=errors))
