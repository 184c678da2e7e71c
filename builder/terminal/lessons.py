"""Showing the library: a list of lessons with the cases under them, or one lesson with all that is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from builder.terminal.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from builder.model import Activity, Card, Library, Minutes

_PHASES = ("opening", "concept", "case", "practice", "closing")
_LEVELS = ("fictional", "settled history", "disputed", "disputed and living")


def show_lessons(library: Library, file: TextIO) -> None:
    """Write each lesson with its minutes and phase, its cases under it, and the recipes that combine them."""
    screen = Screen(file)
    for key, lesson in sorted(library.lessons.items(), key=lambda item: _PHASES.index(item[1].phase)):
        screen.say(f"{key}  ({lesson.phase}, {_span(library.minutes_of(key))})", look="bold")
        screen.say(lesson.title, indent="    ")
        for each in library.adaptations:
            if any(change.lesson == key for change in each.changes):
                screen.say(f"with changes of the pack {each.pack.name}", indent="    ")
        for card in library.cards_of(lesson.deck) if lesson.deck else ():
            screen.say(f"- {_case(card, default=card.id == lesson.default_card)}", indent="    ")
    if library.recipes:
        screen.say()
        screen.say("Recipes", look="bold")
    for recipe in library.recipes.values():
        screen.say(f"- {recipe.title}: {' '.join(recipe.summary.split())}", indent="  ")


def show_lesson(library: Library, key: str, file: TextIO) -> None:
    """Write one lesson: summary, outcomes, what it needs, its steps, its sheets and its cases."""
    screen, lesson = Screen(file), library.lessons[key]
    screen.say(f"{lesson.title}  ({key})", look="bold")
    screen.say(" ".join(lesson.summary.split()))
    screen.say(f"{lesson.phase}, {_span(library.minutes_of(key))}, version {lesson.version}, {lesson.license}")
    _part(screen, "Afterwards people can", (outcome.outcome for outcome in lesson.teaches))
    _part(
        screen,
        "Needs",
        (f"{need.lesson}" + (f" (or the sheet {need.primer})" if need.primer else "") for need in lesson.needs),
    )
    _part(screen, "Steps", map(_step, library.activities_of(key)))
    sheets = (sheet for sheet in library.sheets.values() if sheet.id.startswith(f"{key}/"))
    _part(screen, "Sheets", (f"{sheet.title} (for each {sheet.per})" for sheet in sheets))
    cards = library.cards_of(lesson.deck) if lesson.deck else ()
    _part(screen, "Cases", (_case(card, default=card.id == lesson.default_card) for card in cards))
    _part(screen, "Advisory", [" ".join(lesson.advisory.split())] if lesson.advisory else [])


def _part(screen: Screen, heading: str, lines: Iterable[str]) -> None:
    lines = list(lines)
    if lines:
        screen.say()
        screen.say(heading, look="bold")
    for line in lines:
        screen.say(f"- {line}", indent="  ")


def _span(minutes: Minutes) -> str:
    return f"{minutes.min} to {minutes.max} minutes, usually {minutes.typical}"


def _step(activity: Activity) -> str:
    core = ", core" if activity.core else ""
    return f"{activity.title} ({activity.id}): {_span(activity.minutes)}, {activity.grouping}{core}"


def _case(card: Card, *, default: bool) -> str:
    level = f"level {card.level}, {_LEVELS[card.level]}"
    work = ", at work" if card.workplace else ""
    return f"{card.title} ({card.id}): {level}{work}{', used unless another is chosen' if default else ''}"
