"""*Details*: what is asked after the agenda, and what is only changed on a last look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from builder.problems import InputError, Problem
from builder.questions import QUESTIONS, so_far
from builder.web.forms import ASKED, field_of
from builder.web.screens.shared import desk_of, form_of, page, see_other
from builder.web.state import Draft, Told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from builder.questions import Given, Question, SoFar
    from builder.web.forms import Form

AFTER = tuple(question for question in QUESTIONS if question.part == "after")
REVIEW = tuple(question for question in QUESTIONS if question.part == "review")


async def show(request: Request) -> Response:
    """Title, organisation, day, contacts, copies; and below them the rest."""
    desk = desk_of(request)
    if desk.offered is not None or not desk.ready:
        return see_other("/")
    draft = desk.drafts.get(request.query_params.get("draft")) or Draft({}, {})

    def fields(questions: Sequence[Question]) -> list[object]:
        listed = [each for each in questions if each.listed(desk.so)]
        return [
            field_of(each, desk.so, given=draft.given.get(each.name), problems=draft.errors.get(each.name, ()))
            for each in listed
        ]

    return page(request, "details.html", after=fields(AFTER), review=fields(REVIEW), draft=draft)


async def send(request: Request) -> Response:
    """Take over each answer that was changed; those that are wrong are shown again with the reason."""
    desk, form = desk_of(request), await form_of(request)
    if desk.offered is not None:
        return see_other("/")
    so, labels, draft = answered(desk.so, form)
    told = ""
    if so.answers != desk.so.answers:
        label = ", ".join(labels).lower()
        made = desk.take(so.answers, label, undoable=not set(labels) <= {question.label for question in AFTER})
        told = desk.told.put(Told(f"Kept: {label}", made.lines))
    if draft.errors:
        return see_other(f"/details?draft={desk.drafts.put(draft)}")
    return see_other(f"/papers?told={told}" if told else "/papers")


def answered(so: SoFar, form: Form) -> tuple[SoFar, list[str], Draft]:
    """The answers with each one that was changed on the page, the names of what changed, and what is wrong."""
    labels: list[str] = []
    given: dict[str, Given] = {}
    errors: dict[str, Sequence[Problem]] = {}
    for question in (*AFTER, *REVIEW):
        is_new = question.part == "after" and question.keys[0] not in so.answers
        if question.name not in form.many(ASKED) or (form.is_unchanged(question) and not is_new):
            continue
        given[question.name] = form.given(question)
        found = question.answered(given[question.name], so)
        if isinstance(found, Problem):
            errors[question.name] = [found]
            continue
        try:
            so = so_far(so.library, found)
        except InputError as error:
            errors[question.name] = error.problems
            continue
        labels.append(question.label)
    return so, labels, Draft({name: given[name] for name in errors}, errors)


ROUTES = [Route("/details", show), Route("/details", send, methods=["POST"])]
