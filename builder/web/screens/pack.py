"""*Pack*: what the packs in use say, which parts they change, and one part changed in place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Route

from builder.problems import InputError, Problem
from builder.questions import told_of_limits
from builder.web import packs
from builder.web.packs import Typed
from builder.web.parts_typed import text_of
from builder.web.screens.shared import desk_of, form_of, page, see_other
from builder.web.state import Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from builder.model import Library
    from builder.web.packs import Opened, Part, Shelf

STALE = "This part was changed meanwhile, on another page or in the file. Nothing was saved; your text is still here."


def _shelf(request: Request) -> Shelf:
    shelf = desk_of(request).shelf
    if shelf is None:
        raise HTTPException(404)
    return shelf


async def _read(request: Request) -> Opened:
    """The packs as they stand on the disk; 404 where there is none, or none that can be read any more."""
    shelf = _shelf(request)
    if not shelf.packs:
        raise HTTPException(404)
    found = await run_in_threadpool(shelf.read)
    if found.layer.pack is None:
        raise HTTPException(404)
    return found


async def show(request: Request) -> Response:
    """Whose the packs are, what they name, keep and change."""
    shelf, library = desk_of(request).shelf, desk_of(request).library
    told = [
        {
            "pack": each.pack,
            "limits": told_of_limits(each.pack.limits),
            "changed": sorted({change.lesson for change in each.changes if change.lesson in library.lessons}),
        }
        for each in library.adaptations
    ]
    titles = {key: lesson.title for key, lesson in library.lessons.items()}
    return page(request, "pack.html", used=told, titles=titles, refusal=shelf.refusal if shelf else packs.NONE_OPEN)


async def lesson(request: Request) -> Response:
    """The parts of one lesson, file by file: what the pack changes in them, and a way to change each."""
    key, library = request.path_params["lesson"], desk_of(request).library
    if key not in library.lessons:
        raise HTTPException(404)
    opened = await _read(request)
    files = [(path, [_row(opened, part) for part in opened.parts(path)]) for path in opened.files(key)]
    title, refusal = library.lessons[key].title, opened.shelf.refusal
    return page(request, "pack_lesson.html", key=key, title=title, files=files, refusal=refusal)


async def changed(request: Request, key: str) -> list[dict[str, object]]:
    """The parts of a lesson that the uppermost pack changes, for the lesson's own page; none where no pack is open."""
    shelf = desk_of(request).shelf
    if shelf is None or not shelf.packs:
        return []
    opened = await run_in_threadpool(shelf.read)
    found = (part for path in opened.files(key) for part in opened.parts(path))
    return [_row(opened, part) for part in found if part.state]


def _row(opened: Opened, part: Part) -> dict[str, object]:
    return {
        "part": part,
        "before": text_of(part.name, part.before) if part.before is not None else "",
        "after": text_of(part.name, part.after) if part.after is not None else "",
        "address": _address(part.path, part.name) if not packs.usable(opened, part) else "",
        "anchor": f"{part.path}-{part.name}".replace(" ", "-"),
    }


def _address(path: str, name: str, more: str = "") -> str:
    return f"/pack/part?path={quote(path, safe='')}&part={quote(name, safe='')}{more}"


async def part(request: Request) -> Response:
    """The form for one part: its text, what may be done with it, and what is wrong with what was typed."""
    opened = await _read(request)
    path, name = (request.query_params.get(key, "") for key in ("path", "part"))
    found = opened.part(path, name)
    if found is None:
        raise HTTPException(404)
    typed = desk_of(request).typed.get(request.query_params.get("typed")) or packs.present(found, opened.mark(path))
    before = text_of(name, found.before) if found.before is not None else ""
    printed = [packs.as_printed(opened, found, text) if typed.is_preview else "" for text in (before, typed.text)]
    return page(
        request,
        "pack_part.html",
        part=found,
        typed=typed,
        lesson=path.partition("/")[0],
        before=before,
        refusal=packs.usable(opened, found),
        printed_before=printed[0],
        printed=printed[1],
    )


async def send(request: Request) -> Response:
    """Show what was typed as it would be, or save it into the pack; errors come back with the text."""
    desk, form = desk_of(request), await form_of(request)
    opened = await _read(request)
    path, name = form.one("path"), form.one("part")
    found = opened.part(path, name)
    if found is None:
        raise HTTPException(404)
    if why := packs.usable(opened, found):
        told = Told("Nothing was saved", problems=[Problem("not-adaptable", why)])
        return see_other(f"/pack/lesson/{path.partition('/')[0]}?told={desk.told.put(told)}")
    typed = Typed(form.one("text"), form.one("reason").strip(), form.one("mark"))
    files, problems = await run_in_threadpool(packs.tried, opened, found, typed)
    mark = opened.mark(path)
    if typed.mark != mark:
        problems = [(0, Problem("pack-changed", STALE)), *problems]
    wrong = any(problem.severity == "error" for _, problem in problems)
    if wrong or form.one("do") != "save":
        shown = Typed(typed.text, typed.reason, mark, problems, is_preview=not wrong)
        return see_other(_address(path, name, f"&typed={desk.typed.put(shown)}#typed"))
    told, now = await run_in_threadpool(_saved, opened, found, files)
    if now is not None:
        desk.relaid(now, f"“{found.name}” adapted")
    lines = [problem.message[:1].upper() + problem.message[1:] for _, problem in problems]
    number = desk.told.put(replace(told, lines=(*told.lines, *lines)))
    return see_other(f"/pack/lesson/{path.partition('/')[0]}?told={number}")


def _saved(opened: Opened, found: Part, files: Mapping[str, str]) -> tuple[Told, Library | None]:
    """Write into the pack, and read the lessons anew, as they are now."""
    written: list[str] = []
    try:
        written = packs.saved(opened, files)
        told = Told(
            f"Saved into the pack: “{found.name}”", [(opened.layer.folder / path).as_posix() for path in written]
        )
        return told, opened.shelf.library()
    except InputError as error:
        heading = "It is saved, and the pack cannot be used as it is now" if written else "Nothing was saved"
        return Told(heading, problems=error.problems), None


ROUTES = [
    Route("/pack", show),
    Route("/pack/lesson/{lesson}", lesson),
    Route("/pack/part", part),
    Route("/pack/part", send, methods=["POST"]),
]
