"""What refers to what in a library: every reference that leads nowhere, and every rule that several files make."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import islice

from builder.library.reading import LibraryReading
from builder.model import FEWEST_READINGS, Activity, Card, Disagreement, Lesson, Library, Recipe, Source
from builder.problems import Problem, did_you_mean
from builder.strict import Loc, Marked

MOST_WORDS_OF_AN_ADVISORY = 40
HIGHEST_OF_A_SECOND_CARD = 1
MOST_PROBLEMS = 200


def references(reading: LibraryReading) -> Iterator[Problem]:
    """What is wrong between files, the first 200 of it: nobody reads more, and a nearest word takes its time."""
    return islice(_all_problems(reading), MOST_PROBLEMS)


def _all_problems(reading: LibraryReading) -> Iterator[Problem]:
    library = reading.library()
    for check_kind, kind in (
        (_lesson_problems, "lessons"),
        (_activity_problems, "activities"),
        (_card_problems, "cards"),
        (_recipe_problems, "recipes"),
        (_disagreement_problems, "disagreements"),
        (_source_problems, "sources"),
    ):
        for key, value in reading.found[kind].items():
            yield from check_kind(reading, library, value, reading.marks[kind][key])
    yield from _circles(library, reading)


def _unknown(marked: Marked, what: str, word: str, loc: Loc, known: Iterable[str]) -> Problem:
    return marked.problem(f"unknown-{what}", f"there is no {what} '{word}'.", loc, did_you_mean(word, known))


def _missing(
    marked: Marked, what: str, words: Iterable[tuple[Loc, str | None]], *known: AbstractSet[str]
) -> Iterator[Problem]:
    for loc, word in words:
        if word is not None and not any(word in ids for ids in known):
            yield _unknown(marked, what, word, loc, set[str]().union(*known))


def _twice(marked: Marked, what: str, words: Iterable[tuple[Loc, str]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for loc, word in words:
        if word in seen:
            yield marked.problem("twice", f"the {what} '{word}' stands twice.", loc, "Take one out, or rename it.")
        seen.add(word)


def _numbered(*keys: str, words: Iterable[str]) -> list[tuple[Loc, str]]:
    return [((*keys, i), word) for i, word in enumerate(words)]


def _lesson_problems(reading: LibraryReading, library: Library, lesson: Lesson, marked: Marked) -> Iterator[Problem]:
    yield from _missing(marked, "source", _numbered("sources", words=lesson.sources), reading.ids("sources"))
    yield from _twice(marked, "outcome", [(("teaches", i, "id"), aim.id) for i, aim in enumerate(lesson.teaches)])
    words = len((lesson.advisory or "").split())
    if words > MOST_WORDS_OF_AN_ADVISORY:
        message = f"advisory: has {words} words, and it may have at most {MOST_WORDS_OF_AN_ADVISORY}."
        yield marked.problem("advisory-too-long", message, ("advisory",), "Name what is coming and the choice.")
    yield from _step_problems(reading, library, lesson, marked)
    yield from _need_problems(reading, lesson, marked)
    yield from _deck_problems(reading, library, lesson, marked)


def _step_problems(reading: LibraryReading, library: Library, lesson: Lesson, marked: Marked) -> Iterator[Problem]:
    """What is wrong with the activities that a lesson lists, and those that it does not."""
    listed = _numbered("activities", words=lesson.activities)
    stems = reading.stems_of("activities", lesson.id)
    yield from _missing(marked, "activity", listed, stems)
    yield from _twice(marked, "activity", listed)
    for stem in sorted(stems - set(lesson.activities)):
        hint = "Add it at its place in the teaching order, or take the file out."
        yield marked.problem("unlisted-activity", f"'activities' leaves out '{stem}'.", ("activities",), hint)
    steps = [library.activities.get(f"{lesson.id}/{stem}") for stem in lesson.activities]
    if not any(step is None or step.core for step in steps):
        hint = "Write 'core: true' in the one without which the lesson is none."
        yield marked.problem("no-core", "no activity of this lesson is core.", ("activities",), hint)


def _need_problems(reading: LibraryReading, lesson: Lesson, marked: Marked) -> Iterator[Problem]:
    needs = [(("needs", i, "lesson"), need.lesson) for i, need in enumerate(lesson.needs)]
    yield from _missing(marked, "lesson", needs, reading.ids("lessons"))
    for i, need in enumerate(lesson.needs):
        known = (reading.stems_of("sheets", other) for other in (lesson.id, need.lesson))
        yield from _missing(marked, "sheet", [(("needs", i, "primer"), need.primer)], reading.ids("sheets"), *known)


def _deck_problems(reading: LibraryReading, library: Library, lesson: Lesson, marked: Marked) -> Iterator[Problem]:
    cards = {card.id for card in library.cards.values() if card.lesson == lesson.id}
    seen = {key for key in reading.ids("cards") if key not in library.cards} | cards
    if lesson.deck is None:
        if cards or lesson.default_card:
            hint = "Add 'deck: …' and 'default_card: …', or take the cards out."
            yield marked.problem("no-deck", "has cards, and names no deck.", ("default_card",), hint)
        return
    others = [other.id for other in library.lessons.values() if other.deck == lesson.deck and other.id < lesson.id]
    for other in others:
        message = f"the deck '{lesson.deck}' belongs to '{other}' already."
        yield marked.problem("deck-twice", message, ("deck",), "Give this deck another name, here and in its cards.")
    if lesson.default_card is None:
        yield marked.problem("missing-key", "'default_card' is missing.", (), "Name a card of level 0.")
    elif lesson.default_card not in seen:
        yield _unknown(marked, "card", lesson.default_card, ("default_card",), seen)
    elif lesson.default_card in cards and library.cards[lesson.default_card].level != 0:
        level = library.cards[lesson.default_card].level
        message = f"the default card must be of level 0, and '{lesson.default_card}' is of level {level}."
        yield marked.problem("default-card-level", message, ("default_card",), "Name one that is made up.")


def _activity_problems(
    reading: LibraryReading, library: Library, activity: Activity, marked: Marked
) -> Iterator[Problem]:
    yield from _after_problems(reading, library, activity, marked)
    sheets = _numbered("handouts", words=activity.handouts)
    for name, variant in activity.variants.items():
        sheets += _numbered("variants", name, "handouts", words=variant.handouts or ())
    own = reading.stems_of("sheets", activity.lesson)
    yield from _missing(marked, "sheet", sheets, own, reading.ids("sheets"))
    yield from _talk_problems(activity, marked)
    lesson = library.lessons.get(activity.lesson)
    if lesson is None:
        return
    outcomes = frozenset(outcome.id for outcome in lesson.teaches)
    for key, ids in (("practises", activity.practises), ("checks", activity.checks)):
        yield from _missing(marked, "outcome", _numbered(key, words=ids), outcomes)
    if activity.second_card:
        yield from _second_card_problems(library, lesson, marked)


def _second_card_problems(library: Library, lesson: Lesson, marked: Marked) -> Iterator[Problem]:
    """A second card is another one of the lesson's deck, made up or settled."""
    if lesson.deck is None:
        hint = "Add 'deck: …' to lesson.md, or take 'second_card' out."
        yield marked.problem("no-deck", "uses a second card, and its lesson has no deck.", ("second_card",), hint)
    cards = [card for card in library.cards.values() if card.lesson == lesson.id]
    quiet = [card.id for card in cards if card.level <= HIGHEST_OF_A_SECOND_CARD]
    if lesson.deck and len(quiet) == 1:
        message = f"uses a second card, and '{quiet[0]}' is the only one of level 0 or 1."
        problem = marked.problem("no-second-card", message, ("second_card",), "Add a card of level 0 or 1.")
        yield replace(problem, severity="warning")


