"""One lesson as a page shows it: outcomes, activities, sheets, cases, sources in full, whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder import licences
from builder.blocks import Paper, Sheet
from builder.html import Leaves, leaf, leaves
from builder.kit.cases import case_sheet, sources_of
from builder.kit.templates import fitted
from builder.kit.texts import Texts, filled, reference
from builder.model import FRAME, LEVEL_NAMES
from builder.web.shelf import Shelved, cards_of, sheets_of, shelved, span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from builder.blocks import Blocks, PageSize
    from builder.model import Activity, Card, Lesson, Library, Source

_GROUPED = {"solo": "alone", "plenary": "everybody"}
_EVERY = {"person": "for each person", "group": "for each group", "room": "for the room"}


@dataclass(frozen=True, slots=True)
class Listed:
    """Something with a page of its own: its title, the address of its page, and what to say of it."""

    title: str
    address: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """An activity of a lesson, in words; `purpose` is HTML."""

    title: str
    minutes: str
    how: str
    core: bool
    debrief: int
    purpose: str
    sheets: Sequence[Listed]


@dataclass(frozen=True, slots=True)
class Case:
    """A case of a lesson, in words."""

    key: str
    title: str
    address: str
    level: str
    workplace: bool
    usual: bool
    advisory: str
    review_by: str


@dataclass(frozen=True, slots=True)
class Work:
    """A source in full: what stands before its address, the address, and what stands behind it."""

    before: str
    address: str
    after: str


@dataclass(frozen=True, slots=True)
class Whole:
    """All that is said of one lesson; `background` is HTML."""

    shelved: Shelved
    version: str
    language: str
    authors: Sequence[str]
    licence: str
    licence_address: str
    background: str
    advisory: str
    audience: str
    needs: Sequence[tuple[Listed, Listed | None]]
    steps: Sequence[Step]
    sheets: Sequence[Listed]
    cases: Sequence[Case]
    works: Sequence[Work]
    is_frame: bool


def whole(key: str, library: Library) -> Whole:
    """One lesson with all that belongs to it."""
    lesson, texts = library.lessons[key], Texts(library)
    licence = licences.find(lesson.license)
    return Whole(
        shelved=shelved(lesson, library),
        version=lesson.version,
        language=lesson.language,
        authors=lesson.authors,
        licence=licence.id if licence else lesson.license,
        licence_address=licence.url if licence else "",
        background=leaf(filled(texts.lesson(lesson), {}, library), lesson.language),
        advisory=_line(lesson.advisory),
        audience=_line(lesson.audience),
        needs=list(_needs(lesson, library)),
        steps=[_step(step, texts) for step in library.activities_of(key)],
        sheets=[_sheet(sheet.id, library, _EVERY[sheet.per]) for sheet in sheets_of(key, library)],
        cases=[_case(card, lesson) for card in cards_of(lesson, library)],
        works=list(_works(lesson, library)),
        is_frame=lesson.phase in FRAME,
    )


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _needs(lesson: Lesson, library: Library) -> Iterator[tuple[Listed, Listed | None]]:
    """The lessons that come before, each with the sheet that may stand in for it."""
    for need in lesson.needs:
        primer = library.sheet(need.primer, lesson.id, need.lesson) if need.primer else None
        other = Listed(library.lessons[need.lesson].title, f"/library/{need.lesson}")
        yield other, _sheet(primer.id, library) if primer else None


def _sheet(key: str, library: Library, words: str = "") -> Listed:
    owner, _, stem = key.partition("/")
    return Listed(library.sheets[key].title, f"/library/{owner}/sheets/{stem}", words)


def _step(step: Activity, texts: Texts) -> Step:
    library = texts.library
    sheets = [found for name in step.handouts if (found := library.sheet(name, step.lesson))]
    purpose = texts.sections(step).get("", ())
    return Step(
        step.title,
        span(step.minutes),
        _GROUPED.get(step.grouping, step.grouping),
        step.core,
        step.debrief,
        leaf(filled(fitted(purpose), {}, library), library.lessons[step.lesson].language),
        [_sheet(sheet.id, library) for sheet in sheets],
    )


def _case(card: Card, lesson: Lesson) -> Case:
    return Case(
        card.id,
        card.title,
        f"/library/{lesson.id}/cases/{card.id}",
        f"level {card.level}, {LEVEL_NAMES[card.level]}",
        card.workplace,
        card.id == lesson.default_card,
        _line(card.advisory or lesson.advisory),
        str(card.review_by or ""),
    )


def _works(lesson: Lesson, library: Library) -> Iterator[Work]:
    """The works that a lesson and its cases name, in the order of the list of sources."""
    named = {*lesson.sources, *(key for card in cards_of(lesson, library) for key in sources_of(card, library))}
    for key, source in library.sources.items():
        if key in named:
            yield _work(source, library)


def _work(source: Source, library: Library) -> Work:
    text = reference(source, library)
    address = f"https://doi.org/{source.doi}" if source.doi else source.url or ""
    before, found, after = text.partition(address) if address else (text, "", "")
    return Work(before, found, after)


# ------------------------------------------------------------ a sheet, a case


@dataclass(frozen=True, slots=True)
class Shown:
    """A sheet or a case of a lesson as it is printed, with what stands above it."""

    title: str
    words: str
    lesson: str
    paper: Leaves


def sheet(key: str, stem: str, library: Library, size: PageSize) -> Shown | None:
    """A sheet of a lesson, None where there is none of that name."""
    found = library.sheets.get(f"{key}/{stem}")
    if found is None or key not in library.lessons:
        return None
    blocks = fitted(Texts(library).sheet(found))
    return _shown(found.title, _EVERY[found.per], key, tuple(blocks), library, size)


def case(key: str, name: str, library: Library, size: PageSize) -> Shown | None:
    """The sheet of a case of a lesson, None where there is none of that name."""
    card, lesson = library.cards.get(name), library.lessons.get(key)
    if card is None or lesson is None or card.deck != lesson.deck:
        return None
    return _shown(card.title, _case(card, lesson).level, key, case_sheet(card, Texts(library), None), library, size)


def _shown(title: str, words: str, key: str, blocks: Blocks, library: Library, size: PageSize) -> Shown:  # noqa: PLR0913, PLR0917
    lesson = library.lessons[key]
    paper = Paper(title, (Sheet(filled(blocks, {}, library), ""),), size=size, language=lesson.language)
    return Shown(title, words, lesson.title, leaves(paper))
