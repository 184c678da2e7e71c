"""All addresses of the pages, behind the guards; what is not there and what breaks is a page too."""

from __future__ import annotations

import sys
import traceback
from functools import cache
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route, Router

from builder.web import kept
from builder.web.guards import App, Keys, Receive, Scope, Send, guarded
from builder.web.rendering import rendered
from builder.web.screens import agenda, ask, details
from builder.web.screens.shared import desk_of, form_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from builder.web.state import Desk

_WORDS = {
    400: ("That could not be read", "What was sent is not a form of this page. Nothing was changed."),
    404: ("There is no such page", "The address may be an old one."),
    405: ("That address is not for reading", "It only takes what a form sends."),
}
_BUG = "This is a fault of the program, not yours. Your answers are kept. The lines in the terminal help to mend it."


def make_app(desk: Desk, keys: Keys, end: Callable[[], None]) -> App:
    """The pages for one desk; `end` is called when somebody quits."""

    async def leave(request: Request) -> Response:
        await form_of(request)
        desk_of(request).leave()
        end()
        return HTMLResponse(rendered("closed.html"))

    app = Starlette(
        routes=[
            *ask.ROUTES,
            *agenda.ROUTES,
            *details.ROUTES,
            Route("/quit", leave, methods=["POST"]),
            Route("/static/{name}", kept.static),
            Mount("", _later_screens),
        ],
        exception_handlers={HTTPException: _not_so, Exception: _broken},
    )
    app.state.desk = desk
    return guarded(app, keys, lambda: "/agenda" if desk.ready and desk.offered is None else "/")


async def _later_screens(scope: Scope, receive: Receive, send: Send) -> None:
    """The screens that come after the agenda."""
    await _later_router()(scope, receive, send)


@cache
def _later_router() -> Router:
    """Their addresses: what papers are made with is read when somebody asks for it, so that the first page is quick."""
    from builder.web.screens import files, library, pack, papers, preview

    return Router([*papers.ROUTES, *preview.ROUTES, *files.ROUTES, *library.ROUTES, *pack.ROUTES])


async def _not_so(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    heading, words = _WORDS.get(status, ("That cannot be done", "Nothing was changed."))
    return HTMLResponse(rendered("failed.html", heading=heading, words=words), status)


async def _broken(_request: Request, error: Exception) -> Response:
    """A bug: a plain sentence for the reader, the trace for the terminal."""
    traceback.print_exception(error, file=sys.stderr)
    return HTMLResponse(rendered("failed.html", heading="Something went wrong", words=_BUG), 500)
