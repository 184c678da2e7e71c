"""How cases are offered: by their own titles, with how contested they are, and what a contested one requires."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from builder.questions.packed import highest_level
from builder.questions.shape import Choice, SoFar, Values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.model import Card, Library, Recipe


def offer(card: Card, so: SoFar, group: str = "") -> Choice:
    """A case as a choice; a contested one is closed where people have to come."""
    from builder.model import LEVEL_NAMES

    lesson = so.library.lessons.get(card.lesson)
    advisory = card.advisory or (lesson.advisory if lesson else None) or ""
    required = so.brief.attendance == "required"
    closed = "people have to come, and a contested case needs people who choose to." if required else ""
    title = f"{card.title} ({LEVEL_NAMES[card.level]}{from_whom(f'{card.lesson}/cards/{card.id}.md', so.library)})"
    highest = highest_level(so.library)
    if highest is not None and card.level > highest[0]:
        beyond = f"the pack '{highest[1]}' allows level {highest[0]} at most."
        return Choice(card.id, title, advisory, group, beyond)
    return Choice(card.id, title, advisory, group, closed if card.contested else "")


def from_whom(place: str, library: Library) -> str:
    """What stands behind the name of something that a pack brought; `place` as in `Library.brought`."""
    return f", from {library.brought[place]}" if place in library.brought else ""


def cases_of(deck: str, library: Library) -> tuple[Card, ...]:
    """The cases of a deck as they are offered: those of a pack first, then by level."""
    own = library.own_cards
    return tuple(sorted(library.cards_of(deck), key=lambda card: card.id not in own))


def recipes_of(library: Library) -> tuple[Recipe, ...]:
    """The recipes as they are offered: those of a pack first."""
    own = [recipe for recipe in library.recipes.values() if f"recipes.yaml#{recipe.id}" in library.brought]
    return (*own, *(recipe for recipe in library.recipes.values() if recipe not in own))


def contested_cards(so: SoFar) -> tuple[Card, ...]:
    """The chosen cases that are more contested than the answers so far allow."""
    chosen = (so.library.cards[card] for card in so.brief.cards.values())
    return tuple(card for card in chosen if card.contested and card.level > so.brief.max_level)


def requirements(card: Card, library: Library) -> tuple[str, ...]:
    """What a contested case needs, a sentence each."""
    from builder.model import LIVING

    mild = next((other.title for other in library.cards_of(card.deck) if other.level == 0), "a fictional one")
    people = ["two people who lead, or at most 12 people in the room"] if card.level >= LIVING else []
    return (
        *people,
        "an opening of at least 10 minutes, and a lesson on ideas before the case",
        f"a second table with another case (“{mild}”) for those who would rather not; it is printed too",
        "people who choose to come: nobody is required to",
    )


def first_deck_without_card(so: SoFar) -> str | None:
    """The first case lesson's deck in focus for which no case is chosen yet."""
    if "focus" not in so.answers:
        return None
    decks = (so.library.lessons[lesson].deck for lesson in so.brief.focus)
    return next((deck for deck in decks if deck and deck not in so.brief.cards), None)


def other_decks(so: SoFar) -> tuple[str, ...]:
    """The decks of case lessons that are not in focus, where just one case lesson is."""
    decks = so.library.decks
    focused = [deck for deck, lesson in decks.items() if lesson.id in so.brief.focus]
    return tuple(deck for deck in sorted(decks) if deck not in focused) if len(focused) == 1 else ()


def case_taken(deck: str, card: Card, so: SoFar) -> Mapping[str, Any]:
    """The answers with a case chosen; one of another deck brings its lesson in the place of the deck's own."""
    if card.deck == deck:
        return {"cards": {**so.brief.cards, deck: card.id}}
    old, new = so.library.decks[deck].id, so.library.decks[card.deck].id
    focus = [new if lesson == old else lesson for lesson in so.brief.focus]
    return {"focus": focus, "cards": {card.deck: card.id}}


def level_kept(answers: Values) -> Mapping[str, Any]:
    """The `max_level` that outlives a new choice of cases: one that lets no contested case in."""
    from builder.model import CONTESTED_FROM

    level = answers.get("max_level")
    return {"max_level": level} if level is not None and int(level) < CONTESTED_FROM else {}
