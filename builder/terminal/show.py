"""Showing an agenda as a table, and problems with their places: on a wide or narrow screen, in colour or without."""

from __future__ import annotations

import io
import textwrap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TextIO

from builder.slots import details_of, name_of
from builder.strict import clean
from builder.terminal.bars import Bars, bars_for
from builder.terminal.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table

    from builder.model import Library, Plan, Slot
    from builder.problems import Problem

ROOMY = 90
_BESIDE = 70  # from so many columns on, a bar stands beside its grouping, not under it


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an agenda, in words; a lesson's own line has neither clock nor minutes. `look` is a rich style.

    `kind` is how people work together, or which kind of pause it is.
    """

    what: str
    clock: str = ""
    minutes: str = ""
    grouping: str = ""
    reason: str = ""
    look: str = ""
    kind: str = ""


def show(  # noqa: PLR0913 - what is shown, where, and how much of it
    plan: Plan,
    library: Library,
    file: TextIO,
    width: int | None = None,
    *,
    reasons: bool = True,
    bars: bool = True,
) -> None:
    """Write an agenda as a table, then warnings, what is left out and why, and the score where it was judged.

    `width` is in columns; without it the terminal's own, or 100 where there is none. Without `reasons` it is as
    short as it can be: one line for each slot, and only how much is left out. Without `bars` nothing is drawn, as
    suits a program that reads the screen aloud.
    """
    screen = Screen(file, fixed_width=width)
    text = io.StringIO()
    console = _console(screen, text)
    drawn = bars_for(plan, screen) if bars else None
    console.print(_table(rows(plan, library, reasons=reasons), plan, screen.width, drawn))
    for number, (heading, lines) in enumerate(_below(plan, library, reasons=reasons)):
        console.print(f"\n{heading}" if number else heading, style="bold")
        for line in lines:
            console.print(textwrap.fill(f"- {line}", screen.width - 2, initial_indent="  ", subsequent_indent="    "))
    screen.write("".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines()))


def show_problems(problems: Iterable[Problem], file: TextIO) -> None:
    """Write each problem as `path:line:column: message [code]`, then what to do about it."""
    screen = Screen(file)
    for problem in problems:
        screen.write(f"{problem}\n")
        if problem.hint:
            screen.write(f"  TIP: {problem.hint}\n")


def rows(plan: Plan, library: Library, *, reasons: bool = True) -> tuple[Row, ...]:
    """The lines of an agenda: each lesson's name where it begins, then clock, minutes, what, grouping and why."""
    lines: list[Row] = []
    heading = ""
    for slot in plan.agenda.slots:
        lesson = slot.activity.lesson if slot.activity else ""
        if lesson and lesson != heading:
            lines.append(Row(_lesson(lesson, plan, library), look="bold"))
            heading = lesson
        row = _row(slot, plan, library)
        lines.append(row if reasons else replace(row, reason=""))
    return (*lines, Row("End", plan.brief.clock(plan.agenda.minutes), str(plan.agenda.minutes), look="bold"))


def _lesson(name: str, plan: Plan, library: Library) -> str:
    """A lesson's title, with the case that it uses."""
    lesson = library.lessons[name]
    card = library.cards.get(plan.cards.get(lesson.deck or "", ""))
    return clean(f"{lesson.title} · case: {card.title}" if card else lesson.title)


def _row(slot: Slot, plan: Plan, library: Library) -> Row:
    clock, minutes = plan.brief.clock(slot.start), str(slot.minutes)
    if slot.activity is None:
        look = "" if slot.kind == "break" else "dim"
        return Row(name_of(slot), clock, minutes, reason=clean(slot.reason), look=look, kind=slot.kind)
    what = " · ".join((f"  {slot.title}", *details_of(slot, library)))
    grouping = slot.activity.grouping
    return Row(clean(what), clock, minutes, grouping, clean(slot.reason), kind=grouping)


def _console(screen: Screen, text: io.StringIO) -> Console:
    """A rich console that writes straight to a terminal, or plainly to `text`, which is then spelled for the file."""
    from rich.console import Console

    file = screen.file if screen.is_unicode_terminal else text
    return Console(file=file, width=screen.width, highlight=False, markup=False, emoji=False, legacy_windows=False)


def _table(lines: Sequence[Row], plan: Plan, width: int, bars: Bars | None) -> Table:
    from rich import box
    from rich.table import Table

    roomy = width >= ROOMY
    title = clean(plan.brief.title)
    table = Table(box=box.SIMPLE_HEAD, title=title, title_style="bold", pad_edge=False)
    table.caption, table.caption_justify = (f"{bars.caption}\n" if bars else None), "left"
    table.add_column("Clock", no_wrap=True)
    table.add_column("Min", justify="right", no_wrap=True)
    table.add_column("What", ratio=6)
    reasoned = any(line.reason for line in lines)
    if roomy or not reasoned:
        table.add_column("How", no_wrap=True)
    if roomy and reasoned:
        table.add_column("Why", ratio=4)
    for line in lines:
        bar = bars.bar(line.kind, int(line.minutes)) if bars and line.kind else ""
        if roomy or not reasoned:
            room = bars.longest if bars and width >= _BESIDE else 0
            cells = _cells(line, _joined(bar.ljust(room), line.grouping, " " if room else "\n"))
        else:
            cells = _narrow(line, _joined(bar, line.grouping, " "))
        table.add_row(*cells[: len(table.columns)], style=line.look)
    return table


def _joined(bar: str, grouping: str, between: str) -> str:
    return between.join(part for part in (bar, grouping) if part.strip())


def _cells(line: Row, how: str) -> tuple[Any, ...]:
    from rich.text import Text

    return line.clock, line.minutes, _indented(line.what), how, Text(line.reason, style="dim")


def _narrow(line: Row, how: str) -> tuple[Any, ...]:
    """The cells of a row where there is little room: bar, grouping and reason stand under what happens."""
    under = " · ".join(part for part in (how, line.reason) if part)
    return line.clock, line.minutes, _indented(line.what, under)


def _indented(text: str, under: str = "") -> Padding:
    """A text that keeps its indent on every line, and a fainter one under it."""
    from rich.padding import Padding
    from rich.text import Text

    words = Text(text.strip())
    words.append(f"\n{under}" if under else "", style="dim")
    return Padding(words, (0, 0, 0, len(text) - len(text.lstrip())))


def _below(plan: Plan, library: Library, *, reasons: bool) -> list[tuple[str, list[str]]]:
    """What stands under the table: each heading with its lines, none without lines."""
    left_out = [f"{_left_out(entry.activity or entry.lesson, library)}: {entry.reason}" for entry in plan.left_out]
    missed = [f"{round(plan.score * 100)} of 100", *plan.missed] if plan.score is not None else []
    parts = [("Good to know", list(plan.warnings)), ("Not in it", left_out), ("How good a plan", missed)]
    if not reasons:
        parts = [parts[0], (f"Not in it: {len(left_out)} lessons and steps", [])]
    return [(heading, [clean(line) for line in lines]) for heading, lines in parts if lines or ":" in heading]


def _left_out(name: str, library: Library) -> str:
    found = library.activities.get(name) or library.lessons.get(name)
    return f"“{found.title}”" if found else name