def _after_problems(reading: LibraryReading, library: Library, activity: Activity, marked: Marked) -> Iterator[Problem]:
    """What an activity builds on must exist, and stand before it."""
    lesson = library.lessons.get(activity.lesson)
    order = [f"{activity.lesson}/{stem}" for stem in lesson.activities] if lesson else []
    known = reading.ids("activities")
    for loc, word in _numbered("after", words=activity.after):
        key = word if "/" in word else f"{activity.lesson}/{word}"
        if key not in known:
            yield _unknown(marked, "activity", word, loc, known | reading.stems_of("activities", activity.lesson))
        elif key == activity.id:
            yield marked.problem("circle", "an activity cannot come after itself.", loc, "Take it out.")
        elif {key, activity.id} <= set(order) and order.index(key) > order.index(activity.id):
            message = f"comes after '{word}', and lesson.md lists it before."
            yield marked.problem("order", message, loc, "Change 'activities' in lesson.md, or take it out here.")


def _talk_problems(activity: Activity, marked: Marked) -> Iterator[Problem]:
    """Talk is a part of the typical minutes, in every variant; told once, for the first that breaks it."""
    varied: list[tuple[Loc, Activity]] = [(("variants", name), activity.varied(name)) for name in activity.variants]
    for loc, shape in ((("talk",), activity), *varied):
        if shape.talk is not None and shape.talk > shape.minutes.typical:
            message = f"talk: {shape.talk} minutes of talk are more than the typical {shape.minutes.typical}."
            problem = marked.problem("talk-too-long", message, loc, "Talk is a part of the typical minutes.")
            yield problem if shape is activity else replace(problem, severity="warning")
            return


