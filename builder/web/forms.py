"""Forms as they come in, and the fields of a question as a page shows them. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl

from builder.problems import Problem
from builder.strict import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from builder.questions import Choice, Given, Question, SoFar

MOST_FIELDS = 1000
ASKED = "asked"
WAS = "was-"

Widget = Literal["radios", "ticks", "line", "lines"]


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent: pairs of name and text, in their order, cleaned of what no paper can hold."""

    pairs: tuple[tuple[str, str], ...] = ()

    def one(self, name: str) -> str:
        """The first text of a name, empty where there is none."""
        return next((text for key, text in self.pairs if key == name), "")

    def many(self, name: str) -> tuple[str, ...]:
        """All texts of a name."""
        return tuple(text for key, text in self.pairs if key == name)

    @property
    def revision(self) -> int:
        """The revision of the answers that the form was made from, -1 where it says none."""
        text = self.one("revision")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1

    def given(self, question: Question) -> Given:
        """The answer to a question, as its `read` takes it."""
        if question.kind == "many":
            return self.many(question.name)
        text = self.one(question.name)
        if question.kind == "contacts":
            return tuple(line.strip() for line in text.split("\n") if line.strip())
        return text.strip()

    def is_unchanged(self, question: Question) -> bool:
        """Whether the answer is the one that the page was made with."""
        return self.one(WAS + question.name) == mark_of(self.given(question))


def read_form(body: bytes) -> Form | None:
    """The fields of a plain form, None where it cannot be understood."""
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace"
        )
    except ValueError:
        return None
    return Form(tuple((clean(name), clean(text)) for name, text in pairs))


def mark_of(given: Given) -> str:
    """A short mark that is another one for another answer; the order of picked values does not count."""
    values = (given.strip(),) if isinstance(given, str) else sorted(given)
    return hashlib.sha256("\n".join(values).encode("utf-8", "replace")).hexdigest()[:16]


# ------------------------------------------------------------ what a page shows


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be picked."""

    value: str
    title: str
    help: str
    closed: str
    picked: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A question as a page shows it: what stands in it, what may be picked, and what is wrong with it."""

    name: str
    widget: Widget
    text: str
    help: Sequence[str]
    groups: Sequence[tuple[str, Sequence[Option]]]
    typed: str
    was: str
    problems: Sequence[Problem]
    numeric: bool
    step: int

    @property
    def anchor(self) -> str:
        """The id of what the summary of errors leads to: the first thing that can be changed."""
        return f"q-{self.name}"


def field_of(question: Question, so: SoFar, *, given: Given | None = None, problems: Sequence[Problem] = ()) -> Field:
    """A question with its present answer, or with `given` where that was typed and could not be used."""
    present = question.typed(so)
    choices = question.choices(so)
    widget = _widget(question, choices)
    to_agree = widget == "ticks" and question.kind != "many"
    shown = given if given is not None else "" if to_agree else present
    values = (shown,) if isinstance(shown, str) else shown
    return Field(
        name=question.name,
        widget=widget,
        text=question.text(so),
        help=[part for part in question.help(so).split("\n") if part],
        groups=[(group, tuple(each)) for group, each in _grouped(choices, values)],
        typed=shown if isinstance(shown, str) else "\n".join(shown),
        was=mark_of(present),
        problems=problems,
        numeric=question.kind == "number",
        step=question.step,
    )


def _widget(question: Question, choices: Sequence[Choice]) -> Widget:
    if question.kind == "many" or (question.kind == "one" and len(choices) == 1):
        return "ticks"
    return "radios" if choices else "lines" if question.kind == "contacts" else "line"


def _grouped(choices: Iterable[Choice], values: Sequence[str]) -> Iterable[tuple[str, list[Option]]]:
    for group, each in groupby(choices, key=lambda choice: choice.group):
        yield (
            group,
            [Option(choice.value, choice.title, choice.help, choice.closed, choice.value in values) for choice in each],
        )
