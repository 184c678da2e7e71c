"""*Agenda*: the picture, the table with its forms, and what became of each change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from builder import picture
from builder.problems import Problem, WorkshopError
from builder.questions import changes
from builder.reworking import best_without, other_length
from builder.web import agenda, cases
from builder.web.changing import FIELDS, Wanted, asked, booked, wanted
from builder.web.kept import revalidated
from builder.web.screens.shared import desk_of, form_of, page, see_other
from builder.web.state import Told

if TYPE_CHECKING:
    from starlette.requests import Request

    from builder.model import Plan
    from builder.web.forms import Form
    from builder.web.state import Desk


async def show(request: Request) -> Response:
    """The agenda with its forms, or why there is none and what could be had."""
    desk = desk_of(request)
    if desk.offered is not None or not desk.ready:
        return see_other("/")
    outcome = desk.outcome()
    if isinstance(outcome, WorkshopError):
        return _no_agenda(request, desk, outcome)
    return _agenda(request, desk, outcome)


def _agenda(request: Request, desk: Desk, plan: Plan) -> Response:
    so, told = desk.so, desk.told.get(request.query_params.get("told"))
    parts = agenda.parts(plan, so)
    return page(
        request,
        "agenda.html",
        parts=parts,
        cases={part.deck: agenda.cases(part.deck, so) for part in parts if part.deck},
        chosen=dict(plan.cards),
        alt=picture.said(plan),
        start=so.brief.start,
        end=so.brief.clock(plan.agenda.minutes),
        minutes=plan.agenda.minutes,
        halfway=so.brief.clock(plan.agenda.minutes // 2),
        fixed=changes.fixed(so),
        lockable=_lockable(plan, desk),
        history=desk.history,
        warnings=plan.warnings,
        missed=plan.missed,
        score=None if plan.score is None else round(plan.score * 100),
        left_out=agenda.left_out(plan, so),
        agreeing=cases.open_fields(told.waiting.answers, so) if told and told.waiting else (),
    )


def _lockable(plan: Plan, desk: Desk) -> bool:
    movable = changes.movable(plan, desk.so)
    return bool(movable) and changes.lock(plan, desk.so)["order"] != list(desk.so.brief.order)


def _no_agenda(request: Request, desk: Desk, refused: WorkshopError) -> Response:
    other = best_without(desk.planning, refused, desk.so)
    return page(
        request,
        "no_agenda.html",
        problems=refused.problems,
        length=other_length(refused, desk.so),
        words=other.words if other else "",
        history=desk.history,
        fixed=changes.fixed(desk.so),
    )


async def picture_file(request: Request) -> Response:
    """The timeline of the present agenda, as it is printed."""
    desk = desk_of(request)
    plan = desk.plan() if desk.ready else None
    if plan is None:
        return Response(status_code=404)
    if desk.picture is None or desk.picture[0] is not plan:
        titles = {key: desk.library.lessons[key].title for key in plan.agenda.lessons}
        desk.picture = (plan, picture.compressed(picture.timeline(plan, titles).png))
    return revalidated(request, desk.picture[1], "image/png")


# ------------------------------------------------------------ what was sent


async def change(request: Request) -> Response:
    """Make one change to the agenda that the form was made from."""
    desk, form = desk_of(request), await form_of(request)
    return _answer(desk, _changed(desk, form))


async def swap(request: Request) -> Response:
    """Take another case; a contested one first says what it needs."""
    desk, form = desk_of(request), await form_of(request)
    old = _stale(desk, form)
    return _answer(desk, old or cases.swapped(desk, form.one("deck"), form.one("card")))


async def agree(request: Request) -> Response:
    """Take the case that was waiting, once what it needs is agreed to."""
    desk, form = desk_of(request), await form_of(request)
    before = desk.told.get(form.one("told"))
    old = _stale(desk, form)
    if old or before is None or before.waiting is None:
        return _answer(desk, old or Told("That is not waiting any more"))
    return _answer(desk, cases.agreed(desk, before.waiting, form))


async def undo(request: Request) -> Response:
    """Take the latest change back."""
    desk, form = desk_of(request), await form_of(request)
    return _answer(desk, _stale(desk, form) or desk.undo())


async def redo(request: Request) -> Response:
    """Make the change again that was taken back last."""
    desk, form = desk_of(request), await form_of(request)
    return _answer(desk, _stale(desk, form) or desk.redo())


def _answer(desk: Desk, told: Told) -> Response:
    return see_other(f"/agenda?told={desk.told.put(told)}")


def _stale(desk: Desk, form: Form) -> Told | None:
    """What to say where the form was made from another agenda than the present one."""
    return desk.changed_since(form.revision)


def _changed(desk: Desk, form: Form) -> Told:
    if old := _stale(desk, form):
        return old
    found = _wanted(desk, form)
    about = form.one("name")
    if isinstance(found, Problem):
        field = FIELDS.get(form.one("do"), "")
        typed = form.one("at") if field == "break-at" else form.one("value")
        return Told("That cannot be done", problems=[found], about=about, field=field, typed=typed)
    told = desk.change(found.answers, found.label)
    return replace(told, about=about)


def _wanted(desk: Desk, form: Form) -> Wanted | Problem:
    """The answers that the form asks for."""
    do, outcome = form.one("do"), desk.outcome()
    if do == "take":
        return _offered(desk, form)
    if not isinstance(outcome, WorkshopError):
        return wanted(asked(form, outcome, desk.so))
    if do == "book":
        return booked(outcome, desk.so)
    if do == "instead" and (other := best_without(desk.planning, outcome, desk.so)):
        return Wanted(changes.answers_for(other.brief, desk.so), other.words)
    if do == "unfix" and form.one("name") in {choice.value for choice in changes.fixed(desk.so)}:
        return Wanted(changes.unfix(form.one("name"), desk.so), "something is no longer fixed")
    return Problem("answer", "There is no agenda to change.")


def _offered(desk: Desk, form: Form) -> Wanted | Problem:
    """What was offered in place of a change that could not be planned."""
    told = desk.told.get(form.one("told"))
    if told is None or told.offer is None:
        return Problem("answer", "That is not offered any more.")
    return Wanted(told.offer.answers, told.offer.label)


ROUTES = [
    Route("/agenda", show),
    Route("/agenda/picture.png", picture_file),
    Route("/agenda/change", change, methods=["POST"]),
    Route("/agenda/swap", swap, methods=["POST"]),
    Route("/agenda/agree", agree, methods=["POST"]),
    Route("/agenda/undo", undo, methods=["POST"]),
    Route("/agenda/redo", redo, methods=["POST"]),
]