def _card_problems(reading: LibraryReading, library: Library, card: Card, marked: Marked) -> Iterator[Problem]:
    lesson = library.lessons.get(card.lesson)
    if lesson is not None and lesson.deck is not None and card.deck != lesson.deck:
        message = f"deck: '{card.deck}' is not the deck of this lesson, '{lesson.deck}'."
        yield marked.problem("unknown-deck", message, ("deck",), f"Write 'deck: {lesson.deck}'.")
    sources = [
        (("argument", "source"), card.argument.source),
        *((("facts", i, "source"), fact.source) for i, fact in enumerate(card.facts)),
        *((("readings", i, "source"), reading.source) for i, reading in enumerate(card.readings)),
    ]
    yield from _missing(marked, "source", sources, reading.ids("sources"))
    if card.as_of and card.review_by and card.review_by < card.as_of:
        message = f"review_by: {card.review_by} comes before as_of, {card.as_of}."
        yield marked.problem("dates-order", message, ("review_by",), "A card is reviewed after it was written.")
    if card.contested:
        yield from _contested_problems(card, marked, adapted=card.id in reading.adapted)


def _contested_problems(card: Card, marked: Marked, *, adapted: bool) -> Iterator[Problem]:
    """What people disagree about needs more than what is made up."""
    hint = f"A card of level {card.level} needs it."
    for key in ("facts", "readings", "as_of", "review_by", "advisory"):
        if not getattr(card, key):
            yield marked.problem("missing-key", f"'{key}' is missing.", (), hint)
    for i, fact in enumerate(card.facts):
        for key in ("source", "date"):
            if not getattr(fact, key):
                yield marked.problem("missing-key", f"facts.{i + 1}: '{key}' is missing.", ("facts", i), hint)
    if 0 < len(card.readings) < FEWEST_READINGS:
        message = f"a contested card needs at least {FEWEST_READINGS} readings, and this one has {len(card.readings)}."
        hint = "Add the readings of those who see it otherwise."
        problem = marked.problem("too-few-readings", message, ("readings",), hint)
        told = "a pack leaves this card one-sided, and the papers say so:"
        one_sided = replace(problem, code="one-sided", message=f"{told} {message}", severity="warning")
        yield one_sided if adapted else problem


