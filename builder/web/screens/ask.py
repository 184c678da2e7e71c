"""*Ask*: the six questions on one page, and the answers of an earlier time offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from builder.questions import QUESTIONS
from builder.web import ask
from builder.web.screens.shared import desk_of, form_of, page, see_other

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from builder.questions import SoFar


async def show(request: Request) -> Response:
    """The questions; first of all the answers of an earlier time, where there are some."""
    desk = desk_of(request)
    if desk.offered is not None:
        return page(request, "welcome.html", earlier=_told(desk.offered.so), brief=desk.brief and desk.brief.name)
    draft = desk.drafts.get(request.query_params.get("draft"))
    return page(request, "ask.html", fields=ask.fields(desk.so, draft), draft=draft, ready=desk.ready)


async def send(request: Request) -> Response:
    """Take the answers over; on to the agenda where nothing is wrong or open, unless `stay` asks to stay here."""
    desk, form = desk_of(request), await form_of(request)
    if desk.offered is not None:
        return see_other("/")
    found = ask.answered(desk.so, form)
    told = ""
    if found.so.answers != desk.so.answers:
        label = ", ".join(found.changed).lower()
        told = desk.told.put(desk.take(found.so.answers, label, undoable=desk.ready))
    if form.one(ask.STAY) and found.complete:
        return see_other("/")
    if not found.complete:
        return see_other(f"/?draft={desk.drafts.put(found.draft)}")
    return see_other(f"/agenda?told={told}" if told else "/agenda")


async def begin(request: Request) -> Response:
    """Go on from the answers of an earlier time, or leave them."""
    desk, form = desk_of(request), await form_of(request)
    if desk.offered is None:
        return see_other("/")
    if form.one("begin") == "on":
        desk.go_on()
    elif form.one("begin") == "new":
        desk.begin()
    return see_other("/agenda" if desk.ready else "/")


async def anew(request: Request) -> Response:
    """Begin anew; what was there can be had back with undo."""
    desk = desk_of(request)
    await form_of(request)
    if desk.offered is None:
        desk.anew()
    return see_other("/")


def _told(so: SoFar) -> list[tuple[str, str]]:
    """The answers in words, as far as they were given."""
    given = [each for each in QUESTIONS if each.label and each.listed(so) and set(each.keys) & set(so.answers)]
    return [(question.label, question.told(so)) for question in given]


ROUTES = [
    Route("/", show),
    Route("/ask", send, methods=["POST"]),
    Route("/begin", begin, methods=["POST"]),
    Route("/anew", anew, methods=["POST"]),
]
