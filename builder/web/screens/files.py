"""*Files*: what somebody brings along, a letterhead, a list of names, a brief; each is judged before it is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Route

from builder import questions
from builder.library import reading as library_reading
from builder.problems import InputError, Problem
from builder.questions import so_far
from builder.roster import reading as roster
from builder.web import briefs, letterheads
from builder.web.multipart import read_sent
from builder.web.screens.papers import file
from builder.web.screens.shared import desk_of, form_of, page, see_other
from builder.web.state import Told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from builder.questions import SoFar, Values
    from builder.web.multipart import Sent
    from builder.web.state import Desk

LETTERHEAD, NAMES, BRIEF = "letterhead", "names", "brief"
_MOST: Final = {NAMES: roster.MOST_BYTES, BRIEF: library_reading.MOST_BYTES}
_VERBS: Final = frozenset({"is", "has", "holds", "leads", "unpacks", "would"})
_MISSING: Final = {
    LETTERHEAD: "Choose a Word file (.docx) first.",
    NAMES: "Choose a CSV file first.",
    BRIEF: "Choose a brief (workshop.yaml) first.",
}


async def show(request: Request) -> Response:
    """What is in use, and a form for each kind of file."""
    return _page(request)


def _page(request: Request, status: int = 200, told: Told | None = None) -> Response:
    desk = desk_of(request)
    if desk.offered is not None:
        return see_other("/")
    name = desk.so.brief.letterhead
    return page(
        request,
        "files.html",
        status,
        letterhead=name,
        is_kept=letterheads.is_kept(name),
        lies_there=letterheads.kept_file().is_file(),
        people=desk.uploads.people,
        has_answers=bool(desk.so.answers),
        **({"told": told} if told else {}),
    )


def _answer(desk: Desk, told: Told) -> Response:
    return see_other(f"/files?told={desk.told.put(told)}")


def _refused(kind: str, problems: Sequence[Problem]) -> Told:
    return Told("That file was not taken", problems=[_sentence(each) for each in problems], field=kind)


def _sentence(problem: Problem) -> Problem:
    """A problem as a sentence, where it has no line and would follow the name of a file."""
    begins = problem.message.partition(" ")[0] in _VERBS and not problem.line
    return replace(problem, message=f"It {problem.message}") if begins else problem


async def _sent(request: Request, kind: str) -> tuple[Sent, Response | None]:
    """What was sent, and the answer already where it cannot be used as it is; 400 where it is no form with a file."""
    desk, sent = desk_of(request), await read_sent(request)
    if sent is None:
        raise HTTPException(400)
    if desk.offered is not None:
        return sent, see_other("/")
    if (old := desk.changed_since(sent.form.revision)) is not None:
        return sent, _answer(desk, old)
    if sent.content is None:
        return sent, _answer(desk, _refused(kind, [Problem("no-file", _MISSING[kind])]))
    if len(sent.content) > _MOST.get(kind, len(sent.content)):
        most = f"at most {_MOST[kind] // 1000:,} kB can be sent."
        told = _refused(kind, [Problem("too-large", f"it has {len(sent.content) // 1000:,} kB, and {most}")])
        return sent, _page(request, 413, told)
    return sent, None


# ------------------------------------------------------------ the letterhead


async def letterhead(request: Request) -> Response:
    """Take a letterhead over, unless something in it is not safe to keep."""
    desk = desk_of(request)
    sent, answer = await _sent(request, LETTERHEAD)
    if answer is not None or sent.content is None:
        return answer or see_other("/files")
    try:
        name = await run_in_threadpool(letterheads.keep, sent.content)
        answers = so_far(desk.library, {**desk.so.answers, "letterhead": name}).answers
    except InputError as error:
        return _answer(desk, _refused(LETTERHEAD, error.problems))
    except OSError as error:
        problem = Problem("system", f"it cannot be kept on this computer: {error.strerror or error}.")
        return _answer(desk, _refused(LETTERHEAD, [problem]))
    desk.kit = None
    return _on_letterhead(desk, answers)


def _on_letterhead(desk: Desk, answers: Values) -> Response:
    desk.take(answers, "letterhead", undoable=False)
    return _answer(desk, Told("The papers are on your letterhead", ["It stays until you remove it."]))


async def again(request: Request) -> Response:
    """Use the letterhead that lies there from an earlier time."""
    desk, form = desk_of(request), await form_of(request)
    if (old := desk.changed_since(form.revision)) is not None:
        return _answer(desk, old)
    if desk.offered is not None or not letterheads.kept_file().is_file():
        return see_other("/files")
    answers = {**desk.so.answers, "letterhead": str(letterheads.kept_file())}
    return _on_letterhead(desk, answers)


async def no_letterhead(request: Request) -> Response:
    """Print on plain paper; a letterhead that was sent is deleted."""
    desk, form = desk_of(request), await form_of(request)
    if (old := desk.changed_since(form.revision)) is not None:
        return _answer(desk, old)
    if desk.offered is not None:
        return see_other("/")
    if desk.so.brief.letterhead is None or letterheads.is_kept(desk.so.brief.letterhead):
        letterheads.forget()
    answers = {key: value for key, value in desk.so.answers.items() if key != "letterhead"}
    desk.kit = None
    desk.take(answers, "letterhead", undoable=False)
    return _answer(desk, Told("The papers are on plain paper", ["No letterhead is kept here."]))


# ------------------------------------------------------------ names


async def names(request: Request) -> Response:
    """Take a list of people over, into memory only."""
    desk = desk_of(request)
    sent, answer = await _sent(request, NAMES)
    if answer is not None or sent.content is None:
        return answer or see_other("/files")
    try:
        found = roster.read_bytes(sent.content)
    except InputError as error:
        return _answer(desk, _refused(NAMES, error.problems))
    desk.uploads.people, desk.kit = found, None
    notes = [f"{each.message[:1].upper()}{each.message[1:]} {each.hint}".strip() for each in found.notes]
    lines = ["They go into badges and table cards, and nowhere else.", *notes]
    count = "1 name is" if len(found.names) == 1 else f"{len(found.names)} names are"
    return _answer(desk, Told(f"{count} ready for badges", lines))


async def no_names(request: Request) -> Response:
    """Forget the list of people, and the papers with names."""
    desk = desk_of(request)
    await form_of(request)
    desk.uploads.people = desk.kit = None
    return _answer(desk, Told("The names are forgotten", ["Badges that you wrote into a folder are still there."]))


# ------------------------------------------------------------ the brief


async def brief(request: Request) -> Response:
    """Read a brief, and ask before it takes the place of the answers."""
    desk = desk_of(request)
    sent, answer = await _sent(request, BRIEF)
    if answer is not None or sent.content is None:
        return answer or see_other("/files")
    try:
        so, notes = briefs.read(sent.content, desk.library, desk.so.brief.letterhead)
    except InputError as error:
        return _answer(desk, _refused(BRIEF, error.problems))
    waiting = desk.uploads.wait(so, notes)
    return see_other(f"/files/brief/{waiting.number}")


async def confirm(request: Request) -> Response:
    """What a brief that was sent would change."""
    desk = desk_of(request)
    waiting = desk.uploads.brief
    if waiting is None or waiting.number != request.path_params["number"]:
        return _answer(desk, Told("That brief is not waiting any more", ["Send it again."]))
    changes = briefs.differences(desk.so, waiting.so)
    return page(request, "brief.html", waiting=waiting, changes=changes, has_answers=bool(desk.so.answers))


async def take_brief(request: Request) -> Response:
    """Take a brief over in place of the answers; undo brings them back."""
    desk, form = desk_of(request), await form_of(request)
    waiting = desk.uploads.brief
    if desk.offered is not None:
        return see_other("/")
    if waiting is None or waiting.number != form.one("number"):
        return _answer(desk, Told("That brief is not waiting any more", ["Send it again."]))
    if (old := desk.changed_since(form.revision)) is not None:
        return _answer(desk, old)
    desk.uploads.brief = None
    made = desk.take(waiting.so.answers, "another brief")
    lines = made.lines or ["Undo brings the answers from before back."]
    told = desk.told.put(Told("The brief is in use", lines))
    return see_other(f"/agenda?told={told}" if desk.ready else "/")


async def leave_brief(request: Request) -> Response:
    """Leave the answers as they are."""
    desk = desk_of(request)
    await form_of(request)
    desk.uploads.brief = None
    return _answer(desk, Told("Your answers are as they were", ["The brief that you sent is forgotten."]))


async def download(request: Request) -> Response:
    """The answers as a brief; a letterhead of ours has its own name in it, and no place on this computer."""
    return file(questions.write(_portable(desk_of(request).so).brief).encode(), briefs.NAME)


def _portable(so: SoFar) -> SoFar:
    if not letterheads.is_kept(so.brief.letterhead):
        return so
    return so_far(so.library, {**so.answers, "letterhead": letterheads.FILE_NAME})


ROUTES = [
    Route("/files", show),
    Route("/files/workshop.yaml", download),
    Route("/files/letterhead/again", again, methods=["POST"]),
    Route("/files/letterhead/remove", no_letterhead, methods=["POST"]),
    Route("/files/names/forget", no_names, methods=["POST"]),
    Route("/files/brief/take", take_brief, methods=["POST"]),
    Route("/files/brief/leave", leave_brief, methods=["POST"]),
    Route("/files/brief/{number}", confirm),
    Route("/upload/letterhead", letterhead, methods=["POST"]),
    Route("/upload/names", names, methods=["POST"]),
    Route("/upload/brief", brief, methods=["POST"]),
]
