"""The six questions that come before the agenda, and those that follow from an answer to one of them."""

from __future__ import annotations

import typing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from builder.problems import Problem
from builder.questions.cases import (
    case_taken,
    cases_of,
    contested_cards,
    first_deck_without_card,
    from_whom,
    level_kept,
    offer,
    other_decks,
    recipes_of,
    requirements,
)
from builder.questions.packed import closed_for, pack_defaults
from builder.questions.shape import Choice, Given, Question, SoFar, Values, pick, pick_many, wrong
from builder.questions.typed import FEWEST, MOST, clock, length, read_number, read_people, read_times

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from builder.model import Lesson, Recipe

RECIPE, CHOOSE, PLANNER = "recipe:", "choose", "planner"
MANAGERS = "+managers"
INTERPRETATION = "interpretation:"
MOST_FACILITATORS = 20

# ------------------------------------------------------------ 1: what for


def _purposes(so: SoFar) -> tuple[Choice, ...]:
    recipes = [
        Choice(RECIPE + recipe.id, _recipe_title(recipe, so), recipe.summary) for recipe in recipes_of(so.library)
    ]
    both = "Choose lessons and cases yourself" if so.library.cards else "Choose lessons yourself"
    return (
        *recipes,
        Choice(CHOOSE, both, "A list to pick from; opening and closing come by themselves."),
        Choice(PLANNER, "Let the planner choose", "It fills the time with lessons that go well together."),
    )


def _recipe_title(recipe: Recipe, so: SoFar) -> str:
    whose = from_whom(f"recipes.yaml#{recipe.id}", so.library).removeprefix(", ")
    return f"{recipe.title} ({whose})" if whose else recipe.title


def _purpose(given: Given, so: SoFar) -> Values | Problem:
    found = pick(_purposes(so), given)
    if isinstance(found, Problem):
        return found
    if found.value == CHOOSE:
        return level_kept(so.answers)
    if found.value == PLANNER:
        return {"focus": [], "cards": {}, **level_kept(so.answers)}
    recipe = so.library.recipes[found.value.removeprefix(RECIPE)]
    return {"focus": list(recipe.focus), "cards": dict(recipe.cards), **level_kept(so.answers)}


def _purpose_typed(so: SoFar) -> Given:
    if "focus" not in so.answers and "focus" not in pack_defaults(so.library):
        return _purposes(so)[0].value
    return RECIPE + recipe if (recipe := recipe_of(so)) else CHOOSE if so.brief.focus else PLANNER


def recipe_of(so: SoFar) -> str | None:
    """The id of the recipe whose lessons and cases are the ones in focus; of several the one that names most cases."""
    focus, cards = set(so.brief.focus), so.brief.cards
    found: list[Recipe] = []
    for recipe in so.library.recipes.values():
        lessons = {so.library.cards[name].lesson if name in so.library.cards else name for name in recipe.focus}
        if lessons == focus and all(cards.get(deck) == card for deck, card in recipe.cards.items()):
            found.append(recipe)
    return max(found, key=lambda recipe: len(recipe.cards)).id if found else None


def _purpose_told(so: SoFar) -> str:
    recipe = recipe_of(so)
    if recipe is not None:
        return so.library.recipes[recipe].title
    chosen = (so.library.cards.get(name) or so.library.lessons[name] for name in _in_focus(so))
    return ", ".join(each.title for each in chosen) or "the planner chooses"


def _lesson_choice(lesson: Lesson, so: SoFar) -> Choice:
    typical = so.library.minutes_of(lesson.id).typical
    group = "Practice" if lesson.phase == "practice" else "Ideas" if lesson.phase == "concept" else "Cases"
    return Choice(lesson.id, f"{lesson.title} ({typical} minutes)", lesson.summary, group)


def _lessons(so: SoFar) -> tuple[Choice, ...]:
    """Lessons on ideas and practice, then the cases under the lesson they belong to."""
    plain = [lesson for lesson in so.library.lessons.values() if lesson.phase in {"concept", "practice", "case"}]
    order = ("concept", "practice", "case")
    single = sorted((lesson for lesson in plain if not lesson.deck), key=lambda lesson: order.index(lesson.phase))
    cases = [
        offer(card, so, f"Cases for “{lesson.title}” (one of these)")
        for deck, lesson in so.library.decks.items()
        for card in cases_of(deck, so.library)
    ]
    return (*(_lesson_choice(lesson, so) for lesson in single), *cases)


