"""Whose sentence is that? Cards, claims and advisories: attributed, balanced, dated, and announced."""

import re
from collections.abc import Iterator

from builder.model import LIVING, Card, Lesson, Person, Source
from builder.quality.found import Found
from builder.quality.language import any_of, count_words, listed, sentence_at, sentences
from builder.quality.subject import Kind, Subject, Written, unquoted

LONGEST_TO_SHORTEST = 1.25
LEAST_MADE_UP = 2
ADVISORY_FROM = 2
_NOT_BEFORE_CONTESTED = any_of(["apartheid", "mobs?", "extremists?", "complicit", "complicity"])
_VERBS = "argues?|says?|said|writes?|wrote|holds?|claims?|reports?|suggests?|insists?|objects?|thinks?|believes?"
_LATE = re.compile(
    rf", (?:(?:[A-Z][\w’'-]+ )+(?:{_VERBS})|(?:says|said|argues|writes|claims) (?!that\b)[^,.;]{{1,60}})[.!]?$"
)
_CITED = re.compile(r"@([A-Za-z0-9_-]+)")


def no_source(subject: Subject) -> Iterator[Found]:
    """Facts, arguments and readings of real cases that name no source, and are not marked as made for the exercise."""
    for card in subject.library.cards.values():
        if card.level == 0:
            continue
        for i, fact in enumerate(card.facts):
            if not fact.source and not _CITED.search(fact.text):
                yield subject.at(card, ("facts", i, "text"), "a fact of a real case names no source.")
        if not card.argument.source and not _CITED.search(card.argument.text):
            yield subject.at(card, ("argument", "text"), "the argument on a real case names no source.")
        for i, reading in enumerate(card.readings):
            if not (reading.source or reading.constructed or _CITED.search(reading.text)):
                hint = "Add 'source: …', or 'constructed: true' where it was made for the exercise."
                yield subject.at(card, ("readings", i, "text"), "a reading of a real case names no source.", hint)


def named_without_source(subject: Subject) -> Iterator[Found]:
    """Sentences that say what an author of the library argues, in a file that cites nothing by that author."""
    families = {person.family for person in _people(subject) if person.family}
    authors = {family: {source.id for source in _by(subject, family)} for family in families}
    if not authors:
        return
    names = re.compile(rf"\b({'|'.join(map(re.escape, sorted(authors, key=len, reverse=True)))})\s+(?:{_VERBS})\b")
    for written in subject.written:
        told: set[str] = set()
        for match in names.finditer(unquoted(written)):
            if match[1] not in told and not authors[match[1]] & _cited_in(subject, written):
                told.add(match[1])
                yield written.found(f"says what {match[1]} argues, and cites nothing by {match[1]}.", match.start())


def _people(subject: Subject) -> Iterator[Person]:
    for source in subject.library.sources.values():
        yield from source.author


def _by(subject: Subject, family: str) -> Iterator[Source]:
    for source in subject.library.sources.values():
        if any(person.family == family for person in source.author):
            yield source


def _cited_in(subject: Subject, written: Written) -> set[str]:
    """The sources that a text's file, its lesson or its card names."""
    library = subject.library
    cited = set(library.lessons[written.lesson].sources)
    if written.kind == "card":
        cited |= card_sources(library.cards[written.id])
    for other in subject.written:
        if other.path == written.path or other is written:
            cited |= set(_CITED.findall(other.text))
    return cited


def card_sources(card: Card) -> set[str]:
    """The sources that a card's keys name."""
    facts, readings = (fact.source for fact in card.facts), (reading.source for reading in card.readings)
    return {source for source in (card.argument.source, *facts, *readings) if source}


def labels(subject: Subject) -> Iterator[Found]:
    """Verdicts on people and states that stand in nobody's name."""
    for written in subject.written:
        if written.holder or (not written.exact and written.kind != "card"):
            continue
        text, contested = unquoted(written), _contested(subject, written)
        for match in listed("labels").finditer(text):
            mild = _NOT_BEFORE_CONTESTED.fullmatch(match[0]) and not contested
            attributed = listed("attribution").search(sentence_at(text, match.start()))
            if not (mild or attributed or _is_advisory(subject, written)):
                yield written.found(f"'{match[0]}' is a verdict, and stands in nobody's name.", match.start())


