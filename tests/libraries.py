"""Small libraries for the planner's tests, made in memory: one to read, and generated ones."""

import datetime
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from builder.model import (
    Activity,
    Argument,
    Brief,
    Card,
    Count,
    HandoutSheet,
    Lesson,
    Library,
    Minutes,
    Need,
    Outcome,
    Reading,
)

PHASES = ("opening", "concept", "case", "practice", "closing")
GROUPINGS = ("plenary", "solo", "pairs", "threes", "small groups")


@dataclass(frozen=True)
class Written:
    """A lesson with its activities, before it is put into a library."""

    lesson: Lesson
    steps: Sequence[Activity]


def step(stem: str, least: int, typical: int, most: int, grouping: str = "plenary", **keys: Any) -> Activity:
    """An activity that takes so many minutes; core and without talk unless said, so that minutes are as written."""
    minutes = Minutes(min=least, typical=typical, max=most)
    keys = {"core": True, "talk": 0, "interaction": "active", **keys}
    return Activity(id=stem, title=stem.replace("-", " ").capitalize(), minutes=minutes, grouping=grouping, **keys)


def lesson(key: str, phase: str, *steps: Activity, needs: Sequence[str | Need] = (), **keys: Any) -> Written:
    """A lesson with these steps; a need is a lesson's id, or a Need where a sheet can stand in."""
    placed = [each.model_copy(update={"id": f"{key}/{each.id}"}) for each in steps]
    written = Lesson(
        id=key,
        title=key.replace("-", " ").capitalize(),
        summary="A lesson for tests.",
        phase=phase,
        version="1",
        language="en",
        license="CC0-1.0",
        authors=("Tests",),
        teaches=(Outcome(id="try", outcome="Try it"),),
        needs=tuple(Need(lesson=need) if isinstance(need, str) else need for need in needs),
        activities=tuple(each.id for each in steps),
        **keys,
    )
    return Written(written, placed)


def card(key: str, deck: str, level: int, *, readings: int = 3, review_by: str = "2027-06-01", **keys: Any) -> Card:
    """A card of a level; contested ones have readings, an advisory and a date until which they are reviewed."""
    contested = level >= 2
    return Card(
        id=key,
        lesson=deck,
        title=key.replace("-", " ").capitalize(),
        deck=deck,
        level=level,
        argument=Argument(holder="Somebody", text="Something follows."),
        readings=tuple(Reading(constructed=True, text=f"Reading {i}.") for i in range(readings if contested else 0)),
        advisory="May be hard to read." if contested else None,
        review_by=datetime.date.fromisoformat(review_by) if contested else None,
        **keys,
    )


def library(*lessons: Written, cards: Sequence[Card] = (), sheets: Sequence[HandoutSheet] = ()) -> Library:
    """A library of these lessons, cards and sheets."""
    return Library(
        lessons={written.lesson.id: written.lesson for written in lessons},
        activities={each.id: each for written in lessons for each in written.steps},
        cards={each.id: each for each in cards},
        sheets={sheet.id: sheet for sheet in sheets},
    )


def sheet(key: str) -> HandoutSheet:
    """A participant sheet."""
    return HandoutSheet(id=key, title=f"What to know about {key}", per="person")


def brief(minutes: int = 90, **keys: Any) -> Brief:
    """A brief for 16 people in a room, led by somebody who has run it before, unless said."""
    return Brief(**{"title": "Test", "minutes": minutes, "run_before": True, **keys})


# ------------------------------------------------------------ the one to read


OPENING = lesson("opening", "opening", step("welcome", 4, 5, 6), step("agreements", 4, 5, 8, "pairs"))
WORDS = lesson(
    "words",
    "concept",
    step("think", 10, 12, 15, "small groups", debrief=3),
    step("sort", 10, 15, 20, "small groups", core=False, debrief=4, after=("think",)),
    step("define", 5, 6, 10, core=False, after=("think",)),
    needs=["opening"],
)
POWER = lesson(
    "power",
    "concept",
    step("grid", 10, 15, 20, "small groups", debrief=4),
    step("ladder", 8, 10, 15, "pairs", core=False, debrief=3, after=("grid",)),
    needs=["opening", Need(lesson="words", primer="two-words")],
)
CASE = lesson(
    "case",
    "case",
    step("claim", 6, 8, 10, "pairs", debrief=2),
    step("controversy", 20, 25, 30, "small groups", debrief=6, after=("claim",)),
    step("transfer", 6, 8, 10, "small groups", core=False, debrief=3, after=("controversy",)),
    needs=["words"],
    deck="case",
    default_card="choir",
)
PRACTICE = lesson(
    "practice",
    "practice",
    step("draft", 4, 5, 8, "solo"),
    step("partner", 4, 6, 9, "pairs", debrief=2, after=("draft",)),
    step("rehearse", 3, 4, 8, "pairs", core=False, after=("partner",)),
)
CLOSING = lesson(
    "closing",
    "closing",
    step("aims", 2, 2, 3),
    step(
        "round",
        4,
        5,
        6,
        scales={"person": "0.25"},
        variants={"threes": {"grouping": "threes", "minutes": Minutes(min=4, typical=5, max=6), "scales": {}}},
    ),
    step("worries", 2, 2, 3),
)
CARDS = (card("choir", "case", 0), card("strike", "case", 1), card("boycott", "case", 2), card("camp", "case", 3))
LIBRARY = library(OPENING, WORDS, POWER, CASE, PRACTICE, CLOSING, cards=CARDS, sheets=[sheet("words/two-words")])


