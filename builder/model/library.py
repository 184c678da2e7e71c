"""The library: all lessons in use with what they refer to."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated

from pydantic import Field

from builder.model.actuals import Calibration
from builder.model.fields import Frozen, Line, Name, Prose, VariantName
from builder.model.lessons import Activity, Card, HandoutSheet, Lesson, Minutes, Text
from builder.model.packs import PLACEHOLDER, Adaptation, PackTerm
from builder.model.sources import Source


class Term(Frozen):
    """A glossary entry; `variants` are other words for it."""

    id: str = ""
    definition: Prose
    variants: tuple[Line, ...] = ()


class Recipe(Frozen):
    """A named starting point: what is in focus, and which cards."""

    id: str = ""
    title: Line
    summary: Prose
    focus: tuple[Name, ...] = ()
    cards: Mapping[Name, Name] = {}


class Position(Frozen):
    """What one source says on a question, in the words of this library."""

    source: Name
    text: Prose


class Disagreement(Frozen):
    """A question on which sources differ: who says what, and a way to work with it that is ours and no source's."""

    id: str = ""
    question: Line
    positions: Annotated[tuple[Position, ...], Field(min_length=2)]
    synthesis: Prose | None = None


class Library(Frozen):
    """All lessons in use with what they refer to, each by its id. Ids of activities and sheets are `lesson/stem`."""

    lessons: Mapping[str, Lesson] = {}
    activities: Mapping[str, Activity] = {}
    sheets: Mapping[str, HandoutSheet] = {}
    cards: Mapping[str, Card] = {}
    sources: Mapping[str, Source] = {}
    glossary: Mapping[str, Term] = {}
    recipes: Mapping[str, Recipe] = {}
    disagreements: Mapping[str, Disagreement] = {}
    pictures: Mapping[str, bytes] = {}
    calibrations: tuple[Calibration, ...] = ()
    adaptations: tuple[Adaptation, ...] = ()

    @cached_property
    def terms(self) -> Mapping[str, PackTerm]:
        """The placeholders that this library knows beside those of every brief: its glossary's, then its packs'."""
        words = {word: PackTerm(one=word) for word in self.glossary if re.fullmatch(PLACEHOLDER, word)}
        return {**words, **{name: term for each in self.adaptations for name, term in each.pack.terms.items()}}

    @cached_property
    def brought(self) -> Mapping[str, str]:
        """The files and the entries of list files (`recipes.yaml#id`) that packs brought: the organisation of each."""
        return {
            f"{change.path}#{change.part}" if change.part else change.path: each.pack.organisation
            for each in self.adaptations
            for change in each.changes
            if change.kind == "added" and (not change.part or "/" not in change.path)
        }

    @cached_property
    def own_cards(self) -> frozenset[str]:
        """The cards that packs brought, by id."""
        return self._cards_at(self.brought)

    @cached_property
    def adapted_cards(self) -> frozenset[str]:
        """The cards that packs brought or changed, by id."""
        return self._cards_at(change.path for each in self.adaptations for change in each.changes)

    def _cards_at(self, paths: Iterable[str]) -> frozenset[str]:
        stems = {path.rpartition("/")[2].removesuffix(".md") for path in paths if "/cards/" in path}
        return frozenset(stems & self.cards.keys())

    @cached_property
    def letters(self) -> Mapping[str, str]:
        """The letters of works that would be named alike, by id, in the order of the list: "a", "b" and so on."""
        alike: dict[str, list[str]] = {}
        for key, source in self.sources.items():
            alike.setdefault(source.short_name, []).append(key)
        return {key: _letter(at) for keys in alike.values() if len(keys) > 1 for at, key in enumerate(keys)}

    @cached_property
    def put_together(self) -> Mapping[str, Text]:
        """The texts made of pieces of several files, by the path under which problems in them are noted."""
        texts = [
            *(lesson.body for lesson in self.lessons.values()),
            *(step.body for step in self.activities.values()),
            *(sheet.body for sheet in self.sheets.values()),
            *(card.body for card in self.cards.values()),
        ]
        return {text.path: text for text in texts if text.pieces}

    def place(self, path: str, line: int | None) -> tuple[str, int | None]:
        """Where a line of a text really stands: the same place, but for texts made of pieces."""
        text = self.put_together.get(path)
        return text.place(line) if text is not None and line is not None and line >= text.line else (path, line)

    def calibration(self, activity: str, variant: VariantName | None) -> Calibration | None:
        """What own runs made of the minutes of a step in one form; None where there were none."""
        found = (each for each in self.calibrations if (each.activity, each.variant) == (activity, variant))
        return next(found, None)

    def activities_of(self, lesson: str) -> tuple[Activity, ...]:
        """The activities of a lesson in teaching order."""
        return tuple(self.activities[f"{lesson}/{stem}"] for stem in self.lessons[lesson].activities)

    def cards_of(self, deck: str) -> tuple[Card, ...]:
        """The cards of a deck, by level and then by id."""
        cards = (card for card in self.cards.values() if card.deck == deck)
        return tuple(sorted(cards, key=lambda card: (card.level, card.id)))

    @cached_property
    def decks(self) -> Mapping[str, Lesson]:
        """The case lesson of each deck."""
        return {lesson.deck: lesson for lesson in self.lessons.values() if lesson.deck}

    def minutes_of(self, lesson: str) -> Minutes:
        """What a lesson takes: the sum of its core minima; the sums of all its activities' typical and max."""
        steps = self.activities_of(lesson)
        least = sum(step.minutes.min for step in steps if step.core)
        return Minutes.model_construct(
            min=least,
            typical=sum(step.minutes.typical for step in steps),
            max=sum(step.minutes.max for step in steps),
        )

    def sheet(self, stem: str, *lessons: str) -> HandoutSheet | None:
        """The sheet that `stem` names: a full id, or a stem of the first of the `lessons` that has it."""
        candidates = (stem, *(f"{lesson}/{stem}" for lesson in lessons))
        return next((self.sheets[candidate] for candidate in candidates if candidate in self.sheets), None)


def _letter(at: int) -> str:
    """The letter at a place counted from 0: "a" to "z", then "aa"."""
    return (_letter(at // 26 - 1) if at >= 26 else "") + "abcdefghijklmnopqrstuvwxyz"[at % 26]
