"""What the lessons rest on: complete references, each of them used, and a licence."""

import re
from collections.abc import Iterator

from builder import licences as licences_known
from builder.model import Source
from builder.quality.claims import card_sources
from builder.quality.found import Found
from builder.quality.subject import Subject

_CITED = re.compile(r"@([A-Za-z0-9_-]+)")
_PEOPLE = ("author", "editor", "translator", "director", "interviewer", "host", "producer", "compiler", "contributor")


def incomplete(subject: Subject) -> Iterator[Found]:
    """References that a reader could not follow."""
    for source in subject.library.sources.values():
        missing = list(_missing(source))
        if missing:
            yield _at(subject, source.id, f"a reader cannot follow '{source.id}': {' and '.join(missing)}.")


def _missing(source: Source) -> Iterator[str]:
    whose = any(getattr(source, key) for key in _PEOPLE)
    where = source.container_title or source.publisher or source.archive or source.authority
    address = source.url or source.doi or source.isbn
    if not (whose or where):
        yield "nobody stands behind it (author, container-title or publisher)"
    if not (source.issued or source.accessed or source.original_date):
        yield "it has no date (issued, or accessed where none is shown)"
    if not (address or where or source.note):
        yield "nothing says where it is (URL, DOI, ISBN, container-title or publisher)"
    if source.url and not source.doi and not source.accessed and source.type not in ("book", "chapter"):
        yield "the day on which its address was read is missing (accessed)"


def uncited(subject: Subject) -> Iterator[Found]:
    """Sources that no lesson or card uses."""
    library = subject.library
    used = {name for lesson in library.lessons.values() for name in lesson.sources}
    used |= {position.source for each in library.disagreements.values() for position in each.positions}
    used |= {source.cited_in for source in library.sources.values() if source.cited_in}
    for card in library.cards.values():
        used |= card_sources(card)
        texts = (card.argument.text, *(fact.text for fact in card.facts), *(each.text for each in card.readings))
        used |= {name for text in (card.body.markdown, *texts) for name in _CITED.findall(text)}
    for things in (library.lessons, library.activities, library.sheets):
        used |= {name for thing in things.values() for name in _CITED.findall(thing.body.markdown)}
    for name in library.sources:
        if name not in used:
            yield _at(subject, name, f"nothing cites '{name}'.")


def _at(subject: Subject, source: str, message: str) -> Found:
    mark = subject.marks.get("sources", {}).get(source)
    problem = mark.problem("", "") if mark else None
    return Found(message, problem.path, problem.line, problem.column) if problem else Found(message)


def licences(subject: Subject) -> Iterator[Found]:
    """Lessons whose licence does not say, by a known name, what others may do with them."""
    for lesson in subject.library.lessons.values():
        if licences_known.find(lesson.license) is None and not lesson.license.startswith("LicenseRef-"):
            yield subject.at(lesson, ("license",), f"'{lesson.license}' is not the short name of a known licence.")