def _contested(subject: Subject, written: Written) -> bool:
    return written.kind == "card" and subject.library.cards[written.id].contested


def _is_advisory(subject: Subject, written: Written) -> bool:
    return written.kind == "card" and subject.library.cards[written.id].advisory == written.text


def late_attribution(subject: Subject) -> Iterator[Found]:
    """Sentences that tell at their end whose they are."""
    for written in subject.written:
        if written.kind in ("card", "lesson"):
            for sentence in sentences(unquoted(written)):
                match = _LATE.search(" ".join(sentence.split()))
                if match:
                    start = max(unquoted(written).find(sentence), 0)
                    yield written.found(f"says at its end whose sentence it is: '{match[0].strip(', .')}'.", start)


def unequal(subject: Subject) -> Iterator[Found]:
    """Contested cards on which one reading is longer than another by more than a quarter."""
    for card in subject.library.cards.values():
        lengths = [count_words(reading.text) for reading in card.readings]
        if card.contested and len(lengths) > 1 and max(lengths) > LONGEST_TO_SHORTEST * min(lengths):
            longest, shortest = lengths.index(max(lengths)), lengths.index(min(lengths))
            message = (
                f"reading {longest + 1} has {max(lengths)} words, and reading {shortest + 1} has {min(lengths)}: "
                "more than a quarter between them."
            )
            yield subject.at(card, ("readings", longest, "text"), message)


def court(subject: Subject) -> Iterator[Found]:
    """Reports of criminal proceedings on cards about disputes of today, where people live."""
    for written in subject.written:
        if written.kind == "card" and not written.holder and subject.library.cards[written.id].level >= LIVING:
            match = listed("court").search(unquoted(written))
            if match:
                yield written.found(f"'{match[0]}' reports proceedings, which may end otherwise.", match.start())


def not_reviewed(subject: Subject) -> Iterator[Found]:
    """Contested cards that nobody with a stake is said to have read."""
    for card in subject.library.cards.values():
        if card.contested and not card.reviewed:
            yield subject.at(card, (), "nobody is named, by role, who has read it before it was published.")


def few_made_up(subject: Subject) -> Iterator[Found]:
    """Decks that leave too little choice to whom even a mild case is too close."""
    for deck, lesson in subject.library.decks.items():
        cards = subject.library.cards_of(deck)
        made_up = [card for card in cards if card.level == 0 and not card.workplace]
        if len(made_up) < LEAST_MADE_UP:
            count = f"only {len(made_up)} card" if made_up else "no card"
            yield subject.at(lesson, ("deck",), f"has {count} of level 0 that does not play at work.")


def no_advisory(subject: Subject) -> Iterator[Found]:
    """Lessons that may be hard to bear, and do not announce it."""
    for lesson, _ in subject.steps:
        if not lesson.advisory and lesson.intensity >= ADVISORY_FROM:
            yield subject.at(lesson, ("intensity",), f"is of intensity {lesson.intensity}, and has no advisory.")


def unannounced(subject: Subject) -> Iterator[Found]:
    """The first hard word in a lesson or card that has no advisory."""
    library, told = subject.library, set[tuple[str, str]]()
    for written in subject.written:
        card = library.cards.get(written.id) if written.kind == "card" else None
        announced = library.lessons[written.lesson].advisory
        if card is not None:
            announced = card.advisory or (announced if card.level == 0 else None)
        whose = ("card", card.id) if card is not None else ("lesson", written.lesson)
        match = listed("hard-to-bear").search(unquoted(written)) if _shown(written.kind) else None
        if match and not announced and whose not in told:
            told.add(whose)
            message = f"speaks of '{match[0]}', and the {whose[0]} has no advisory."
            yield written.found(message, match.start())


def _shown(kind: Kind) -> bool:
    """Whether participants meet such a text."""
    return kind != "lesson"


def no_choice(subject: Subject) -> Iterator[Found]:
    """Advisories that announce something and offer no choice."""
    things: list[tuple[Lesson | Card, str]] = [(lesson, key) for key, lesson in subject.library.lessons.items()]
    things += [(card, card.lesson) for card in subject.library.cards.values()]
    for thing, lesson in things:
        if thing.advisory and subject.english(lesson) and not listed("choice").search(thing.advisory):
            yield subject.at(thing, ("advisory",), "the advisory names no choice.")
