"""What screens share: the desk, a form as it came in, a page, and the way on to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse

from builder.web.forms import Form, read_form
from builder.web.rendering import rendered

if TYPE_CHECKING:
    from starlette.requests import Request

    from builder.web.state import Desk

NAVIGATION = (("/", "Ask"), ("/agenda", "Agenda"), ("/details", "Details"), ("/papers", "Papers"),
    ("/files", "Files"), ("/library", "Library"))  # fmt: skip
"""The main pages, in the order of the work."""


def desk_of(request: Request) -> Desk:
    """Where the work stands."""
    desk: Desk = request.app.state.desk
    return desk


async def form_of(request: Request) -> Form:
    """The plain form that was sent; 400 where it is none."""
    form = read_form(await request.body())
    if form is None:
        raise HTTPException(400)
    return form


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page inside the frame that all have."""
    desk = desk_of(request)
    common = {
        "navigation": NAVIGATION,
        "here": request.url.path,
        "revision": desk.revision,
        "not_kept": desk.not_kept,
        "told": desk.told.get(request.query_params.get("told")),
        "told_number": request.query_params.get("told") or "",
        "packs": [each.pack.organisation for each in desk.library.adaptations],
        "workshop": desk.so.brief.title if "title" in desk.so.answers else "",
    }
    return HTMLResponse(rendered(template, **{**common, **values}), status)


def see_other(path: str) -> RedirectResponse:
    """The way on after a form: a page that can be reloaded."""
    return RedirectResponse(path, 303)
