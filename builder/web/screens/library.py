"""*Library*: all lessons, those that fit what one wants to achieve, one of them whole, and the way into the agenda."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.routing import Route

from builder.model import FRAME, PHASES
from builder.problems import InputError
from builder.questions import so_far
from builder.web import lesson as lessons
from builder.web import shelf
from builder.web.cases import open_fields
from builder.web.screens.pack import changed
from builder.web.screens.shared import desk_of, form_of, page, see_other
from builder.web.state import Offer, Told

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from builder.model import Lesson
    from builder.questions import SoFar, Values
    from builder.web.state import Desk


async def show(request: Request) -> Response:
    """The lessons that fit what the address asks for."""
    desk = desk_of(request)
    wanted = shelf.wish(request.query_params)
    return page(
        request,
        "library.html",
        wanted=wanted,
        lessons=shelf.found(desk.library, wanted),
        count=len(desk.library.lessons),
        phases=[(phase, shelf.PHASE_WORDS[phase]) for phase in PHASES],
        levels=shelf.LEVELS,
        standing=_standing(desk),
        adapted={change.lesson for each in desk.library.adaptations for change in each.changes},
    )


async def one(request: Request) -> Response:
    """One lesson with all that belongs to it."""
    desk, key = desk_of(request), request.path_params["lesson"]
    if key not in desk.library.lessons:
        raise HTTPException(404)
    found = lessons.whole(key, desk.library)
    usable, standing = desk.offered is None and not found.is_frame, _standing(desk).get(key, "")
    adapted = await changed(request, key)
    return page(request, "lesson.html", key=key, lesson=found, usable=usable, standing=standing, adapted=adapted)


async def sheet(request: Request) -> Response:
    """A sheet of a lesson, as it is printed."""
    desk, params = desk_of(request), request.path_params
    return _shown(request, lessons.sheet(params["lesson"], params["stem"], desk.library, desk.so.brief.paper))


async def case(request: Request) -> Response:
    """The sheet of a case, as it is printed."""
    desk, params = desk_of(request), request.path_params
    return _shown(request, lessons.case(params["lesson"], params["card"], desk.library, desk.so.brief.paper))


def _shown(request: Request, found: lessons.Shown | None) -> Response:
    if found is None:
        raise HTTPException(404)
    return page(request, "sheet.html", shown=found, back=f"/library/{request.path_params['lesson']}")


def _standing(desk: Desk) -> dict[str, str]:
    """What is to be said of lessons that are wanted already, or in the agenda, or left out."""
    if desk.offered is not None:
        return {}
    plan = desk.plan() if desk.ready else None
    brief = desk.so.brief
    in_agenda = dict.fromkeys(plan.agenda.lessons if plan else (), "in the agenda")
    wanted = dict.fromkeys(brief.focus if "focus" in desk.so.answers or desk.ready else (), "wanted")
    return {**dict.fromkeys(brief.leave_out, "left out"), **wanted, **in_agenda}


# ------------------------------------------------------------ into the agenda


async def use(request: Request) -> Response:
    """Put a lesson, or a case with its lesson, in focus; where there is no agenda yet, it is remembered for it."""
    desk, form = desk_of(request), await form_of(request)
    if desk.offered is not None:
        return see_other("/")
    found = desk.library.lessons.get(form.one("lesson"))
    if found is None or found.phase in FRAME:
        raise HTTPException(404)
    if (old := desk.changed_since(form.revision)) is not None:
        return see_other(f"/agenda?told={desk.told.put(old)}" if desk.ready else "/")
    answers = with_lesson(desk.so, found, form.one("card"))
    label = f"“{found.title}” is in"
    if not desk.ready:
        desk.take(answers, label)
        return see_other("/")
    return see_other(f"/agenda?told={desk.told.put(_changed(desk, Offer(label, found.title, answers)))}")


def with_lesson(so: SoFar, lesson: Lesson, card: str = "") -> Values:
    """The answers with a lesson in focus, no longer left out, and a case chosen where it has some."""
    inside = f"{lesson.id}/"
    focus = list(dict.fromkeys((*so.brief.focus, lesson.id)))
    out = [name for name in so.brief.leave_out if name != lesson.id and not name.startswith(inside)]
    answers: dict[str, Any] = {**so.answers, "focus": focus, "leave_out": out}
    if lesson.deck:
        known = {each.id for each in so.library.cards_of(lesson.deck)}
        chosen = card if card in known else so.brief.cards.get(lesson.deck) or lesson.default_card
        answers["cards"] = {**so.brief.cards, **({lesson.deck: chosen} if chosen else {})}
    return answers


def _changed(desk: Desk, offer: Offer) -> Told:
    """What became of it; a contested case is agreed to first."""
    try:
        so_far(desk.library, offer.answers)
        if open_fields(offer.answers, desk.so):
            return Told(f"Before you take “{offer.words}”", waiting=offer)
    except InputError as error:
        return Told("That lesson cannot be taken", problems=error.problems)
    return desk.change(offer.answers, offer.label)


ROUTES = [
    Route("/library", show),
    Route("/library/use", use, methods=["POST"]),
    Route("/library/{lesson}", one),
    Route("/library/{lesson}/sheets/{stem}", sheet),
    Route("/library/{lesson}/cases/{card}", case),
]
