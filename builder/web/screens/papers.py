"""*Papers*: what comes out, to take one by one or all at once."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from builder import folder, kit
from builder.making import usual_folder
from builder.problems import Problem, WorkshopError
from builder.web.kits import Made, made, written
from builder.web.kits import told as told_of
from builder.web.screens.shared import desk_of, form_of, page, see_other
from builder.web.state import Told

if TYPE_CHECKING:
    from starlette.requests import Request

    from builder.model import Plan
    from builder.web.state import Desk

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "yaml": "application/yaml",
    "zip": "application/zip",
}
_OLDEST = (1980, 1, 1, 0, 0, 0)


async def show(request: Request) -> Response:
    """All papers with what each is for; what hinders them instead, where something does."""
    desk = desk_of(request)
    if desk.offered is not None or not desk.ready:
        return see_other("/")
    if "title" not in desk.so.answers:
        return see_other("/details")
    if desk.plan() is None:
        return see_other("/agenda")
    try:
        found = await _made(desk)
    except WorkshopError as error:
        return page(request, "papers.html", made=None, problems=error.problems, usual="")
    usual = desk.home / usual_folder(desk.so.brief)
    return page(request, "papers.html", made=found, problems=found.warnings, usual=str(usual))


async def write(request: Request) -> Response:
    """Write all papers into a folder of this machine; what somebody edited there stays."""
    desk, form = desk_of(request), await form_of(request)
    if desk.offered is not None or not desk.ready or (plan := desk.plan()) is None:
        return see_other("/agenda")
    told = desk.changed_since(form.revision)
    if told is None:
        told = await _written(desk, plan, form.one("folder").strip())
    return see_other(f"/papers?told={desk.told.put(told)}")


async def _written(desk: Desk, plan: Plan, typed: str) -> Told:
    so, revision = desk.so, desk.revision
    try:
        found = await run_in_threadpool(written, plan, so, desk.brief, desk.home, typed)
    except WorkshopError as error:
        return Told("Nothing was written", problems=error.problems, field="folder", typed=typed)
    except (OSError, ValueError, RuntimeError) as error:
        problem = Problem("system", f"{typed}: {getattr(error, 'strerror', None) or error}.")
        return Told("Nothing was written", problems=[problem], field="folder", typed=typed)
    desk.written = revision
    return told_of(found)


async def one(request: Request) -> Response:
    """One paper as a file."""
    desk = desk_of(request)
    name = request.path_params["name"]
    found = await _made_or_none(desk)
    if found is None or name not in found.kit.files:
        raise HTTPException(404)
    return _file(found.kit.files[name], name)


async def all_at_once(request: Request) -> Response:
    """All papers in one zip file."""
    desk = desk_of(request)
    found = await _made_or_none(desk)
    if found is None:
        raise HTTPException(404)
    return _file(_zipped(found.kit), f"{folder.safe_name(desk.so.brief.title)}.zip")


async def _made(desk: Desk) -> Made:
    """The kit for the answers as they are, made once; other pages are answered meanwhile."""
    if desk.kit is None or desk.kit[0] is not desk.so:
        so, plan = desk.so, desk.plan()
        if plan is None:
            raise HTTPException(404)
        desk.kit = (so, await run_in_threadpool(made, plan, so, desk.brief))
    found: Made = desk.kit[1]
    return found


async def _made_or_none(desk: Desk) -> Made | None:
    try:
        return await _made(desk) if desk.ready and desk.offered is None else None
    except WorkshopError:
        return None


def _file(content: bytes, name: str) -> Response:
    from urllib.parse import quote

    ascii_name = name.encode("ascii", "ignore").decode() or "workshop"
    shown = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name)}"
    kind = _TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    return Response(content, headers={"content-disposition": shown, "content-type": kind})


def _zipped(papers: kit.Kit) -> bytes:
    """The papers in one file, the same bytes for the same papers."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in papers.files.items():
            package.writestr(zipfile.ZipInfo(name, _OLDEST), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


ROUTES = [
    Route("/papers", show),
    Route("/papers/write", write, methods=["POST"]),
    Route("/papers/all.zip", all_at_once),
    Route("/papers/file/{name}", one),
]
