"""The whole conversation: six questions, the agenda with its changes, the rest, and a last look at every answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from builder.problems import InputError, WorkshopError
from builder.questions import (
    QUESTIONS,
    Choice,
    Question,
    SoFar,
    Values,
    case_question,
    changes,
    next_open,
    parse,
    so_far,
    swappable,
)
from builder.reworking import History, Planning, attempt, best_without, other_length, tried
from builder.terminal.changing import CHANGES
from builder.terminal.prompts import Back, Prompt
from builder.terminal.show import show

if TYPE_CHECKING:
    from collections.abc import Callable

    from builder.model import Brief, Library, Plan
    from builder.planner import Instead
    from builder.terminal.talk import Step, Talk

LABEL_WIDTH = 15


@dataclass(slots=True)
class Session:
    """Where a conversation stands: what was asked in which order, the agenda, and what can be undone."""

    talk: Talk
    planning: Planning
    outcome: Plan | WorkshopError | None = None
    first_asked: list[Step] = field(default_factory=list)
    after_asked: list[Step] = field(default_factory=list)
    history: History = field(default_factory=History)
    other: Instead | None = None

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
        shown, self.outcome = self.outcome, self.attempt()
        if _slots(shown) == _slots(self.outcome):
            shown = None
        acts: dict[str, Callable[[], None]] = {
            "change": self.change_an_answer, "swap": self.swap, "why": self.why, "undo": self.undo,
            "book": self.book, "instead": self.take_instead,
        }  # fmt: skip
        while True:
            if self.outcome is not shown:
                self.show_outcome()
                self.tell_moved(shown)
                shown = self.outcome
            action = self.talk.hear(self._menu())
            if isinstance(action, Back):
                return False
            if action == "accept":
                return True
            if action in acts:
                acts[str(action)]()
            else:
                self._make(str(action))

    def _make(self, name: str) -> None:
        """One of the changes to the agenda that is shown."""
        if self.outcome is not None and not isinstance(self.outcome, WorkshopError):
            next(change for change in CHANGES if change.name == name).make(self, self.outcome)

    def last_look(self, *, backwards: bool) -> bool:  # noqa: ARG002 - nothing comes after it
        """All answers once more, any of which can still be changed; a date may have made the agenda impossible."""
        accepted = self.outcome
        self.outcome = self.attempt()
        while True:
            if _slots(self.outcome) != _slots(accepted):
                self.show_outcome()
                self.tell_moved(accepted)
            accepted = self.outcome
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
        return attempt(self.planning, self.talk.so)

    def show_outcome(self) -> None:
        """The agenda on the screen, or in words why there is none."""
        screen = self.talk.screen
        screen.say()
        if isinstance(self.outcome, WorkshopError):
            screen.say("There is no agenda for these answers:", look="bold")
            screen.say_problems(self.outcome.problems)
            self.other = best_without(self.planning, self.outcome, self.talk.so)
            if self.other:
                screen.say(f"There is one {self.other.words}.", indent="  ")
        elif self.outcome is not None:
            show(self.outcome, self.library, screen.file, screen.width, reasons=False, bars=screen.fancy)
            screen.say()

    def tell_moved(self, before: Plan | WorkshopError | None) -> None:
        """What moved since the agenda shown before."""
        from builder.moved import moved

        if before is None or isinstance(before, WorkshopError) or self.outcome is None:
            return
        if isinstance(self.outcome, WorkshopError) or not (lines := moved(before, self.outcome, self.library)):
            return
        self.talk.screen.say("What moved:", look="bold")
        for line in lines:
            self.talk.screen.say(f"- {line}", "  ")
        self.talk.screen.say()

    def settle(self, base: SoFar, label: str) -> None:
        """Keep a change if there is an agenda for it (or was none before), else say why and take it back."""
        talk = self.talk
        if talk.so.answers != base.answers:
            found = tried(self.planning, base, self.outcome, talk.so)
            if found.refused is None:
                self.history = self.history.done(label, base.answers, talk.so.answers)
                self.outcome = found.outcome
            else:
                talk.screen.say("\nThat cannot be planned, so it is taken back:", look="bold")
                talk.screen.say_problems(found.refused.problems)
                talk.screen.say()
                changed, talk.so = talk.so, base
                if found.offer is not None:
                    self._offer(found.offer, changed, label)
        talk.keep()

    # -------------------------------------------------------- what could be had instead

    def _offer(self, other: Instead, changed: SoFar, label: str) -> None:
        """Offer the change without something else."""
        yes = Choice("yes", f"Plan it {other.words}")
        text = f"It could be planned {other.words}. Do you want that?"
        if self.pick(text, (Choice("no", "Leave the agenda as it was"), yes)) == "yes":
            self.attempt_with(changes.answers_for(other.brief, changed), f"{label}, {other.words}")

    def take_instead(self) -> None:
        """The agenda without a wish, where there is none with it."""
        if self.other is not None:
            self.attempt_with(changes.answers_for(self.other.brief, self.talk.so), self.other.words)

    # -------------------------------------------------------- the menu under the agenda

    def _menu(self) -> Prompt:
        refused = isinstance(self.outcome, WorkshopError)
        so = self.talk.so
        book = other_length(self.outcome, so)
        choices = [Choice("book", f"Book {book} minutes instead")] if book else []
        if refused and self.other:
            choices.append(Choice("instead", f"Plan it {self.other.words}"))
        if not refused:
            choices.append(Choice("accept", "Yes, go on with it"))
        choices.append(Choice("change", "Change an answer"))
        if self._swappable():
            choices.append(Choice("swap", "Take another case"))
        if self.outcome is not None and not isinstance(self.outcome, WorkshopError):
            plan = self.outcome
            choices += [Choice(change.name, change.title) for change in CHANGES if change.able(plan, so)]
            choices.append(Choice("why", "See the reasons, and what is not in it"))
        if self.history.undoable:
            choices.append(Choice("undo", f"Undo: {self.history.undoable[-1].label}"))
        text = "What would you like to change?" if refused else "Is this your agenda?"
        back = "← Back to the questions" if self.first_asked else ""
        return Prompt(text, "one", tuple(choices), choices[0].value, back)

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
        deck = decks[0].value if len(decks) == 1 else self.pick("In place of which case?", decks)
        if deck is not None:
            self._ask_again(case_question(lambda _so: deck), "the other case")

    def undo(self) -> None:
        """The last change taken back."""
        self.history, answers = self.history.undo(self.talk.so.answers)
        self.talk.so = so_far(self.library, answers)
        self.outcome = self.attempt()
        self.talk.keep()

    def book(self) -> None:
        """The length that the planner says would do."""
        minutes = other_length(self.outcome, self.talk.so)
        self.attempt_with({**self.talk.so.answers, "minutes": minutes}, f"{minutes} minutes")

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

    def attempt_with(self, answers: Values, label: str) -> None:
        """Plan with these answers, and keep them if there is an agenda."""
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

    def pick(self, text: str, choices: tuple[Choice, ...]) -> str | None:
        """The choice that somebody takes; None where they go back."""
        first = next((choice.value for choice in choices if not choice.closed), "")
        closed = {choice.value: choice.closed for choice in choices if choice.closed}
        while not isinstance(picked := self.talk.hear(Prompt(text, "one", choices, first)), Back):
            if picked and picked not in closed:
                return str(picked)
            self.talk.screen.say(f"That cannot be chosen now: {closed.get(str(picked), 'nothing is open')}.", "  ")
        return None

    def _review(self, text: str, *before: Choice) -> str | None:
        """All answers, each to be picked; None where somebody goes back."""
        so = self.talk.so
        listed = [question for question in QUESTIONS if question.label and question.listed(so)]
        given = [
            each for each in listed if each.part != "after" or each.keys[0] in so.answers or not each.condition(so)
        ]
        rows = [Choice(question.name, f"{question.label:<{LABEL_WIDTH}}{question.told(so)}") for question in given]
        self.talk.screen.say()
        return self.pick(text, (*before, *rows))


def _slots(outcome: Plan | WorkshopError | None) -> object:
    return None if outcome is None or isinstance(outcome, WorkshopError) else outcome.agenda
