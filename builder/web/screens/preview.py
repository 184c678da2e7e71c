"""*Preview*: a paper as it will be printed, made of the same blocks as the Word file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.routing import Route

from builder import html
from builder.problems import WorkshopError
from builder.web.kits import Made, purpose_of, title_of
from builder.web.screens.papers import made_for, not_yet
from builder.web.screens.shared import desk_of, page, see_other

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_ON_OUR_PAGE = frozenset({"cards", "badges", "tents"})


async def show(request: Request) -> Response:
    """One paper, leaf by leaf."""
    desk = desk_of(request)
    if (elsewhere := not_yet(desk)) is not None:
        return elsewhere
    try:
        found = await made_for(desk)
    except WorkshopError:
        return see_other("/papers")
    stems = list(found.stems)
    stem = request.path_params["stem"]
    if stem not in stems:
        raise HTTPException(404)
    at, name = stems.index(stem), found.stems[stem]
    paper = leaves_of(found, name)
    return page(
        request,
        "paper.html",
        name=name,
        title=title_of(name),
        words=purpose_of(name),
        paper=paper,
        parts=[each for each in paper.leaves if each.heading] if len(paper.leaves) > 1 else [],
        before=_step(found, stems[at - 1]) if at else None,
        after=_step(found, stems[at + 1]) if at + 1 < len(stems) else None,
        on_letterhead=bool(found.letterhead) and paper.look not in _ON_OUR_PAGE and name.endswith(".docx"),
    )


def leaves_of(found: Made, name: str) -> html.Leaves:
    """The leaves of one paper, made once."""
    if name not in found.previews:
        found.previews[name] = html.leaves(found.kit.papers[name])
    leaves: html.Leaves = found.previews[name]
    return leaves


def _step(found: Made, stem: str) -> tuple[str, str]:
    return stem, title_of(found.stems[stem])


ROUTES = [Route("/papers/{stem}", show)]
