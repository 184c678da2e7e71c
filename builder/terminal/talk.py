"""Putting questions one after the other, with a way back from each, and keeping the answers at every step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from builder.problems import InputError, Problem
from builder.questions import LEAVES_EMPTY, Given, Question, SoFar, next_open, so_far
from builder.terminal.prompts import BACK, Back, Prompt, answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from builder.questions import Part
    from builder.terminal.screen import Screen

    Saving = Callable[[Mapping[str, Any]], object]

STEPS = 6


@dataclass(frozen=True, slots=True)
class Step:
    """A question that was answered: where things stood before, and the answer as it was given."""

    question: Question
    before: SoFar
    given: Given


@dataclass(slots=True)
class Talk:
    """Whom we talk to, and the answers so far.

    `kept` is false once they could not be saved; `counting` is true while the six questions are asked in order;
    `unsaid` are answers that somebody went back from, by question.
    """

    screen: Screen
    save: Saving
    so: SoFar
    kept: bool = True
    counting: bool = False
    unsaid: dict[str, Given] = field(default_factory=dict)

    def keep(self) -> None:
        """Save the answers so far; where that fails, say so once and go on."""
        try:
            self.save(self.so.answers)
        except OSError as error:
            if self.kept:
                self.screen.say(f"Your answers cannot be kept on this computer: {error.strerror or error}.", "  ")
            self.kept = False

    def hear(self, prompt: Prompt) -> Given | Back:
        """What somebody answers; BACK only where there is something to go back to."""
        while (heard := answer(prompt, self.screen)) is BACK and not prompt.back:
            self.screen.say("There is nothing before this.", "  ")
        return heard

    def put(self, question: Question, given: Given | None = None, *, back: bool = True) -> Given | Back:
        """Put one question until its answer can be used; the answers so far then hold it.

        `given` is what Enter keeps, in place of the present answer.
        """
        self._introduce(question)
        given = question.typed(self.so) if given is None else given
        while True:
            heard = self._hear(question, given, back=back)
            if heard is BACK or isinstance(heard, Back):
                return heard
            problems = self._take(question, heard)
            if not problems:
                self._echo(question)
                self.keep()
                return heard
            self.screen.say_problems(problems)
            given = heard if question.kind == "many" else given

    def _introduce(self, question: Question) -> None:
        self.screen.say()
        if question.step and self.counting:
            self.screen.say(f"Question {question.step} of {STEPS}", look="bright_black")
        if help_text := question.help(self.so):
            self.screen.say(help_text)

    def _hear(self, question: Question, given: Given, *, back: bool) -> Given | Back:
        way_back = question.back if back else ""
        if question.kind == "contacts":
            return self._contacts(question, given, way_back)
        choices = question.choices(self.so)
        kind: Literal["one", "many", "line"] = "many" if question.kind == "many" else "one" if choices else "line"
        return self.hear(Prompt(question.text(self.so), kind, choices, given, way_back))

    def _take(self, question: Question, given: Given) -> Sequence[Problem]:
        """Take an answer over, or say what is wrong with it."""
        answers = question.answered(given, self.so)
        if isinstance(answers, Problem):
            return [answers]
        try:
            self.so = so_far(self.so.library, answers)
        except InputError as error:
            return error.problems
        return ()

    def _echo(self, question: Question) -> None:
        """Say how an answer was understood, where the screen does not show it anyway."""
        picked = question.kind in {"one", "yes-no"}
        if question.keys[0] in self.so.answers and not (picked and self.screen.fancy) and question.name != "contested":
            self.screen.say(question.told(self.so), "  ", look="cyan")

    def _contacts(self, question: Question, given: Given, back: str) -> Given | Back:
        """Contacts line by line, until an empty one; the first empty one keeps those that are there."""
        lines: list[str] = []
        known = (given,) if isinstance(given, str) else given
        self.screen.say(question.text(self.so), look="bold")
        while True:
            prompt = (
                Prompt("Another one:", back=back) if lines else Prompt("Contact:", given="; ".join(known), back=back)
            )
            heard = self.hear(prompt)
            if heard is BACK and lines:
                self.screen.say(f"Taken back: {lines.pop()}", "  ")
            elif isinstance(heard, Back):
                return heard
            elif heard == prompt.given:
                return tuple(lines) or known
            elif heard == LEAVES_EMPTY:
                return ()
            elif isinstance(found := question.read((str(heard),), self.so), Problem):
                self.screen.say_problems([found])
            else:
                lines.append(str(heard))

    # -------------------------------------------------------- one question after the other

    def follow(self, question: Question | None, part: Part, asked: list[Step], *, leave: bool) -> bool:
        """Put a question and those that come open after it; False where somebody goes back before the first of them.

        `asked` grows by what is answered; `leave` says whether one may go back before its first entry.
        """
        while question is not None:
            before = self.so
            heard = self.put(question, self.unsaid.get(question.name), back=leave or bool(asked))
            if isinstance(heard, Back):
                if not asked:
                    return False
                question = self.step_back(asked)
            else:
                asked.append(Step(question, before, heard))
                self.unsaid.pop(question.name, None)
                question = next_open(self.so, part, question.name)
        return True

    def again(self, part: Part, asked: list[Step], *, leave: bool) -> bool:
        """Put the last question that was asked again, and go on from there; False where none was."""
        return bool(asked) and self.follow(self.step_back(asked), part, asked, leave=leave)

    def step_back(self, asked: list[Step]) -> Question:
        """Unsay the last answer, so that its question can be put again with that answer for Enter to keep."""
        step = asked.pop()
        kept = {key: value for key, value in self.so.answers.items() if key not in step.question.keys}
        was = {key: value for key, value in step.before.answers.items() if key in step.question.keys}
        self.so = so_far(self.so.library, {**kept, **was})
        if step.question.once:
            self.unsaid[step.question.name] = step.given
        return step.question