def _read_lessons(given: Given, so: SoFar) -> Values | Problem:
    names = pick_many(_lessons(so), given)
    if isinstance(names, Problem):
        return names
    if not names:
        return wrong("Nothing is picked yet.", "Pick one or more, or go back and let the planner choose.")
    cards: dict[str, str] = {}
    for name in names:
        card = so.library.cards.get(name) if name not in so.library.lessons else None
        if card is not None and cards.setdefault(card.deck, name) != name:
            titles = f"“{so.library.cards[cards[card.deck]].title}” and “{card.title}”"
            return wrong(f"{titles} teach the same thing.", "Keep one of them.")
    lessons = dict.fromkeys(so.library.cards[name].lesson if name in cards.values() else name for name in names)
    return {"focus": list(lessons), "cards": cards, **level_kept(so.answers)}


def _lessons_typed(so: SoFar) -> Given:
    """What is in focus, a case lesson by the case chosen for it."""
    asked = "focus" in so.answers or "focus" in pack_defaults(so.library)
    return _in_focus(so) if asked else ()


def _in_focus(so: SoFar) -> tuple[str, ...]:
    decks = ((lesson, so.library.lessons[lesson].deck) for lesson in so.brief.focus)
    return tuple(so.brief.cards.get(deck, lesson) if deck else lesson for lesson, deck in decks)


# ------------------------------------------------------------ which case, and what it requires


def case_question(deck_of: Callable[[SoFar], str | None], name: str = "case", *, elsewhere: bool = False) -> Question:
    """Which case the lesson of a deck uses; `deck_of` says which deck is meant.

    With `elsewhere` the cases of other lessons are offered too: picking one puts its lesson in the other's place.
    """

    def lesson(so: SoFar) -> str:
        return so.library.decks[deck_of(so) or ""].title

    def choices(so: SoFar) -> tuple[Choice, ...]:
        deck = deck_of(so) or ""
        others = other_decks(so) if elsewhere else ()
        decks = so.library.decks
        return tuple(
            offer(card, so, decks[each].title if others else "")
            for each in (deck, *others)
            for card in cases_of(each, so.library)
        )

    def read(given: Given, so: SoFar) -> Values | Problem:
        found = pick(choices(so), given)
        if isinstance(found, Problem):
            return found
        return {**case_taken(deck_of(so) or "", so.library.cards[found.value], so), **level_kept(so.answers)}

    def typed(so: SoFar) -> Given:
        deck = deck_of(so) or ""
        return so.brief.cards.get(deck) or so.library.decks[deck].default_card or choices(so)[0].value

    def told(so: SoFar) -> str:
        return ", ".join(so.library.cards[card].title for card in so.brief.cards.values())

    return Question(
        name=name, part="first", step=1, kind="one", keys=("cards", "max_level"), once=False, label="Case",
        text=lambda so: "Which case?" if elsewhere and other_decks(so) else f"Which case for “{lesson(so)}”?",
        help=lambda _so: "Cases of one lesson take the same steps and minutes; only the case is another.",
        choices=choices, read=read, typed=typed, told=told,
        condition=lambda so: deck_of(so) is not None,
        listed=lambda so: bool(so.brief.cards),
    )  # fmt: skip


def _contested_text(so: SoFar) -> str:
    cards = contested_cards(so)
    return "Use it?" if len(cards) == 1 else "Use them?"


def _contested_help(so: SoFar) -> str:
    from builder.model import LEVEL_NAMES

    told = []
    for card in contested_cards(so):
        needs = "\n".join(f"- {need}" for need in requirements(card, so.library))
        advisory = f"\nWhat people are told beforehand: {card.advisory}" if card.advisory else ""
        told.append(f"“{card.title}” is {LEVEL_NAMES[card.level]}. It needs:\n{needs}{advisory}")
    return "\n\n".join(told)


def _read_contested(_given: Given, so: SoFar) -> Values:
    return {"max_level": max(card.level for card in contested_cards(so))}


# ------------------------------------------------------------ 2–6: when, how many, where, who, access


def _read_when(given: Given, so: SoFar) -> Values | Problem:
    times = read_times(str(given))
    if isinstance(times, Problem):
        return times
    return {"start": so.brief.start if times.start is None else clock(times.start), "minutes": times.minutes}


def _when_typed(so: SoFar) -> Given:
    return f"{so.brief.start}-{so.brief.clock(so.brief.minutes)}"


