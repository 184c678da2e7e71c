"""From raw answers to a settled brief: shape checked by the model, then everything that refers to the library."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from builder.problems import InputError, Problem, did_you_mean
from builder.questions.layers import ELSEWHERE, layered
from builder.questions.packed import beyond_limits, contacts_of, fitting_defaults, missing_packs
from builder.questions.shape import SoFar
from builder.strict import Loc, Marked, check, clean

if TYPE_CHECKING:
    from builder.model import Brief, Library

_FULL_ID = re.compile(r"[a-z0-9-]+(?:/[a-z0-9-]+)?")
PLACEHOLDERS: Mapping[str, Any] = {"title": "Workshop", "minutes": 90}

Found = Iterator[tuple[Loc, str, str, str]]


def parse(answers: Marked | Mapping[str, object], library: Library) -> Brief:
    """The brief that `answers` describe, settled against the library; InputError names every problem at once.

    Settled: `focus` and `cards` stand for themselves (a first recipe where nothing was said, a card's id
    replaced by its lesson), so that writing the brief and reading it again gives the same one.
    Packs answer what nobody else does, add their contacts, and refuse what goes beyond their limits.
    """
    return _parsed(answers, library)


def _parsed(answers: Marked | Mapping[str, object], library: Library, limited: Container[str] | None = None) -> Brief:
    """The brief, refused where one of the keys `limited` (all, unless said) goes beyond what a pack allows."""
    from builder.model import Brief

    marked = answers if isinstance(answers, Marked) else Marked(cleaned(answers))
    if library.adaptations:
        marked = layered(marked, fitting_defaults(marked, library))
    brief, problems = check(Brief, marked, "a brief")
    problems += [marked.problem(code, message, loc, hint) for loc, code, message, hint in _references(marked, library)]
    if brief is not None:
        beyond = [*missing_packs(brief, library), *beyond_limits(brief, library)]
        beyond = [each for each in beyond if limited is None or each[0][0] in limited]
        problems += [marked.problem(code, message, loc, hint) for loc, code, message, hint in beyond]
    if brief is None or problems:
        raise InputError(_placed(problem, marked) for problem in problems)
    return brief.model_copy(update=_settled(brief, library))


def so_far(library: Library, answers: Marked | Mapping[str, object]) -> SoFar:
    """What has been answered yet, with the brief it makes; InputError where the answers cannot be used."""
    brief = _parsed(layered(answers, fitting_defaults(answers, library), PLACEHOLDERS), library, answered(answers))
    values = dict(answers.values if isinstance(answers, Marked) else cleaned(answers))
    if "focus" in values:
        values.update(focus=list(brief.focus), cards=dict(brief.cards))
    return SoFar(library, values, brief)


def answered(answers: Marked | Mapping[str, object]) -> Container[str]:
    """The keys that answers say something about, the most people with those expected."""
    keys = set(answers.values if isinstance(answers, Marked) else answers)
    return keys | ({"participants_most"} if "participants" in keys else set())


def usable(answers: Mapping[str, object], library: Library) -> Mapping[str, Any]:
    """The part of `answers` that this library can still use (a lesson may be gone since they were saved)."""
    gone = {loc[0] for loc, *_ in _references(Marked(cleaned(answers)), library)}
    return {key: value for key, value in cleaned(answers).items() if key not in gone}


def cleaned(values: Mapping[str, object]) -> dict[str, Any]:
    """The same values, each text in them without what no paper can hold."""
    return {clean(str(key)): _clean(value) for key, value in values.items()}


def _clean(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return cleaned(value)
    return [_clean(entry) for entry in value] if isinstance(value, list | tuple) else value


def _placed(problem: Problem, marked: Marked) -> Problem:
    """The problem without the file's name where the value did not come from the file."""
    if marked.path and (problem.line, problem.column) == ELSEWHERE:
        return replace(problem, path="", line=None, column=None)
    return problem


# ------------------------------------------------------------ what refers to the library


def references(marked: Marked, library: Library) -> Iterator[Problem]:
    """What answers name and the library does not have."""
    for loc, code, message, hint in _references(marked, library):
        yield marked.problem(code, message, loc, hint)


