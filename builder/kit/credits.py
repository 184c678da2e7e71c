"""Whose words a paper holds: the works that it cites, the lessons that it was made from, their authors and licences."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from builder import licences
from builder.blocks import Block, Runs, replace_runs
from builder.kit.adapted import in_short
from builder.kit.cases import sources_of
from builder.kit.sheets import Handout, pieces
from builder.kit.texts import Texts, cited_as, printed
from builder.model import Lesson, Library

if TYPE_CHECKING:
    from builder.kit.context import Context

MOST_NAMED = 8

_AROUND_CREDITS, _SMALL_LINE = 200, 88
"""Letters that stand around the credits (sources in short, a line for changes), and letters of a line of small type."""
_GAP_MM, _SMALL_LINE_MM = 6.0, 5.2

_CITED = re.compile(r"@([a-z0-9]+(?:-[a-z0-9]+)*)")


def lesson_of(sheet: Handout) -> str:
    """The id of the lesson that a sheet comes from, or a part of one."""
    return sheet.card.lesson if sheet.card else sheet.key.partition("/")[0]


def lessons_of(sheets: Iterable[Handout]) -> list[str]:
    """The ids of the lessons that some sheets come from, once each; the sheet of sources comes from none."""
    return list(dict.fromkeys(lesson_of(sheet) for sheet in pieces(sheets) if not sheet.works))


def lessons_in(context: "Context") -> list[str]:
    """Every lesson whose words are in this kit: those of the agenda, and those that only lend a sheet."""
    return list(dict.fromkeys((*context.plan.agenda.lessons, *lessons_of(context.sheets))))


def authors(context: "Context") -> list[str]:
    """Everybody who wrote a lesson of this kit, once."""
    lessons = (context.library.lessons[key] for key in lessons_in(context))
    return list(dict.fromkeys(author for lesson in lessons for author in lesson.authors))


def titles_by_licence(context: "Context") -> Mapping[str, Sequence[str]]:
    """The titles of the lessons in this kit by the licence that they name."""
    found: dict[str, list[str]] = {}
    for key in lessons_in(context):
        lesson = context.library.lessons[key]
        found.setdefault(lesson.license, []).append(lesson.title)
    return found


# ------------------------------------------------------------ works


def works_in(blocks: Iterable[Block]) -> set[str]:
    """The ids of the works that are cited in some blocks, before their citations are put in words."""
    found: set[str] = set()

    def note(runs: Runs) -> Runs:
        found.update(run.cite for run in runs if run.cite)
        return runs

    replace_runs(blocks, note)
    return found


def has_gaps(blocks: Iterable[Block]) -> bool:
    """Whether some blocks hold placeholders, before they are filled."""
    fills: set[str] = set()

    def note(runs: Runs) -> Runs:
        fills.update(run.fill for run in runs if run.fill)
        return runs

    replace_runs(blocks, note)
    return bool(fills)


def works_on(sheet: Handout, blocks: Iterable[Block], texts: Texts) -> set[str]:
    """The works named on a sheet: in its text, in its table of who disagrees, or beside the parts of its case."""
    found = works_in(blocks) | set(sources_of(sheet.card, texts.library) if sheet.card else ())
    bodies = [part.sheet.body for part in pieces([sheet]) if part.sheet]
    return found.union(*map(texts.sources_in_dispute, bodies))


def works_of(context: "Context", shown: Collection[str]) -> list[str]:
    """The works behind this kit, in the order of the list of sources.

    These are the ones that its papers cite (`shown`); those that a lesson of the agenda lists and cites nowhere, since
    all of it rests on them; and the ones through which any of these is known. What is cited only in a step, sheet or
    case that is not in this workshop is left out.
    """
    library, named = context.library, set(shown)
    for key in context.plan.agenda.lessons:
        lesson = library.lessons[key]
        named.update(set(lesson.sources) - set(_cited_by(lesson, library)))
    named |= {source.cited_in for key in named if (source := library.sources.get(key)) and source.cited_in}
    return [key for key in library.sources if key in named]


def _cited_by(lesson: Lesson, library: Library) -> Iterator[str]:
    """The works that a lesson cites anywhere: in its background, its activities, its sheets or its cards."""
    inside = f"{lesson.id}/"
    texts = [lesson.body.markdown]
    texts += [step.body.markdown for key, step in library.activities.items() if key.startswith(inside)]
    texts += [sheet.body.markdown for key, sheet in library.sheets.items() if key.startswith(inside)]
    for card in (card for card in library.cards.values() if card.lesson == lesson.id):
        texts += [card.body.markdown, *(text for _, text in printed(card))]
        yield from sources_of(card, library)
    for text in texts:
        yield from _CITED.findall(text)


def named_works(works: Collection[str], library: Library) -> str:
    """Works in short, in the order of the list of sources: "Kolers 2016; Grippo". Many are only pointed at.

    Each is named in the same words where it is used; a long list here would cost every copy another page.
    """
    if len(works) > MOST_NAMED:
        return f"{len(works)} works, named where they are used"
    return "; ".join(cited_as(source, library) for key, source in library.sources.items() if key in works)


# ------------------------------------------------------------ the last block


def credit_lines(lessons: Iterable[str], library: Library) -> list[str]:
    """For each set of authors under one licence: their lessons with versions, their names, the licence's address."""
    groups: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for key in lessons:
        lesson = library.lessons[key]
        groups.setdefault((lesson.authors, lesson.license), []).append(f"“{lesson.title}” {lesson.version}")
    lines = [
        f"{', '.join(titles)}: {', '.join(names)}, {_licence(licence)}." for (names, licence), titles in groups.items()
    ]
    known = [found for _, licence in groups if (found := licences.find(licence))]
    shared = sorted(found.id for found in known if found.share_alike)
    return [*lines, f"As a whole this paper may be passed on only under {shared[-1]}."] if shared else lines


def credits_mm(sheets: Iterable[Handout], library: Library) -> float:
    """About how high the last block of a file with these sheets is, in millimetres: its lines of small type."""
    sheets = list(sheets)
    lines = [*credit_lines(lessons_of(sheets), library), *in_short(sheets, library)]
    letters = sum(map(len, lines)) + _AROUND_CREDITS
    return _GAP_MM + _SMALL_LINE_MM * -(-letters // _SMALL_LINE)


def _licence(text: str) -> str:
    found = licences.find(text)
    return f"{found.id}, {found.url.removeprefix('https://').rstrip('/')}" if found else text
