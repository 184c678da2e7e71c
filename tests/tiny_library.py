"""A library of five small lessons in memory, and a planner that only lays them one after the other."""

from typing import Any

from builder.model import Activity, Agenda, Brief, Card, LeftOut, Lesson, Library, Plan, Recipe, Slot
from builder.problems import Problem, RefusedError

LONGEST_PIN = 60


def _lesson(name: str, phase: str, activities: list[str], **more: Any) -> Lesson:
    return Lesson.model_validate({
        "id": name, "title": f"Lesson {name}", "summary": f"What {name} is about.", "phase": phase, "version": "1.0.0",
        "language": "en", "license": "CC-BY-4.0", "authors": ["Somebody"], "activities": activities,
        "teaches": [{"id": "aim", "outcome": "Name something"}], **more,
    })  # fmt: skip


def _step(name: str, *, core: bool = True, **more: Any) -> Activity:
    minutes = {"min": 5, "typical": 10, "max": 20}
    stem = name.partition("/")[2]
    plain = {"id": name, "title": f"Step {stem}", "core": core, "minutes": minutes, "grouping": "pairs"}
    return Activity.model_validate({**plain, "interaction": "active", **more})


def _card(name: str, lesson: str, deck: str, level: int) -> Card:
    advisory = f"Discusses {name}. You may choose another table." if level > 1 else None
    return Card.model_validate({
        "id": name, "lesson": lesson, "title": f"The {name} example", "deck": deck, "level": level,
        "argument": {"holder": "Somebody", "text": "Something."}, "advisory": advisory,
    })  # fmt: skip


def tiny_library(*, recipes: bool = True) -> Library:
    """Opening, one lesson on ideas, two case lessons, practice and closing; two recipes unless told otherwise."""
    lessons = [
        _lesson("opening", "opening", ["welcome"]),
        _lesson("ideas", "concept", ["compare", "deepen"]),
        _lesson("speaking", "case", ["take-apart"], deck="voice", default_card="choir", advisory="Pass if you like."),
        _lesson("acting", "case", ["swap"], deck="cause", default_card="towels"),
        _lesson("trying", "practice", ["draft"]),
        _lesson("closing", "closing", ["round"]),
    ]
    steps = [
        _step("opening/welcome"), _step("ideas/compare"), _step("ideas/deepen", core=False), _step("acting/swap"),
        _step("speaking/take-apart", grouping="small groups"), _step("trying/draft", grouping="solo"),
        _step("closing/round", grouping="plenary"),
    ]  # fmt: skip
    cards = [
        _card("choir", "speaking", "voice", 0), _card("team-name", "speaking", "voice", 2),
        _card("comedian", "speaking", "voice", 3), _card("towels", "acting", "cause", 0),
        _card("camp", "acting", "cause", 3),
    ]  # fmt: skip
    starts = [
        Recipe(id="core", title="Core ideas", summary="Compare and try.", focus=("ideas", "trying")),
        Recipe(id="one-case", title="One case", summary="A case.", focus=("speaking", "trying")),
        Recipe(
            id="village", title="Village", summary="The choir.", focus=("speaking", "trying"), cards={"voice": "choir"}
        ),
    ]
    return Library(
        lessons={lesson.id: lesson for lesson in lessons},
        activities={step.id: step for step in steps},
        cards={card.id: card for card in cards},
        recipes={recipe.id: recipe for recipe in starts} if recipes else {},
    )


def tiny_plan(library: Library, brief: Brief) -> Plan:
    """Opening, focus and closing in typical or pinned minutes, the rest kept free; refuses what is plainly too much."""
    cards = {deck: brief.cards.get(deck, lesson.default_card or "") for deck, lesson in library.decks.items()}
    for card in cards.values():
        if library.cards[card].level > max(brief.max_level, 1):
            raise RefusedError([Problem("level", f"'{card}' is more contested than allowed.")])
    slots: list[Slot] = []
    for lesson in ("opening", *brief.focus, "closing"):
        for step in library.activities_of(lesson):
            if {step.id, lesson} & set(brief.leave_out):
                continue
            pin = brief.pinned.get(step.id)
            minutes = (pin.minutes if pin else None) or step.minutes.typical
            if minutes > LONGEST_PIN:
                raise RefusedError([Problem("bounds", f"{step.title} takes at most {LONGEST_PIN} minutes.")])
            start = slots[-1].end if slots else 0
            card = cards.get(library.lessons[lesson].deck or "")
            about = {"title": step.title, "activity": step, "card": card, "reason": "in focus"}
            slots.append(Slot(kind="activity", start=start, minutes=minutes, **about))
    used = sum(slot.minutes for slot in slots)
    if used + 5 > brief.minutes:
        problem = Problem("too-short", f"what is wanted takes {used + 5} minutes.", hint="Book more.")
        raise RefusedError([problem], least_minutes=used + 5)
    free = Slot(kind="buffer", start=used, minutes=brief.minutes - used, title="Kept free", reason="for what runs over")
    out = tuple(LeftOut(lesson=name, reason="you left it out") for name in brief.leave_out if "/" not in name)
    used_cards = {deck: card for deck, card in cards.items() if library.decks[deck].id in brief.focus}
    return Plan(brief=brief, agenda=Agenda(slots=(*slots, free)), cards=used_cards, left_out=out)