def _references(marked: Marked, library: Library) -> Found:
    raw = marked.values
    lessons, activities = list(library.lessons), list(library.activities)
    yield from _unknown(raw, "focus", [*lessons, *library.cards], "lesson or case")
    yield from _unknown(raw, "leave_out", [*lessons, *activities], "lesson or activity")
    yield from _unknown(raw, "pinned", activities, "activity")
    yield from _unknown(raw, "order", activities, "activity")
    yield from _cards(raw.get("cards"), library)
    yield from _clashes(raw, library)
    yield from _both_in_and_out(raw, library)


def _entries(raw: Mapping[str, Any], key: str) -> Iterator[tuple[Loc, str]]:
    """Each id under a key with its place; what is no id at all has been reported by the model."""
    value = raw.get(key)
    if isinstance(value, Mapping):
        pairs: Iterable[tuple[Any, Any]] = ((name, name) for name in value)
    else:
        pairs = enumerate(value) if isinstance(value, list | tuple) else ()
    for step, name in pairs:
        if isinstance(name, str) and _FULL_ID.fullmatch(name):
            yield (key, step), name


def _unknown(raw: Mapping[str, Any], key: str, known: list[str], noun: str) -> Found:
    for loc, name in _entries(raw, key):
        if name not in known:
            yield (
                loc,
                f"unknown-{noun.partition(' ')[0]}",
                f"{key}: '{name}' is no {noun} here.",
                did_you_mean(name, known),
            )


def _cards(cards: object, library: Library) -> Found:
    for deck, name in cards.items() if isinstance(cards, Mapping) else ():
        if deck not in library.decks:
            hint = did_you_mean(str(deck), library.decks)
            yield ("cards", deck), "unknown-deck", f"cards: '{deck}' is no deck here.", hint
        elif isinstance(name, str) and (name not in library.cards or library.cards[name].deck != deck):
            hint = did_you_mean(name, [card.id for card in library.cards_of(deck)])
            yield ("cards", deck), "unknown-card", f"cards: '{name}' is no card of '{deck}'.", hint


def _clashes(raw: Mapping[str, Any], library: Library) -> Found:
    """Two cards for one deck, of which only one can be used."""
    cards = raw.get("cards")
    chosen: dict[str, object] = dict(cards) if isinstance(cards, Mapping) else {}
    for loc, name in _entries(raw, "focus"):
        card = library.cards.get(name) if name not in library.lessons else None
        if card is not None and chosen.setdefault(card.deck, name) != name:
            message = f"focus: '{name}' and '{chosen[card.deck]}' are both cases for '{card.deck}'."
            yield loc, "two-cards", message, "Choose one of them."


def _both_in_and_out(raw: Mapping[str, Any], library: Library) -> Found:
    out = {name for _, name in _entries(raw, "leave_out")}
    for loc, name in _entries(raw, "focus"):
        lesson = _lesson_of(name, library)
        if lesson in out:
            yield loc, "in-and-out", f"focus: '{lesson}' is also in leave_out.", "Take it out of one of them."
    for loc, name in _entries(raw, "pinned"):
        if {name, name.partition("/")[0]} & out:
            yield loc, "in-and-out", f"pinned: '{name}' is also in leave_out.", "Take it out of one of them."


def _lesson_of(name: str, library: Library) -> str:
    """The lesson that a lesson's or a card's id stands for."""
    return name if name in library.lessons or name not in library.cards else library.cards[name].lesson


# ------------------------------------------------------------ what is settled


def _settled(brief: Brief, library: Library) -> Mapping[str, Any]:
    """Focus as lessons, cards by deck: what was said, or else the first recipe without what is left out."""
    focus, cards = brief.focus, dict(brief.cards)
    recipe = next(iter(library.recipes.values()), None)
    if "focus" not in brief.model_fields_set and recipe is not None:
        focus = tuple(name for name in recipe.focus if _lesson_of(name, library) not in brief.leave_out)
        cards = {**recipe.cards, **cards}
    for name in focus:
        if name not in library.lessons and name in library.cards:
            cards.setdefault(library.cards[name].deck, name)
    lessons = dict.fromkeys(_lesson_of(name, library) for name in focus)
    settled = {"focus": tuple(lessons), "cards": cards}
    if not library.adaptations:
        return settled
    names = tuple(each.pack.name for each in library.adaptations)
    return {**settled, "contacts": contacts_of(brief, library), "packs": names}