def _recipe_problems(reading: LibraryReading, library: Library, recipe: Recipe, marked: Marked) -> Iterator[Problem]:
    known = reading.ids("lessons") | reading.ids("cards")
    yield from _missing(marked, "lesson", _numbered("focus", words=recipe.focus), known)
    broken = reading.ids("lessons") - library.lessons.keys()
    for deck, card in recipe.cards.items():
        loc = ("cards", deck)
        cards = {other.id for other in library.cards_of(deck)} | (reading.ids("cards") - library.cards.keys())
        if deck not in library.decks and not broken:
            hint = did_you_mean(deck, library.decks)
            yield marked.problem("unknown-deck", f"there is no deck '{deck}'.", loc, hint, at_key=True)
        elif card not in cards:
            message = f"there is no card '{card}' in the deck '{deck}'."
            yield marked.problem("unknown-card", message, loc, did_you_mean(card, cards))


def _disagreement_problems(
    reading: LibraryReading, _: Library, found: Disagreement, marked: Marked
) -> Iterator[Problem]:
    sources = [(("positions", i, "source"), position.source) for i, position in enumerate(found.positions)]
    yield from _missing(marked, "source", sources, reading.ids("sources"))


def _source_problems(reading: LibraryReading, _: Library, source: Source, marked: Marked) -> Iterator[Problem]:
    """A work known through another names that other work, which must have been seen itself."""
    loc, other = ("cited-in",), source.cited_in
    yield from _missing(marked, "source", [(loc, other)], reading.ids("sources"))
    if other == source.id or (other in reading.found["sources"] and reading.found["sources"][other].cited_in):
        hint = "Name the source that you read, one without 'cited-in'."
        yield marked.problem("cited-in", f"cited-in: '{other}' was not seen itself.", loc, hint)


def _circles(library: Library, reading: LibraryReading) -> Iterator[Problem]:
    """Lessons that need one another, and activities that come after one another, without a beginning."""
    lessons = {key: [need.lesson for need in lesson.needs] for key, lesson in library.lessons.items()}
    steps = {
        key: [word if "/" in word else f"{step.lesson}/{word}" for word in step.after]
        for key, step in library.activities.items()
    }
    hint = "Take one of these out."
    for kind, key, what, graph in (("lessons", "needs", "lesson", lessons), ("activities", "after", "activity", steps)):
        circle = _on_a_circle(graph)
        for start in sorted(circle):
            mark = reading.marks[kind][start]
            if start not in graph[start]:
                way = ", ".join(word for word in graph[start] if word in circle)
                yield mark.problem("circle", f"this {what} comes before itself, by way of {way}.", (key,), hint)
            elif kind == "lessons":
                at = (key, graph[start].index(start), "lesson")
                yield mark.problem("circle", "a lesson cannot need itself.", at, "Take it out.")


def _on_a_circle(graph: Mapping[str, Sequence[str]]) -> set[str]:
    """The nodes from which a way leads back to themselves (Kosaraju: each arrow is followed twice, however many)."""
    backwards: dict[str, list[str]] = {node: [] for node in graph}
    for node in graph:
        for other in graph[node]:
            backwards.setdefault(other, []).append(node)
    found: set[str] = set()
    seen: set[str] = set()
    for start in reversed(list(_finished(graph, graph, set()))):
        together = list(_finished([start], backwards, seen))
        if len(together) > 1 or start in graph.get(start, ()):
            found.update(together)
    return found


def _finished(starts: Iterable[str], graph: Mapping[str, Sequence[str]], seen: set[str]) -> Iterator[str]:
    """The nodes that can be reached and are not yet in `seen`, each after all that can be reached from it."""
    for start in starts:
        way = [(start, iter(graph.get(start, ())))] if start not in seen else []
        seen.add(start)
        while way:
            node, rest = way[-1]
            other = next((other for other in rest if other not in seen), None)
            if other is None:
                way.pop()
                yield node
            else:
                seen.add(other)
                way.append((other, iter(graph.get(other, ()))))