# ------------------------------------------------------------ generated libraries


def seldom(usual: Any, *others: Any, usually: int = 3) -> st.SearchStrategy[Any]:
    """The usual value so many times as often as all the others together."""
    return st.sampled_from([*[usual] * usually * len(others), *others])


def hardly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The usual value nearly always, since a library has many steps and one that cannot be held is enough."""
    return seldom(usual, *others, usually=30)


@st.composite
def minutes(draw: st.DrawFn, shortest: int = 1) -> Minutes:
    """What a step may take."""
    least = draw(st.integers(shortest, shortest + 15))
    typical = least + draw(st.integers(0, 8))
    return Minutes(min=least, typical=typical, max=typical + draw(st.integers(0, 10)))


def people() -> st.SearchStrategy[Count]:
    """For how many people a step is; nearly always for any number."""
    least, most = hardly(1, 4, 8), hardly(1000, 12, 15, 40)
    return st.builds(lambda low, high: Count(min=low, max=high), least, most)


ACCESS = ("seated", "no-camera", "screen-reader", "sign-language")
SIZES = tuple(Count(min=low, max=high) for low, high in ((3, 6), (3, 4), (4, 4), (2, 3), (5, 8)))
SCALES = ({}, {"person": "0.25"}, {"person": "1"}, {"group": "1.5"}, {"person": "0.1", "group": "0.5"})
SHARED = {
    "grouping": st.sampled_from(GROUPINGS),
    "debrief": seldom(0, 1, 3, 5),
    "talk": st.sampled_from((0, 3, 5, 10)),
    "rooms": seldom(0, 1, 2),
    "scales": seldom({}, *SCALES[1:]),
    "group_size": hardly(*SIZES),
    "people": people(),
    "facilitators": hardly(1, 2),
    "excludes": hardly((), *((need,) for need in ACCESS)),
}


@st.composite
def variants(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """The other ways to hold a step; each replaces a few keys."""
    names = draw(seldom((), ("threes",), ("online",), ("seated",), ("threes", "online"), ("seated", "online")))
    found = {}
    for name in names:
        keys = draw(st.lists(st.sampled_from([*SHARED, "minutes"]), max_size=4, unique=True))
        found[name] = {key: draw(minutes() if key == "minutes" else SHARED[key]) for key in keys}
        if name == "threes":
            found[name].setdefault("grouping", "threes")
    return found


@st.composite
def steps(draw: st.DrawFn, stem: str, earlier: Sequence[str], shortest: int) -> Activity:
    """A step that may build on earlier ones; no debrief is longer than the shortest way to hold it."""
    keys = {name: draw(strategy) for name, strategy in SHARED.items()}
    others = draw(variants())
    after = draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True)) if earlier else []
    span = draw(minutes(shortest))
    shortest = min(span.min, *(other["minutes"].min for other in others.values() if "minutes" in other), 20)
    for form in (keys, *others.values()):
        if "debrief" in form:
            form["debrief"] = min(form["debrief"], shortest)
    return Activity(
        id=stem, title=stem, core=draw(st.booleans()), minutes=span, interaction="active", after=tuple(after),
        variants=others, **keys,
    )  # fmt: skip


@st.composite
def lessons(draw: st.DrawFn, key: str, phase: str, earlier: Sequence[Written]) -> Written:
    """A lesson that may need earlier ones, with a sheet to stand in or without, and whose steps may build on theirs."""
    count = draw(st.integers(1, 3 if phase in ("opening", "closing") else 4))
    shortest = draw(hardly(8, 1)) // count + 1 if phase in ("opening", "closing") else 1
    known = [other.id for written in earlier for other in written.steps] if draw(seldom(False, True)) else []
    made: list[Activity] = []
    for number in range(count):
        before = [*(other.id for other in made), *known] if draw(st.booleans()) else []
        made.append(draw(steps(f"s{number}", before, shortest)))
    if not any(each.core for each in made):
        made[0] = made[0].model_copy(update={"core": True})
    needed = draw(st.lists(st.sampled_from(earlier), max_size=2, unique_by=id)) if earlier else []
    needs = [Need(lesson=other.lesson.id, primer=draw(st.sampled_from((None, "primer")))) for other in needed]
    case = {"deck": key, "default_card": f"{key}-0"} if phase == "case" else {}
    return lesson(key, phase, *made, needs=needs, **case)


@st.composite
def libraries(draw: st.DrawFn, most: int = 6) -> Library:
    """A library of 3 to 10 lessons, `most` of them content, as the loader would accept it.

    Needs lead to earlier lessons, in no order of phase.
    """
    inner = draw(st.lists(st.sampled_from(("concept", "concept", "case", "practice")), min_size=1, max_size=most))
    phases = ["opening", *draw(seldom([], ["opening"])), *inner, *draw(seldom([], ["closing"])), "closing"]
    if draw(hardly(False, True)):
        phases = draw(st.permutations(phases))
    written: list[Written] = []
    for number, phase in enumerate(phases):
        written.append(draw(lessons(f"{phase}-{number}", phase, written)))
    decks = [one.lesson.id for one in written if one.lesson.deck]
    cards = [card(f"{deck}-{level}", deck, level) for deck in decks for level in draw(st.sampled_from(LEVELS))]
    return library(*written, cards=cards, sheets=[sheet(f"{one.lesson.id}/primer") for one in written])


LEVELS = ((0,), (0, 1), (0, 2), (0, 3), (0, 1, 2, 3))


# ------------------------------------------------------------ generated briefs


@st.composite
def briefs(draw: st.DrawFn, lib: Library) -> Brief:
    """A brief as `questions.parse` would settle it for this library."""
    expected = draw(st.sampled_from((16, 12, 18, 13, 20, 24, 25, 30)) | st.sampled_from((4, 5, 7, 60, 200)))
    focus = draw(st.lists(st.sampled_from(sorted(lib.lessons)), max_size=4, unique=True))
    pins = draw(seldom([], *([key] for key in sorted(lib.activities))))
    pinned = {key: draw(seldom(lib.activities[key].minutes.typical, 1, 10, 30)) for key in pins}
    wanted = {*focus, *(key.partition("/")[0] for key in pinned)}
    out = draw(seldom([], *([key] for key in sorted({*lib.lessons, *lib.activities} - wanted - {*pinned}))))
    decks = {deck: sorted(each.id for each in lib.cards_of(deck)) for deck in lib.decks}
    return Brief(
        title="Generated",
        minutes=draw(st.sampled_from((90, 120, 121, 240)) | st.integers(30, 480)),
        participants=expected,
        participants_most=min(expected + draw(seldom(0, 1, 4, 12)), 200),
        mode=draw(seldom("in-person", "online", "hybrid")),
        attendance=draw(seldom("voluntary", "required")),
        date=draw(seldom(None, datetime.date(2027, 6, 1), datetime.date(2027, 6, 2))),
        focus=tuple(focus),
        leave_out=tuple(out),
        max_level=draw(st.sampled_from((3, 2, 1, 0))),
        cards={deck: draw(st.sampled_from(names)) for deck, names in decks.items() if draw(st.booleans())},
        pinned=pinned,
        facilitators=draw(st.sampled_from((2, 1))),
        run_before=draw(st.booleans()),
        interpretation=draw(seldom("none", "consecutive", "simultaneous")),
        access=tuple(draw(seldom((), *((need,) for need in ACCESS)))),
        break_minutes=draw(seldom("auto", 0, 5, 10, 20, 25, 60)),
        buffer_percent=draw(seldom(10, 5, 15)),
    )


def workshops() -> st.SearchStrategy[tuple[Library, Brief]]:
    """A generated library with a brief for it."""
    return libraries().flatmap(lambda lib: st.tuples(st.just(lib), briefs(lib)))


# ------------------------------------------------------------ libraries like written ones, by a seed


ROOMY = ("plenary", "plenary", "solo", "pairs", "pairs", "threes", "small groups", "small groups")
INNER = ("concept", "concept", "concept", "case", "case", "practice", "practice")


def likely(seed: int, count: int = 20) -> Library:
    """A library of so many lessons as people write them: two to four honest steps each; the same for the same seed."""
    draw = random.Random(f"{seed}/{count}")
    ends = [phase for phase in ("opening", "closing") if count >= 10 and draw.random() < 0.3]
    phases = ["opening", "closing", *ends]
    phases += [INNER[number % len(INNER)] for number in range(max(count - len(phases), 1))]
    written: list[Written] = []
    for number, phase in enumerate(phases):
        written.append(_likely_lesson(draw, f"{phase}-{number:03}", phase, written))
    decks = [one.lesson.id for one in written if one.lesson.deck]
    cards = [card(f"{deck}-{level}", deck, level) for deck in decks for level in (0, draw.randint(1, 3))]
    return library(*written, cards=cards, sheets=[sheet(f"{one.lesson.id}/primer") for one in written])


def _likely_lesson(draw: random.Random, key: str, phase: str, earlier: Sequence[Written]) -> Written:
    """A lesson that may need the opening and an earlier concept."""
    frame = phase in ("opening", "closing")
    count = draw.randint(2, 3 if frame else 4)
    steps = [_likely_step(draw, f"s{number}", number, frame=frame) for number in range(count)]
    concepts = [one.lesson.id for one in earlier if one.lesson.phase == "concept"]
    needs: list[str | Need] = []
    if not frame and draw.random() < 0.5:
        needs.append("opening-000")
    if not frame and concepts and draw.random() < 0.25:
        needed = draw.choice(concepts)
        needs.append(Need(lesson=needed, primer="primer") if draw.random() < 0.6 else needed)
    case = {"deck": key, "default_card": f"{key}-0"} if phase == "case" else {}
    heavy = {"concept": (0, 0, 1), "case": (1, 2, 2, 3), "practice": (0, 0, 1)}.get(phase, (0,))
    return lesson(key, phase, *steps, needs=needs, intensity=draw.choice(heavy), **case)


def _likely_step(draw: random.Random, stem: str, number: int, *, frame: bool) -> Activity:
    """A step of four to thirty minutes; the first of a lesson is core, and half of the others are."""
    least = draw.randint(4, 6) if frame else draw.randint(5, 15)
    usual = least + draw.randint(1, 3 + least // 3)
    most = usual + draw.randint(1, 3 + usual // 3)
    grouping = draw.choice(ROOMY)
    talks = ("active", "mixed", "expository") if grouping == "plenary" else ("active", "active", "mixed")
    keys: dict[str, Any] = {
        "core": number == 0 or draw.random() < 0.5,
        "interaction": draw.choice(talks),
        "debrief": 0 if grouping == "plenary" else min(draw.choice((0, 2, 3, 5)), least),
        "talk": draw.choice((0, 2, 3, 5)),
        "scales": draw.choice(({}, {}, {}, {"person": "0.25"}, {"group": "1"})),
    }
    if grouping not in ("threes", "small groups") and draw.random() < 0.1:
        keys["variants"] = {"threes": {"grouping": "threes"}}
    if number and draw.random() < 0.15:
        keys["after"] = ("s0",)
    return step(stem, least, usual, most, grouping, **keys)


def likely_brief(seed: int, lib: Library, minutes: int, focus: int = 0) -> Brief:
    """A brief for `likely` libraries, with so many content lessons in focus, near to what the minutes hold."""
    draw = random.Random(f"{seed}/{minutes}/{focus}")
    people, chosen = draw.choice((8, 12, 16, 16, 18, 20, 24, 26)), _likely_focus(draw, lib, minutes, focus)
    decks = [str(lib.lessons[key].deck) for key in chosen or lib.lessons if lib.lessons[key].deck]
    contested = [deck for deck in decks if draw.random() < 0.3]
    return brief(
        minutes,
        participants=people,
        participants_most=people + draw.choice((0, 0, 2)),
        mode=draw.choice(("in-person", "in-person", "in-person", "online")),
        facilitators=2,
        run_before=draw.random() < 0.5,
        focus=chosen,
        max_level=3,
        cards={deck: lib.cards_of(deck)[-1].id for deck in contested},
        buffer_percent=draw.choice((10, 10, 10, 5, 15, 8)),
        break_minutes=draw.choice(("auto", "auto", "auto", 15)),
    )


def _likely_focus(draw: random.Random, lib: Library, minutes: int, count: int) -> tuple[str, ...]:
    """So many content lessons, or as many as may fit, that come near to what is booked: the nearest of forty sets."""
    content = sorted(key for key, one in lib.lessons.items() if one.phase not in ("opening", "closing"))
    room = minutes * 0.8 - 22
    sizes = (
        [number for number in range(1 if minutes <= 60 else min(count, 2), count + 1) for _ in range(20)]
        if count
        else []
    )
    sets = [tuple(draw.sample(content, min(number, len(content)))) for number in sizes]
    return min(sets, key=lambda keys: (abs(_likely_minutes(lib, keys) - room), -len(keys)), default=())


def _likely_minutes(lib: Library, keys: Sequence[str]) -> float:
    """Between what these lessons, and those that they cannot do without, take at the least and usually."""
    brought = {need.lesson for key in keys for need in lib.lessons[key].needs if need.primer is None}
    content = {key for key in {*keys, *brought} if lib.lessons[key].phase not in ("opening", "closing")}
    spans = [lib.minutes_of(key) for key in sorted(content)]
    return sum(0.7 * span.min + 0.5 * span.typical for span in spans)
