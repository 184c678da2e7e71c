"""One brief at several lengths side by side: a row for each step, a column for each length."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from builder.model import Plan
from builder.problems import RefusedError
from builder.strict import clean
from builder.terminal.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from builder.model import Library

NOT_IN = "—"


@dataclass(frozen=True, slots=True)
class Line:
    """One row: what it is, and a cell for each length."""

    what: str
    cells: tuple[str, ...]


def show_lengths(outcomes: Mapping[int, Plan | RefusedError], library: Library, file: TextIO) -> None:
    """Write a table with the minutes of every step at each length, then in words why some have no agenda."""
    screen = Screen(file)
    text = io.StringIO()
    if any(isinstance(outcome, Plan) for outcome in outcomes.values()):
        _print(lines(list(outcomes.values()), library), list(outcomes), screen.width, text)
    screen.write("".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines()))
    for minutes, outcome in outcomes.items():
        if isinstance(outcome, RefusedError):
            screen.say(f"{minutes} minutes: {_why(outcome, minutes)}")


def lines(outcomes: Sequence[Plan | RefusedError], library: Library) -> list[Line]:
    """The rows: each lesson with its steps in the order of the agendas, then what pauses there are, then the score."""
    found: list[Line] = []
    steps = [_steps(outcome) for outcome in outcomes]
    heading = ""
    for key in _merged([list(minutes) for minutes in steps]):
        lesson = key.partition("/")[0]
        if lesson != heading:
            found.append(Line(clean(library.lessons[lesson].title), ("",) * len(outcomes)))
            heading = lesson
        cells = tuple(str(minutes[key]) if key in minutes else NOT_IN for minutes in steps)
        found.append(Line(f"  {clean(library.activities[key].title)}", cells))
    return [*found, *_sums(outcomes)]


def _sums(outcomes: Sequence[Plan | RefusedError]) -> list[Line]:
    def of(kind: str) -> tuple[str, ...]:
        return _each(outcomes, lambda plan: _pauses(plan, kind))

    moves = Line("Change-overs", of("transition"))
    rows = [Line("Breaks", of("break")), moves, Line("Kept free", of("buffer"))]
    score = _each(outcomes, lambda plan: str(round(plan.score * 100)) if plan.score is not None else "")
    total = _each(outcomes, lambda plan: str(plan.agenda.minutes))
    return [*rows, Line("All together", total), Line("Score, of 100", score)]


def _each(outcomes: Sequence[Plan | RefusedError], told: Callable[[Plan], str]) -> tuple[str, ...]:
    return tuple(told(outcome) if isinstance(outcome, Plan) else NOT_IN for outcome in outcomes)


def _pauses(plan: Plan, kind: str) -> str:
    """The minutes of one kind of pause; breaks one by one, as `10+40`."""
    minutes = [slot.minutes for slot in plan.agenda.slots if slot.kind == kind]
    if kind == "break" and minutes:
        return "+".join(map(str, minutes))
    return str(sum(minutes)) if minutes else NOT_IN


def _steps(outcome: Plan | RefusedError) -> dict[str, int]:
    if isinstance(outcome, RefusedError):
        return {}
    return {slot.activity.id: slot.minutes for slot in outcome.agenda.steps if slot.activity}


def _merged(agendas: Sequence[list[str]]) -> list[str]:
    """All steps in one order: that of the agenda with the most, each other step after the one that it follows."""
    order: list[str] = []
    for agenda in sorted(agendas, key=len, reverse=True):
        for at, key in enumerate(agenda):
            if key not in order:
                order.insert(_place(order, agenda, at), key)
    return order


def _place(order: Sequence[str], agenda: Sequence[str], at: int) -> int:
    """Where a step goes: after the one before it, and where its lesson begins, after the whole lesson before it."""
    if at == 0:
        return 0
    before, lesson = agenda[at - 1], agenda[at].partition("/")[0]
    same = [number for number, key in enumerate(order) if key.partition("/")[0] == lesson]
    if before.partition("/")[0] == lesson or not order:
        return order.index(before) + 1
    if same:
        return same[0]
    last = [number for number, key in enumerate(order) if key.partition("/")[0] == before.partition("/")[0]]
    return last[-1] + 1


def _why(error: RefusedError, minutes: int) -> str:
    """A refusal in one line, with the least minutes where they are known and not said already."""
    told = " ".join(f"{problem.message} [{problem.code}]" for problem in error.problems)
    least = error.least_minutes
    if least is not None and least > minutes and f" {least} minutes" not in told:
        told += f" It can be planned from {least} minutes on."
    return clean(told)


def _print(rows: Sequence[Line], lengths: Sequence[int], width: int, text: TextIO) -> None:
    from rich import box
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Minutes booked", ratio=1)
    for minutes in lengths:
        table.add_column(str(minutes), justify="right", no_wrap=True)
    for number, row in enumerate(rows):
        last = number + 1 < len(rows) and rows[number + 1].what == "Breaks"
        indent = len(row.what) - len(row.what.lstrip())
        table.add_row(Padding(row.what.strip(), (0, 0, 0, indent)), *row.cells, end_section=last)
    console = Console(file=text, width=width, highlight=False, markup=False, emoji=False, legacy_windows=False)
    console.print(table)
