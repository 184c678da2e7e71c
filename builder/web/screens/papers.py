"""*Papers*: what comes out, to take one by one, all at once, or into a folder; in which editions is chosen here."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from builder import folder
from builder.making import usual_folder
from builder.problems import Problem, WorkshopError
from builder.web import editions
from builder.web.kits import Made, counted, made, written
from builder.web.kits import told as told_of
from builder.web.screens.shared import desk_of, form_of, page, see_other
from builder.web.state import Draft, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from builder.model import Plan
    from builder.questions import Given
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
    if (elsewhere := not_yet(desk)) is not None:
        return elsewhere
    shown: dict[str, Any] = {"editions": _editions(desk, request), "people": desk.uploads.people}
    try:
        found = await made_for(desk)
    except WorkshopError as error:
        return page(request, "papers.html", made=None, problems=error.problems, usual="", groups=[], **shown)
    usual = desk.home / usual_folder(desk.so.brief)
    groups = found.listed(await run_in_threadpool(counted, usual, found.kit.files))
    return page(request, "papers.html", made=found, groups=groups, problems=found.warnings, usual=str(usual), **shown)


def not_yet(desk: Desk) -> Response | None:
    """Where to go first, as long as there are no papers to show."""
    if desk.offered is not None or not desk.ready:
        return see_other("/")
    if "title" not in desk.so.answers:
        return see_other("/details")
    return see_other("/agenda") if desk.plan() is None else None


def _editions(desk: Desk, request: Request) -> dict[str, Any]:
    draft = desk.drafts.get(request.query_params.get("editions")) or Draft({}, {})
    picked = draft.given.get("editions", desk.so.brief.editions)
    given = {name: text for name, text in draft.given.items() if isinstance(text, str)}
    return {
        "kinds": [(kind, title, words, kind in picked) for kind, title, words in editions.KINDS],
        "fields": editions.fields(desk.so, given, draft.errors),
        "problems": draft.errors.get("editions", ()),
        "wrong": bool(draft.errors),
    }


async def choose(request: Request) -> Response:
    """Choose the editions, the copies in large print and the size of the paper."""
    desk, form = desk_of(request), await form_of(request)
    if desk.offered is not None or not desk.ready:
        return see_other("/")
    if (old := desk.changed_since(form.revision)) is not None:
        return see_other(f"/papers?told={desk.told.put(old)}")
    answers, errors = editions.answered(desk.so, form)
    if errors:
        given: dict[str, Given] = {key: form.one(key) for key in ("large-print", "paper")}
        given["editions"] = form.many("editions")
        return see_other(f"/papers?editions={desk.drafts.put(Draft(given, errors))}#editions")
    if answers != desk.so.answers:
        desk.take(answers, "editions", undoable=False)
    return see_other(f"/papers?told={desk.told.put(Told('Kept: the editions', ['The papers below are made anew.']))}")


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
        found = await run_in_threadpool(written, plan, so, desk.brief, desk.home, typed, desk.uploads.people)
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
    found = await made_or_none(desk)
    if found is None or name not in found.kit.files:
        raise HTTPException(404)
    return file(found.kit.files[name], name)


async def all_at_once(request: Request) -> Response:
    """All papers in one zip file, and the letterhead beside the brief that names it."""
    desk = desk_of(request)
    found = await made_or_none(desk)
    if found is None:
        raise HTTPException(404)
    return file(_zipped(found.packed), f"{folder.safe_name(desk.so.brief.title)}.zip")


async def made_for(desk: Desk) -> Made:
    """The kit for the answers and names as they are, made once; other pages are answered meanwhile."""
    if desk.kit is None or desk.kit[0] is not desk.so:
        so, plan, people = desk.so, desk.plan(), desk.uploads.people
        if plan is None:
            raise HTTPException(404)
        fresh = await run_in_threadpool(made, plan, so, desk.brief, people)
        if desk.uploads.people is not people:
            return await made_for(desk)
        desk.kit = (so, fresh)
    found: Made = desk.kit[1]
    return found


async def made_or_none(desk: Desk) -> Made | None:
    """The kit, or None where there is none yet or something hinders it."""
    try:
        return await made_for(desk) if desk.ready and desk.offered is None else None
    except WorkshopError:
        return None


def file(content: bytes, name: str) -> Response:
    """A file to keep, under a name that every system takes."""
    from urllib.parse import quote

    ascii_name = name.encode("ascii", "ignore").decode() or "workshop"
    shown = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name)}"
    kind = _TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    return Response(content, headers={"content-disposition": shown, "content-type": kind})


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Files in one file, the same bytes for the same files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name, _OLDEST), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


ROUTES = [
    Route("/papers", show),
    Route("/papers/editions", choose, methods=["POST"]),
    Route("/papers/write", write, methods=["POST"]),
    Route("/papers/all.zip", all_at_once),
    Route("/papers/file/{name}", one),
]
