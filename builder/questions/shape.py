"""What a question is made of. Values only: the wording is in `first` and `later`, the asking in `builder.terminal`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from builder.problems import Problem

if TYPE_CHECKING:
    from builder.model import Brief, Library

Kind = Literal["one", "many", "yes-no", "number", "people", "times", "date", "text", "contacts"]
Part = Literal["first", "after", "review"]
Given = str | tuple[str, ...]
Values = Mapping[str, Any]
LEAVES_EMPTY = "-"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be picked; `closed` says why it cannot be picked now, `group` stands above it."""

    value: str
    title: str
    help: str = ""
    group: str = ""
    closed: str = ""


@dataclass(frozen=True, slots=True)
class SoFar:
    """The library, the answers given (raw, by key of the brief), and the brief that they and the defaults make."""

    library: Library
    answers: Values
    brief: Brief


def _always(_so: SoFar) -> bool:
    return True


def _no_choices(_so: SoFar) -> tuple[Choice, ...]:
    return ()


def _no_help(_so: SoFar) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: what it sets, how it is worded, what may be picked, and how an answer is read.

    `typed` is the present answer, or the default, as somebody would type it (a tuple where many may be picked);
    `told` is the present answer in words. `read` gives the values of `keys`; a key that it leaves out is unset.
    `step` counts the six first questions; one that only follows another shares its number.
    """

    name: str
    part: Part
    kind: Kind
    keys: tuple[str, ...]
    text: Callable[[SoFar], str]
    read: Callable[[Given, SoFar], Values | Problem]
    typed: Callable[[SoFar], Given]
    told: Callable[[SoFar], str]
    label: str = ""
    help: Callable[[SoFar], str] = _no_help
    choices: Callable[[SoFar], tuple[Choice, ...]] = _no_choices
    condition: Callable[[SoFar], bool] = _always
    listed: Callable[[SoFar], bool] = _always
    step: int = 0
    once: bool = True
    back: str = "← Back"

    def is_open(self, so: SoFar) -> bool:
        """Whether it still has to be asked."""
        return self.condition(so) and not (self.once and self.keys[0] in so.answers)

    def answered(self, given: Given, so: SoFar) -> Values | Problem:
        """All answers once this one is given (the others are kept), or what is wrong with it."""
        values = self.read(given, so)
        if isinstance(values, Problem):
            return values
        return {**{key: value for key, value in so.answers.items() if key not in self.keys}, **values}


def wrong(message: str, hint: str = "") -> Problem:
    """What is wrong with an answer, in words for the person who gave it."""
    return Problem("answer", message, hint=hint)


def pick(choices: tuple[Choice, ...], value: Given) -> Choice | Problem:
    """The choice that was picked, or why it cannot be."""
    found = next((choice for choice in choices if choice.value == value), None)
    if found is None:
        return wrong("That is not one of the choices.")
    return wrong(f"“{found.title}” cannot be chosen now: {found.closed}") if found.closed else found


def pick_many(choices: tuple[Choice, ...], given: Given) -> tuple[str, ...] | Problem:
    """The values that were picked, in the order of the choices, or why they cannot be."""
    values = (given,) if isinstance(given, str) else given
    for value in values:
        found = pick(choices, value)
        if isinstance(found, Problem):
            return found
    return tuple(choice.value for choice in choices if choice.value in values)
