"""What the one person on this machine is doing: the answers, the agenda, what can be undone, what was last said."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from builder import answers as kept_answers
from builder.moved import moved
from builder.problems import InputError, Problem, WorkshopError
from builder.questions import QUESTIONS, Given, SoFar, Values, changes, next_open, so_far, usable
from builder.reworking import History, Outcome, Planning, Tried, attempt, tried
from builder.web import history_file
from builder.web.history_file import Past
from builder.web.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from builder.model import Library, Plan
    from builder.strict import Marked
    from builder.web.packs import Shelf, Typed

MOST_REMEMBERED = 50
_SAID = {key for question in QUESTIONS if question.part == "after" for key in question.keys}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Offer:
    """What could be had instead of a change that cannot be planned: its name, and the answers that make it."""

    label: str
    words: str
    answers: Values


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says once, after something was sent: a sentence, what moved, or why nothing did.

    `about` is the row that it concerns, `field` the one with a wrong text, `typed` that text.
    """

    heading: str
    lines: Sequence[str] = ()
    problems: Sequence[Problem] = ()
    offer: Offer | None = None
    waiting: Offer | None = None
    about: str = ""
    field: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed and cannot be used yet, by question, with what is wrong; `waiting` has still to be answered."""

    given: Mapping[str, Given]
    errors: Mapping[str, Sequence[Problem]]
    waiting: Sequence[str] = ()


class Remembered(Generic[T]):
    """The last values that were put in, each by a number that a page's address can hold."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._kept: OrderedDict[str, T] = OrderedDict()
        self._count = 0

    def put(self, value: T) -> str:
        """Keep a value; gives its number."""
        self._count += 1
        self._kept[str(self._count)] = value
        while len(self._kept) > MOST_REMEMBERED:
            self._kept.popitem(last=False)
        return str(self._count)

    def get(self, number: str | None) -> T | None:
        """The value with a number, None where there is none any more."""
        return self._kept.get(number or "")


@dataclass(frozen=True, slots=True)
class Offered:
    """Answers of an earlier time that can be gone on from, or begun anew; nothing is kept until one is chosen."""

    so: SoFar
    past: Past


