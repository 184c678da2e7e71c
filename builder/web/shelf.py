"""The library as a page shows it: what somebody looks for, and the lessons that fit."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.model import LEVEL_NAMES, PHASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from builder.model import Card, HandoutSheet, Lesson, Library, Minutes

PHASE_WORDS = {
    "opening": "Opening",
    "concept": "Ideas",
    "case": "Case",
    "practice": "Practice",
    "closing": "Closing",
}
LEVELS = tuple((str(level), f"{name} at most" if level else f"{name} only") for level, name in enumerate(LEVEL_NAMES))
MOST_MINUTES = 480


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for: words, a phase, the most minutes, how contested a case may be; `wrong` if unreadable."""

    words: str = ""
    phase: str = ""
    minutes: str = ""
    level: str = ""
    wrong: str = ""

    @property
    def is_any(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.words or self.phase or self.minutes or self.level)

    @property
    def most(self) -> int | None:
        """The most minutes, None for any."""
        return int(self.minutes) if self.minutes and not self.wrong else None

    @property
    def highest(self) -> int | None:
        """The highest level of a case, None for any."""
        return int(self.level) if self.level else None


def wish(params: Mapping[str, str]) -> Wish:
    """What an address asks for; what cannot be understood is told, and asks for nothing."""
    words = " ".join(params.get("words", "").split())[:200]
    phase = params.get("phase", "") if params.get("phase", "") in PHASES else ""
    level = params.get("level", "") if params.get("level", "") in {str(n) for n in range(len(LEVEL_NAMES))} else ""
    minutes = params.get("minutes", "").strip()[:20]
    fits = minutes.isascii() and minutes.isdecimal() and 1 <= int(minutes) <= MOST_MINUTES
    wrong = f"Type whole minutes from 1 to {MOST_MINUTES}." if minutes and not fits else ""
    return Wish(words, phase, minutes, level, wrong)


@dataclass(frozen=True, slots=True)
class Shelved:
    """A lesson in the list, in words."""

    key: str
    title: str
    summary: str
    phase: str
    minutes: str
    intensity: int
    outcomes: Sequence[str]
    needs: Sequence[tuple[str, str]]
    sheets: int
    cases: Sequence[str]


def found(library: Library, wanted: Wish) -> list[Shelved]:
    """The lessons that fit a wish, in teaching order."""
    fitting = [lesson for lesson in library.lessons.values() if _fits(lesson, library, wanted)]
    return [shelved(lesson, library) for lesson in sorted(fitting, key=lambda each: PHASES.index(each.phase))]


def _fits(lesson: Lesson, library: Library, wanted: Wish) -> bool:
    if wanted.phase and lesson.phase != wanted.phase:
        return False
    if wanted.most is not None and library.minutes_of(lesson.id).min > wanted.most:
        return False
    cards = cards_of(lesson, library)
    if wanted.highest is not None and cards and min(card.level for card in cards) > wanted.highest:
        return False
    text = plain(" ".join(_searched(lesson, cards)))
    return all(word in text for word in plain(wanted.words).split())


def _searched(lesson: Lesson, cards: Iterable[Card]) -> Iterator[str]:
    yield from (lesson.title, lesson.summary)
    yield from (aim.outcome for aim in lesson.teaches)
    yield from (card.title for card in cards)


def plain(text: str) -> str:
    """A text as one looks for it: without capitals and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def cards_of(lesson: Lesson, library: Library) -> Sequence[Card]:
    """The cases of a lesson, the least contested first."""
    return library.cards_of(lesson.deck) if lesson.deck else ()


def sheets_of(key: str, library: Library) -> list[HandoutSheet]:
    """The sheets of a lesson."""
    return [sheet for sheet in library.sheets.values() if sheet.id.startswith(f"{key}/")]


def shelved(lesson: Lesson, library: Library) -> Shelved:
    """A lesson in the words of the list."""
    return Shelved(
        lesson.id,
        lesson.title,
        " ".join(lesson.summary.split()),
        PHASE_WORDS[lesson.phase],
        span(library.minutes_of(lesson.id)),
        lesson.intensity,
        [aim.outcome for aim in lesson.teaches],
        [(need.lesson, library.lessons[need.lesson].title) for need in lesson.needs],
        len(sheets_of(lesson.id, library)),
        [f"{card.title} ({LEVEL_NAMES[card.level]})" for card in cards_of(lesson, library)],
    )


def span(minutes: Minutes) -> str:
    """Minutes in words."""
    if minutes.min == minutes.max:
        return f"{minutes.min} minutes"
    return f"{minutes.min} to {minutes.max} minutes, usually {minutes.typical}"