def _when_told(so: SoFar) -> str:
    return f"{so.brief.start} to {so.brief.clock(so.brief.minutes)}, {length(so.brief.minutes)}"


def _read_expected(given: Given, _so: SoFar) -> Values | Problem:
    people = read_people(str(given))
    return people if isinstance(people, Problem) else dict(zip(_PEOPLE, people, strict=True))


_PEOPLE = ("participants", "participants_most")


def _expected_typed(so: SoFar) -> Given:
    expected, most = so.brief.participants, so.brief.participants_most
    return str(expected) if expected == most else f"{expected}-{most}"


def _expected_told(so: SoFar) -> str:
    expected, most = so.brief.participants, so.brief.participants_most
    return f"{expected} people" if expected == most else f"{expected} expected, {most} at the most"


_MODES = (
    Choice("in-person", "In a room"),
    Choice("online", "Online", "Everybody takes part through a screen."),
    Choice("hybrid", "Both", "Some in a room, some online; it is planned at the pace of online."),
)

_COMPANY = (
    Choice("voluntary", "They choose to come"),
    Choice("voluntary" + MANAGERS, "They choose to come, and managers sit with people who report to them"),
    Choice("required", "They have to come"),
    Choice("required" + MANAGERS, "They have to come, and managers sit with people who report to them"),
)


def _modes(so: SoFar) -> tuple[Choice, ...]:
    return tuple(replace(choice, closed=closed_for("modes", choice.value, so.library)) for choice in _MODES)


def _read_mode(given: Given, so: SoFar) -> Values | Problem:
    found = pick(_modes(so), given)
    return found if isinstance(found, Problem) else {"mode": found.value}


def _company(so: SoFar) -> tuple[Choice, ...]:
    from builder.model import CONTESTED_FROM

    contested = so.brief.max_level >= CONTESTED_FROM
    reason = "the contested case you chose needs people who choose to come." if contested else ""
    return tuple(
        replace(
            choice,
            closed=closed_for("attendance", choice.value.removesuffix(MANAGERS), so.library)
            or (reason if choice.value.startswith("required") else ""),
        )
        for choice in _COMPANY
    )


def _read_company(given: Given, so: SoFar) -> Values | Problem:
    found = pick(_company(so), given)
    if isinstance(found, Problem):
        return found
    attendance = found.value.removesuffix(MANAGERS)
    return {"attendance": attendance, "managers_present": found.value.endswith(MANAGERS)}


def _company_typed(so: SoFar) -> Given:
    return so.brief.attendance + (MANAGERS if so.brief.managers_present else "")


_ACCESS: Mapping[str, str] = {
    "step-free": "A room and ways to it without steps",
    "seated": "Everything can be done seated",
    "captions": "Live captions",
    "sign-language": "Sign-language interpreters",
    INTERPRETATION + "consecutive": "Interpreting in turns (speaker, then interpreter)",
    INTERPRETATION + "simultaneous": "Interpreting at the same time",
    "microphone": "A microphone for everybody who speaks",
    "screen-reader": "Files that a screen reader can read",
    "no-camera": "Taking part without a camera",
    "material-ahead": "Papers sent ahead",
}


def _arrangements(_so: SoFar) -> tuple[Choice, ...]:
    from builder.model import Access

    known = [*typing.get_args(Access), *(name for name in _ACCESS if name.startswith(INTERPRETATION))]
    ordered = sorted(known, key=lambda name: list(_ACCESS).index(name) if name in _ACCESS else len(_ACCESS))
    return tuple(Choice(name, _ACCESS.get(name, name)) for name in ordered)


def _read_access(given: Given, so: SoFar) -> Values | Problem:
    names = pick_many(_arrangements(so), given)
    if isinstance(names, Problem):
        return names
    kinds = [name.removeprefix(INTERPRETATION) for name in names if name.startswith(INTERPRETATION)]
    if len(kinds) > 1:
        return wrong("Interpreting is either in turns or at the same time.", "Keep one of the two.")
    access = [name for name in names if not name.startswith(INTERPRETATION)]
    return {"access": access, "interpretation": kinds[0] if kinds else "none"}


def _access_typed(so: SoFar) -> Given:
    kind = so.brief.interpretation
    return (*so.brief.access, *([] if kind == "none" else [INTERPRETATION + kind]))


