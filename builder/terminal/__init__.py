"""Asking in a terminal, and showing the agenda there."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from builder.problems import InputError, InterruptedAnswersError, Problem, UsageError
from builder.questions import QUESTIONS, Choice, layered, so_far, told_of_packs, usable
from builder.reworking import Planning
from builder.terminal.prompts import Prompt
from builder.terminal.screen import Screen, find_screen
from builder.terminal.session import Session
from builder.terminal.show import show, show_problems
from builder.terminal.talk import Talk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from builder.model import Brief, Library, Plan
    from builder.planner import Instead
    from builder.problems import RefusedError
    from builder.strict import Marked

__all__ = ["Screen", "ask", "find_screen", "show", "show_problems"]

TERMINATED = 128 + 15


def ask(  # noqa: PLR0913 - what a conversation is held with
    library: Library,
    answers: Marked | Mapping[str, object],
    plan: Callable[[Library, Brief], Plan],
    save: Callable[[Mapping[str, Any]], object],
    *,
    earlier: Mapping[str, object] | None = None,
    screen: Screen | None = None,
    instead: Callable[[Library, Brief, RefusedError], Instead | None] | None = None,
) -> Brief:
    """Ask what `answers` leave open, show the agenda, let it be changed, and give back the brief agreed to.

    `save` gets the raw answers after each step; `earlier` are those of an unfinished conversation, offered first;
    `instead` finds what could be had where the planner refuses.
    InputError: the answers given cannot be used. InterruptedAnswersError: Ctrl-C. UsageError: the input has ended.
    """
    talk = Talk(screen or find_screen(), save, so_far(library, answers))
    with _ends_tidily():
        try:
            _greet(talk)
            _offer(talk, earlier or {})
            return Session(talk, Planning(plan, instead)).run()
        except KeyboardInterrupt:
            talk.screen.end_line()
            raise InterruptedAnswersError([_interrupted(talk)]) from None
        except EOFError:
            talk.screen.end_line()
            raise UsageError([_ended()]) from None


def _greet(talk: Talk) -> None:
    for line in told_of_packs(talk.so):
        talk.screen.say(line)
    if any(question.part == "first" and question.is_open(talk.so) for question in QUESTIONS):
        talk.screen.say("Six questions, then you see the agenda and can change it.", look="bold")
        talk.screen.say("< goes back to the question before. Ctrl-C stops; your answers are kept.")


def _offer(talk: Talk, earlier: Mapping[str, object]) -> None:
    """Offer the answers of an unfinished conversation; what is given now wins over them."""
    given = talk.so.answers
    try:
        so = so_far(talk.so.library, layered(given, usable(earlier, talk.so.library)))
    except InputError:
        return
    new = set(earlier) - set(given)
    told = [each for each in QUESTIONS if each.label and each.listed(so) and new & set(each.keys)]
    if not told:
        return
    talk.screen.say("\nLast time you stopped after these answers:")
    for question in told:
        talk.screen.say(f"- {question.label}: {question.told(so)}", "  ")
    choices = (Choice("on", "Go on from these"), Choice("new", "Begin anew"))
    if talk.hear(Prompt("How do you want to begin?", "one", choices, "on", back="")) == "on":
        talk.so = so


def _interrupted(talk: Talk) -> Problem:
    if not talk.kept:
        return Problem("interrupted", "Stopped. Your answers could not be kept.")
    hint = "Run 'workshop new' again: it offers to go on from them."
    return Problem("interrupted", "Stopped. Your answers so far are kept.", hint=hint)


def _ended() -> Problem:
    message = "The input ended before the questions did."
    return Problem("input-ended", message, hint="Give the answers with --answers FILE or --set, or use --defaults.")


@contextmanager
def _ends_tidily() -> Iterator[None]:
    """While questions are asked, a request to end the program (SIGTERM) first puts the terminal in order."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _leave(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(TERMINATED)
