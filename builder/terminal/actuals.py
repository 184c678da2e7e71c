"""Asking what each step of a workshop really took, and showing what is kept of earlier ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from builder.problems import Problem
from builder.questions import LEAVES_EMPTY
from builder.terminal.prompts import Back, Prompt, answer
from builder.terminal.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, MutableMapping, Sequence

    from builder.model import WorkshopRun


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to ask: `key` names it, `fits` says whether an answer can be used, `hint` what one looks like."""

    key: str
    text: str
    fits: Callable[[str], bool]
    hint: str


OPENING = (
    "Whole minutes, debrief included. Enter alone: not noted, or as you noted it before.",
    f"Type {LEAVES_EMPTY} to take a number away, < to go back. Ctrl-C stops and keeps what you noted.",
)


def ask_in_turn(
    items: Sequence[Item], noted: MutableMapping[str, str], screen: Screen, opening: Sequence[str] = OPENING
) -> None:
    """Ask for each item, with a way back; `noted` holds the answers, what was noted before first, and no empty one.

    Enter keeps what was noted; KeyboardInterrupt and EOFError go through, with `noted` as far as it came.
    """
    for line in opening:
        screen.say(line)
    at = 0
    while at < len(items):
        heard = _hear(items[at], noted.get(items[at].key, ""), screen, back=at > 0)
        if isinstance(heard, Back):
            at -= 1
            continue
        noted.pop(items[at].key, None)
        if heard:
            noted[items[at].key] = heard
        at += 1


def _hear(item: Item, given: str, screen: Screen, *, back: bool) -> str | Back:
    """An answer that can be used, '' where there is none."""
    while True:
        heard = answer(Prompt(item.text, given=given, back="← Back" if back else ""), screen)
        if isinstance(heard, Back):
            if back:
                return heard
            screen.say("There is nothing before this.", "  ")
            continue
        typed = str(heard).strip()
        if typed in {"", LEAVES_EMPTY}:
            return ""
        if item.fits(typed):
            return typed
        screen.say_problems([Problem("not-usable", f"'{typed}' cannot be used.", hint=item.hint)])


def show_runs(runs: Iterable[WorkshopRun], file: TextIO) -> None:
    """Write each run that is kept: its plan code, day, people, and how the minutes went."""
    screen = Screen(file)
    runs = list(runs)
    if not runs:
        screen.say("No minutes are kept yet. 'workshop actuals KIT' notes those of a kit.")
    for run in runs:
        people = f"{run.present} of {run.expected} people" if run.present else f"{run.expected} people expected"
        when = str(run.date) if run.date else "no date"
        screen.say(f"{run.code}  {when}  {run.mode}, {people}: {total(run)}")


def total(run: WorkshopRun) -> str:
    """How many steps were noted, and their minutes beside the planned ones."""
    planned = sum(step.planned for step in run.steps)
    steps = f"{len(run.steps)} step{'s' if len(run.steps) != 1 else ''}"
    return f"{steps} noted, {run.minutes} minutes (planned: {planned})"