@dataclass(slots=True)
class Desk:
    """Where the work stands. Changed by one request at a time; every change is kept before the answer is sent."""

    planning: Planning
    so: SoFar
    past: Past = field(default_factory=Past)
    offered: Offered | None = None
    brief: Path | None = None
    home: Path = field(default_factory=Path.cwd)
    not_kept: str = ""
    written: int | None = None
    shelf: Shelf | None = None
    typed: Remembered[Typed] = field(default_factory=Remembered)
    told: Remembered[Told] = field(default_factory=Remembered)
    drafts: Remembered[Draft] = field(default_factory=Remembered)
    kit: tuple[SoFar, Any] | None = None
    picture: tuple[Plan, bytes] | None = None
    uploads: Uploads = field(default_factory=Uploads)
    _planned: tuple[SoFar, Outcome] | None = None
    _plans: OrderedDict[int, Plan] = field(default_factory=OrderedDict)

    @property
    def library(self) -> Library:
        """The lessons we choose from."""
        return self.so.library

    @property
    def history(self) -> History:
        """What can be undone and redone."""
        return self.past.history

    @property
    def revision(self) -> int:
        """How often the answers changed; every form says from which revision it was made."""
        return self.past.revision

    @property
    def ready(self) -> bool:
        """Whether all six questions are answered, so that there is an agenda to speak of."""
        return next_open(self.so, "first") is None

    def outcome(self) -> Outcome:
        """The agenda for the answers so far, or why there is none; planned once for the same answers."""
        if self._planned is None or self._planned[0] is not self.so:
            self._planned = (self.so, attempt(self.planning, self.so))
        found = self._planned[1]
        if not isinstance(found, WorkshopError):
            self._plans[self.revision] = found
            while len(self._plans) > MOST_REMEMBERED:
                self._plans.popitem(last=False)
        return found

    def plan(self) -> Plan | None:
        """The agenda, where there is one."""
        found = self.outcome()
        return None if isinstance(found, WorkshopError) else found

    # ------------------------------------------------------------ changing

    def take(self, answers: Values, label: str, *, undoable: bool = True) -> Told:
        """Take answers over, whether or not there is an agenda for them; says what moved."""
        before = self.plan() if self.ready else None
        now = so_far(self.library, answers)
        history = self.history.done(label, self.so.answers, now.answers) if undoable else self.history
        self._keep(now, label, history)
        return Told("", self._moved(before))

    def change(self, answers: Values, label: str) -> Told:
        """Try a change of the agenda: kept and told, or taken back with the reason and what could be had instead."""
        try:
            wanted = so_far(self.library, answers)
        except InputError as error:
            return Told("That cannot be done, so nothing was changed", problems=error.problems)
        before = self.outcome()
        found = tried(self.planning, self.so, before, wanted)
        if found.refused is not None:
            offer = _offer(found, wanted, label)
            return Told("That cannot be planned, so it is taken back", problems=found.refused.problems, offer=offer)
        self._planned = (found.so, found.outcome)
        self._keep(found.so, label, self.history.done(label, self.so.answers, found.so.answers))
        return Told(f"Done: {label}", self._moved(None if isinstance(before, WorkshopError) else before))

    def relaid(self, library: Library, label: str) -> None:
        """Go on with the same answers over lessons of which something was changed, as far as they still fit."""
        try:
            now = so_far(library, self.so.answers)
        except InputError:
            now = so_far(library, usable(self.so.answers, library))
        self._plans.clear()
        self._keep(now, label, self.history)

    def undo(self) -> Told:
        """Take the latest change back, where there is one."""
        if not self.history.undoable:
            return Told("There is nothing to undo")
        label = self.history.undoable[-1].label
        return self._step(f"Taken back: {label}", *self.history.undo(self.so.answers))

    def redo(self) -> Told:
        """Make the change again that was taken back last, where there is one."""
        if not self.history.redoable:
            return Told("There is nothing to redo")
        label = self.history.redoable[-1].label
        return self._step(f"Done again: {label}", *self.history.redo(self.so.answers))

    def _step(self, heading: str, history: History, answers: Values) -> Told:
        try:
            now = so_far(self.library, answers)
        except InputError as error:
            return Told("That cannot be done, so nothing was changed", problems=error.problems)
        before = self.plan()
        self._keep(now, heading, history)
        return Told(heading, self._moved(before))

    def changed_since(self, revision: int) -> Told | None:
        """What happened since the page was made that a form comes from; None where nothing did."""
        if revision == self.revision or self._is_same_agenda(self._plans.get(revision)):
            return None
        labels = [label for number, label in self.past.log if number > revision]
        lines = [*dict.fromkeys(labels), *self._moved(self._plans.get(revision))]
        heading = "The agenda was changed on another page meanwhile, so nothing was changed now"
        return Told(heading, lines or ["This is the present one. Change it again from here."])

    def _is_same_agenda(self, before: Plan | None) -> bool:
        """Whether only what the papers say was changed, such as the title."""
        now = self.plan() if self.ready else None
        if before is None or now is None or before.agenda != now.agenda:
            return False
        return before.brief.model_dump(exclude=_SAID) == now.brief.model_dump(exclude=_SAID)

    def _moved(self, before: Plan | None) -> tuple[str, ...]:
        now = self.plan() if self.ready else None
        return moved(before, now, self.library) if before is not None and now is not None else ()

    # ------------------------------------------------------------ keeping

    def _keep(self, so: SoFar, label: str, history: History) -> None:
        number = self.revision + 1
        log = (*self.past.log, (number, label))[-MOST_REMEMBERED:]
        self.so = so
        self.past = replace(self.past, history=history, revision=number, log=log)
        self.save()

    def save(self) -> None:
        """Keep answers and history on the disk; where that fails, `not_kept` says so to every page."""
        try:
            kept_answers.save(self.so.answers)
            history_file.save(replace(self.past, brief=self.brief), self.so.answers)
            self.not_kept = ""
        except OSError as error:
            self.not_kept = error.strerror or str(error)

    def go_on(self) -> None:
        """Go on from the answers of an earlier time."""
        if self.offered is not None:
            number = max(self.revision, self.offered.past.revision) + 1
            self.so, self.past = self.offered.so, replace(self.offered.past, revision=number)
            self.brief = self.past.brief
            self.offered = None
            self.save()

    def begin(self) -> None:
        """Begin with what was given at the start, in place of the answers of an earlier time."""
        self.offered = None
        self.save()

    def anew(self) -> None:
        """Begin with no answers at all; that too can be undone. The names of the people are forgotten."""
        self.forget_uploads()
        self.take({}, "begun anew")

    def leave(self) -> None:
        """Forget the names of the people, and answers whose papers are written and that were not changed since."""
        self.forget_uploads()
        if self.written == self.revision:
            kept_answers.forget()
            with suppress(OSError):
                history_file.forget()

    def forget_uploads(self) -> None:
        """Forget what was sent and is kept in memory only, and the papers that it went into."""
        self.uploads.forget()
        self.kit = None


def _offer(found: Tried, wanted: SoFar, label: str) -> Offer | None:
    if found.offer is None:
        return None
    words = found.offer.words
    return Offer(f"{label}, {words}", words, changes.answers_for(found.offer.brief, wanted))


def opened(library: Library, planning: Planning, brief: Path | None, filed: Marked | None) -> Desk:
    """The desk as it is at the start: a brief, or nothing yet, with the answers of an earlier time offered.

    InputError: the brief cannot be used.
    """
    so = so_far(library, filed if filed is not None else {})
    desk = Desk(planning, so, brief=brief)
    earlier, _ = kept_answers.load()
    offered = _offered(library, earlier)
    if offered is not None and offered.so.answers == so.answers:
        desk.past = offered.past
    elif offered is not None:
        desk.offered = offered
    return desk


def _offered(library: Library, earlier: Mapping[str, Any]) -> Offered | None:
    """Answers of an earlier time, as far as this library can use them; None where there are none."""
    try:
        so = so_far(library, usable(earlier, library))
    except InputError:
        return None
    return Offered(so, history_file.load(earlier)) if so.answers else None