def _chosen(choices: Callable[[SoFar], tuple[Choice, ...]], typed: Callable[[SoFar], Given], none: str) -> Any:
    """Tells an answer by the titles of what is picked."""

    def told(so: SoFar) -> str:
        given = typed(so)
        values = (given,) if isinstance(given, str) else given
        titles = [choice.title for choice in choices(so) if choice.value in values]
        return ", ".join(titles) or none

    return told


# ------------------------------------------------------------ who leads


def leaders_matter(so: SoFar) -> bool:
    """Whether it matters how many lead: a living dispute is chosen, or a step in focus needs more than one."""
    from builder.model import LIVING

    levels = [so.library.cards[card].level for card in so.brief.cards.values()]
    steps = [step for lesson in so.brief.focus for step in so.library.activities_of(lesson)]
    return any(level >= LIVING for level in levels) or any(step.facilitators > 1 for step in steps)


def _read_leaders(given: Given, _so: SoFar) -> Values | Problem:
    number = read_number(str(given), 1, MOST_FACILITATORS, "people")
    return number if isinstance(number, Problem) else {"facilitators": number}


def _leaders_told(so: SoFar) -> str:
    return "one person" if so.brief.facilitators == 1 else f"{so.brief.facilitators} people"


# ------------------------------------------------------------ in order

FIRST: tuple[Question, ...] = (
    Question(
        name="purpose", part="first", step=1, kind="one", keys=("focus", "cards", "max_level"), label="What for",
        text=lambda _so: "What is the workshop for?",
        choices=_purposes, read=_purpose, typed=_purpose_typed, told=_purpose_told,
    ),
    Question(
        name="lessons", part="first", step=1, kind="many", keys=("focus", "cards", "max_level"),
        text=lambda _so: "Which lessons and cases must be in?",
        help=lambda _so: "The planner adds what they need, and what time allows.",
        choices=_lessons, read=_read_lessons, typed=_lessons_typed, told=_purpose_told, listed=lambda _so: False,
    ),
    case_question(first_deck_without_card, elsewhere=True),
    Question(
        name="contested", part="first", step=1, kind="one", keys=("max_level",), once=False,
        text=_contested_text, help=_contested_help, back="No, choose something else",
        choices=lambda _so: (Choice("yes", "Yes, and we keep to that"),),
        read=_read_contested, typed=lambda _so: "yes", told=lambda _so: "yes",
        condition=lambda so: "focus" in so.answers and bool(contested_cards(so)), listed=lambda _so: False,
    ),
    Question(
        name="when", part="first", step=2, kind="times", keys=("minutes", "start"), label="When",
        text=lambda _so: "From when to when?",
        help=lambda _so: "Such as 10:00-11:30. Only the minutes, such as 90, are enough.",
        read=_read_when, typed=_when_typed, told=_when_told,
    ),
    Question(
        name="expected", part="first", step=3, kind="people", keys=_PEOPLE, label="How many",
        text=lambda _so: "How many people do you expect, and at the most?",
        help=lambda _so: f"Such as 18, or 16-20. From {FEWEST} to {MOST}; copies are counted for the most.",
        read=_read_expected, typed=_expected_typed, told=_expected_told,
    ),
    Question(
        name="leaders", part="first", step=3, kind="number", keys=("facilitators",), label="Led by",
        text=lambda _so: "How many of you lead it?",
        help=lambda so: "What you chose needs two, or a small group." if leaders_matter(so) else "",
        read=_read_leaders, typed=lambda so: str(so.brief.facilitators), told=_leaders_told,
        condition=leaders_matter,
    ),
    Question(
        name="where", part="first", step=4, kind="one", keys=("mode",), label="Where",
        text=lambda _so: "Where do people meet?",
        choices=_modes, read=_read_mode, typed=lambda so: so.brief.mode,
        told=_chosen(_modes, lambda so: so.brief.mode, ""),
    ),
    Question(
        name="who", part="first", step=5, kind="one", keys=("attendance", "managers_present"), label="Who comes",
        text=lambda _so: "Who is in the room?",
        help=lambda _so: "Where people have to come, contested cases stay out.",
        choices=_company, read=_read_company, typed=_company_typed, told=_chosen(_company, _company_typed, ""),
    ),
    Question(
        name="access", part="first", step=6, kind="many", keys=("access", "interpretation"), label="Access",
        text=lambda _so: "What do you arrange so that everybody can take part?",
        help=lambda _so: "Arrangements only, never who needs them. None is fine.",
        choices=_arrangements, read=_read_access, typed=_access_typed,
        told=_chosen(_arrangements, _access_typed, "nothing special"),
    ),
)  # fmt: skip
