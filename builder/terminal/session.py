"""The whole conversation: six questions, the agenda with its changes, the rest, and a last look at every answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from builder.problems import InputError, Problem, RefusedError, WorkshopError
from builder.questions import (
    QUESTIONS,
    Choice,
    Question,
    SoFar,
    Values,
    case_question,
    drop,
    droppable,
    next_open,
    parse,
    pin,
    pinnable,
    so_far,
    swappable,
    title_of,
)
from builder.terminal.prompts import Back, Prompt
from builder.terminal.show import show

if TYPE_CHECKING:
    from collections.abc import Callable

    from builder.model import Brief, Library, Plan
    from builder.terminal.talk import Step, Talk

    Planning = Callable[[Library, Brief], Plan]

LABEL_WIDTH = 15


@dataclass(slots=True)
class Session:
    """Where a conversation stands: what was asked in which order, the agenda, and what can be undone."""

    talk: Talk
    planning: Planning
    outcome: Plan | WorkshopError | None = None
    first_asked: list[Step] = field(default_factory=list)
    after_asked: list[Step] = field(default_factory=list)
    undoable: list[tuple[str, SoFar]] = field(default_factory=list)

    def run(self) -> Brief:
        """Ask what is open, until there is a brief that somebody has agreed to."""
        stages = (self.first, self.agenda, self.rest, self.last_look)
        stage, backwards = 0, False
        while stage < len(stages):
            backwards = not stages[stage](backwards=backwards)
            stage += -1 if backwards else 1
        return parse(self.talk.so.answers, self.library)

    @property
    def library(self) -> Library:
        """The lessons we choose from."""
        return self.talk.so.library

    # -------------------------------------------------------- the stages; False goes back to the one before

    def first(self, *, backwards: bool) -> bool:
        """The six questions; never left backwards."""
        self.talk.counting = True
        if backwards:
            self.talk.again("first", self.first_asked, leave=False)
        else:
            self.talk.follow(next_open(self.talk.so, "first"), "first", self.first_asked, leave=False)
        self.talk.counting = False
        return True

    def rest(self, *, backwards: bool) -> bool:
        """What is asked after the agenda."""
        if backwards:
            return self.talk.again("after", self.after_asked, leave=True)
        return self.talk.follow(next_open(self.talk.so, "after"), "after", self.after_asked, leave=True)

    def agenda(self, *, backwards: bool) -> bool:  # noqa: ARG002 - it is shown the same from both sides
        """The agenda with its changes, until it is accepted."""
        self.outcome, shown = self.attempt(), None
        changes: dict[str, Callable[[], None]] = {
            "change": self.change_an_answer, "swap": self.swap, "drop": self.drop, "pin": self.pin,
            "why": self.why, "undo": self.undo, "book": self.book,
        }  # fmt: skip
        while True:
            if self.outcome is not shown:
                self.show_outcome()
                shown = self.outcome
            action = self.talk.hear(self._menu())
            if isinstance(action, Back):
                return False
            if action == "accept":
                return True
            changes[str(action)]()

    def last_look(self, *, backwards: bool) -> bool:  # noqa: ARG002 - nothing comes after it
        """All answers once more, any of which can still be changed; a date may have made the agenda impossible."""
        accepted = _slots(self.outcome)
        self.outcome = self.attempt()
        while True:
            if _slots(self.outcome) != accepted:
                self.show_outcome()
            accepted = _slots(self.outcome)
            picked = self._last_review()
            if picked is None or picked == "done":
                return picked == "done"
            self._change(picked)

    def _last_review(self) -> str | None:
        if isinstance(self.outcome, WorkshopError):
            return self._review("What would you like to change?")
        return self._review("Is everything right?", Choice("done", "Yes, write the papers"))

    # -------------------------------------------------------- planning

    def attempt(self) -> Plan | WorkshopError:
        """The agenda for the answers so far, or why there is none."""
        try:
            return self.planning(self.library, self.talk.so.brief)
        except (RefusedError, InputError) as error:
            return error

    def show_outcome(self) -> None:
        """The agenda on the screen, or in words why there is none."""
        screen = self.talk.screen
        screen.say()
        if isinstance(self.outcome, WorkshopError):
            screen.say("There is no agenda for these answers:", look="bold")
            screen.say_problems(self.outcome.problems)
        elif self.outcome is not None:
            show(self.outcome, self.library, screen.file, screen.width, reasons=False, bars=screen.fancy)
            screen.say()

    def settle(self, base: SoFar, label: str) -> None:
        """Keep a change if there is an agenda for it (or was none before), else say why and take it back."""
        talk = self.talk
        if talk.so.answers != base.answers:
            outcome = self.attempt()
            if isinstance(outcome, WorkshopError) and not isinstance(self.outcome, WorkshopError):
                talk.screen.say("\nThat cannot be planned, so it is taken back:", look="bold")
                talk.screen.say_problems(outcome.problems)
                talk.screen.say()
                talk.so = base
            else:
                self.undoable.append((label, base))
                self.outcome = outcome
        talk.keep()

    # -------------------------------------------------------- the menu under the agenda

    def _menu(self) -> Prompt:
        refused = isinstance(self.outcome, WorkshopError)
        so = self.talk.so
        book = _other_length(self.outcome, so)
        undo = [Choice("undo", f"Undo: {self.undoable[-1][0]}")] if self.undoable else []
        choices = [Choice("book", f"Book {book} minutes instead")] if book else []
        if not refused:
            choices.append(Choice("accept", "Yes, go on with it"))
        choices.append(Choice("change", "Change an answer"))
        if self._swappable():
            choices.append(Choice("swap", "Take another case"))
        if not refused:
            choices += [Choice("drop", "Leave out a step or a lesson"), Choice("pin", "Fix the minutes of a step")]
            choices.append(Choice("why", "See the reasons, and what is not in it"))
        text = "What would you like to change?" if refused else "Is this your agenda?"
        back = "← Back to the questions" if self.first_asked else ""
        return Prompt(text, "one", (*choices, *undo), choices[0].value, back)

    def why(self) -> None:
        """The agenda with the reason for each step, and for each that is not in it."""
        if self.outcome is not None and not isinstance(self.outcome, WorkshopError):
            screen = self.talk.screen
            show(self.outcome, self.library, screen.file, screen.width, bars=screen.fancy)

    def change_an_answer(self) -> None:
        """The page with all answers; the one that is picked is asked again."""
        picked = self._review("Which answer?")
        if picked is not None:
            self._change(picked)

    def swap(self) -> None:
        """Another case for the same lesson."""
        decks = self._swappable()
        deck = decks[0].value if len(decks) == 1 else self._pick("In place of which case?", decks)
        if deck is not None:
            self._ask_again(case_question(lambda _so: deck), "the other case")

    def drop(self) -> None:
        """A step or a lesson left out."""
        if self.outcome is None or isinstance(self.outcome, WorkshopError):
            return
        self.talk.screen.say("\nThe core steps of a lesson go only with the whole of it.")
        name = self._pick("What do you leave out?", droppable(self.outcome, self.talk.so))
        if name is not None:
            self._try(drop(name, self.talk.so), f"without “{title_of(name, self.library)}”")

    def pin(self) -> None:
        """The minutes of a step fixed."""
        if self.outcome is None or isinstance(self.outcome, WorkshopError):
            return
        name = self._pick("Which step?", pinnable(self.outcome, self.talk.so))
        if name is None:
            return
        title = title_of(name, self.library)
        now = next(slot.minutes for slot in self.outcome.agenda.steps if slot.activity and slot.activity.id == name)
        prompt = Prompt(f"How many minutes for “{title}”?", given=str(now))
        while not isinstance(typed := self.talk.hear(prompt), Back):
            answers = pin(name, str(typed), self.talk.so)
            if not isinstance(answers, Problem):
                self._try(answers, f"“{title}” {typed} minutes")
                return
            self.talk.screen.say_problems([answers])

    def undo(self) -> None:
        """The last change taken back."""
        _, self.talk.so = self.undoable.pop()
        self.outcome = self.attempt()
        self.talk.keep()

    def book(self) -> None:
        """The length that the planner says would do."""
        minutes = _other_length(self.outcome, self.talk.so)
        self._try({**self.talk.so.answers, "minutes": minutes}, f"{minutes} minutes")

    # -------------------------------------------------------- how a change is made

    def _change(self, name: str) -> None:
        question = next(question for question in QUESTIONS if question.name == name)
        if name == "case":
            self.swap()
        else:
            self._ask_again(question, question.label.lower())

    def _ask_again(self, question: Question, label: str) -> None:
        """Ask a question again, and what follows from it; going back leaves all as it was."""
        base = self.talk.so
        asked: list[Step] = []
        if question.part == "first":
            done = self.talk.follow(question, "first", asked, leave=True)
        else:
            done = not isinstance(self.talk.put(question), Back)
        if not done:
            self.talk.so = base
        self.settle(base, label)

    def _try(self, answers: Values, label: str) -> None:
        base = self.talk.so
        try:
            self.talk.so = so_far(self.library, answers)
        except InputError as error:
            self.talk.screen.say_problems(error.problems)
            return
        self.settle(base, label)

    def _swappable(self) -> tuple[Choice, ...]:
        plan = None if isinstance(self.outcome, WorkshopError) else self.outcome
        return swappable(plan, self.talk.so)

    def _pick(self, text: str, choices: tuple[Choice, ...]) -> str | None:
        first = next((choice.value for choice in choices if not choice.closed), "")
        picked = self.talk.hear(Prompt(text, "one", choices, first))
        return None if isinstance(picked, Back) else str(picked)

    def _review(self, text: str, *before: Choice) -> str | None:
        """All answers, each to be picked; None where somebody goes back."""
        so = self.talk.so
        listed = [question for question in QUESTIONS if question.label and question.listed(so)]
        given = [question for question in listed if question.part != "after" or question.keys[0] in so.answers]
        rows = [Choice(question.name, f"{question.label:<{LABEL_WIDTH}}{question.told(so)}") for question in given]
        self.talk.screen.say()
        return self._pick(text, (*before, *rows))


def _slots(outcome: Plan | WorkshopError | None) -> object:
    return None if outcome is None or isinstance(outcome, WorkshopError) else outcome.agenda


def _other_length(outcome: Plan | WorkshopError | None, so: SoFar) -> int | None:
    """The nearest length that the planner says would do, where it refused the one booked."""
    if not isinstance(outcome, RefusedError):
        return None
    if outcome.least_minutes is not None and outcome.least_minutes > so.brief.minutes:
        return outcome.least_minutes
    if outcome.most_minutes is not None and outcome.most_minutes < so.brief.minutes:
        return outcome.most_minutes
    return None
