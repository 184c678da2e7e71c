"""What other programs are told, as plain JSON values: a plan, a refusal, a lesson. The shapes are promises."""

from collections.abc import Iterable, Mapping
from typing import Any

from builder import licences
from builder.model import Activity, Card, Lesson, Library, Person, Plan, Slot, Source
from builder.planner import Instead
from builder.problems import Problem, WorkshopError


def plan(found: Plan, library: Library) -> Mapping[str, Any]:
    """A plan: its slots, whose minutes sum to `minutes`, what is left out, and what is worth knowing."""
    return {
        "minutes": found.agenda.minutes,
        "start": found.brief.start,
        "slots": [_slot(slot, found, library) for slot in found.agenda.slots],
        "left_out": [{"lesson": o.lesson, "activity": o.activity, "reason": o.reason} for o in found.left_out],
        "primers": list(found.primers),
        "alternates": dict(found.alternates),
        "score": found.score,
        "missed": list(found.missed),
        "warnings": list(found.warnings),
    }


def _slot(slot: Slot, found: Plan, library: Library) -> Mapping[str, Any]:
    calibration = library.calibration(slot.activity.id, slot.variant) if slot.activity else None
    return {
        "start": found.brief.clock(slot.start),
        "minutes": slot.minutes,
        "kind": slot.kind,
        "title": slot.title,
        "lesson": slot.activity.lesson if slot.activity else None,
        "activity": slot.activity.id if slot.activity else None,
        "card": slot.card,
        "variant": slot.variant,
        "reason": slot.reason or None,
        "runs": calibration.runs if calibration else 0,
    }


def refused(error: WorkshopError, other: Instead | None = None, library: Library | None = None) -> Mapping[str, Any]:
    """Why there is no plan, the fewest and most minutes at which there would be one, and what could be had instead.

    The lengths are null where unproved, `instead` is null where nothing was found; `without` says what is given up.
    """
    instead = {"without": other.words, "plan": plan(other.plan, library)} if other and library else None
    return {
        "problems": [problem(entry) for entry in error.problems],
        "least_minutes": getattr(error, "least_minutes", None),
        "most_minutes": getattr(error, "most_minutes", None),
        "instead": instead,
    }


def problem(entry: Problem) -> Mapping[str, Any]:
    """One problem with its place (null where it has none)."""
    return {
        "severity": entry.severity,
        "code": entry.code,
        "message": entry.message,
        "path": entry.path or None,
        "line": entry.line or None,
        "column": entry.column or None,
        "hint": entry.hint or None,
    }


def lesson(library: Library, key: str, *, whole: bool) -> Mapping[str, Any]:
    """A lesson in short, or with its outcomes, activities and sheets."""
    found = library.lessons[key]
    minutes = library.minutes_of(key)
    told: dict[str, Any] = {
        "id": key,
        "title": found.title,
        "summary": found.summary,
        "phase": found.phase,
        "version": found.version,
        "language": found.language,
        "license": found.license,
        "minutes": {"min": minutes.min, "typical": minutes.typical, "max": minutes.max},
        "intensity": found.intensity,
        "needs": [{"lesson": need.lesson, "primer": need.primer} for need in found.needs],
    }
    packs = [each.pack.name for each in library.adaptations if any(change.lesson == key for change in each.changes)]
    if packs:
        told["packs"] = packs
    if found.deck is not None:
        told["deck"] = found.deck
        told["default_card"] = found.default_card
        told["cards"] = [_card(card) for card in library.cards_of(found.deck)]
    if whole:
        told["teaches"] = [{"id": outcome.id, "outcome": outcome.outcome} for outcome in found.teaches]
        told["activities"] = [
            {
                "id": step.id,
                "title": step.title,
                "core": step.core,
                "minutes": step.minutes.model_dump(),
                "debrief": step.debrief,
                "grouping": step.grouping,
            }
            for step in library.activities_of(key)
        ]
        sheets = (sheet for sheet in library.sheets.values() if sheet.id.startswith(f"{key}/"))
        told["sheets"] = [{"id": sheet.id, "title": sheet.title, "per": sheet.per} for sheet in sheets]
    return told


def _card(card: Card) -> Mapping[str, Any]:
    return {
        "id": card.id,
        "title": card.title,
        "level": card.level,
        "workplace": card.workplace,
        "advisory": card.advisory,
        "review_by": str(card.review_by) if card.review_by else None,
    }


# ------------------------------------------------------------ lessons in the words of schema.org

# What a work of a CSL type is called there; everything else is a CreativeWork.
_WORKS: Mapping[str, str] = {
    "article-journal": "ScholarlyArticle",
    "article-magazine": "Article",
    "article-newspaper": "NewsArticle",
    "book": "Book",
    "legislation": "Legislation",
    "paper-conference": "ScholarlyArticle",
    "post-weblog": "BlogPosting",
    "report": "Report",
    "thesis": "Thesis",
    "webpage": "WebPage",
}
# The three values that LRMI, where the property comes from, allows (lrmi.net/the-specification).
_INTERACTIVITY = {"active": "active", "mixed": "mixed", "expository": "expositive"}


def linked(library: Library, lessons: Iterable[str]) -> Mapping[str, Any]:
    """A JSON-LD document: a LearningResource for each lesson, and each work that they cite.

    Ids begin with `#`, so that they hold wherever the document is put; whatever refers to one finds it in the document.
    """
    chosen = [library.lessons[key] for key in lessons]
    cited = {key for lesson in chosen for key in _cited(lesson, library)}
    cited |= {carrier for key in cited if (carrier := library.sources[key].cited_in) is not None}
    works = [source for key, source in library.sources.items() if key in cited]
    graph = [_learning_resource(lesson, library) for lesson in chosen]
    graph += [_work(source, works) for source in works]
    return {"@context": "https://schema.org", "@graph": graph}


def _learning_resource(lesson: Lesson, library: Library) -> Mapping[str, Any]:
    """One lesson. What it needs are the outcomes of other lessons: schema.org's `isBasedOn` means derived from."""
    steps = library.activities_of(lesson.id)
    licence = licences.find(lesson.license)
    checked = {aim for step in steps for aim in step.checks}
    terms = {aim.id: _term(lesson.id, aim.id, aim.outcome) for aim in lesson.teaches}
    needed = [library.lessons[need.lesson] for need in lesson.needs]
    told = {
        "@type": "LearningResource",
        "@id": f"#{lesson.id}",
        "identifier": lesson.id,
        "name": lesson.title,
        "description": " ".join(lesson.summary.split()),
        "version": lesson.version,
        "license": licence.url if licence else {"@type": "CreativeWork", "name": lesson.license},
        "author": list(lesson.authors),
        "inLanguage": lesson.language,
        "learningResourceType": "lesson plan",
        "educationalUse": sorted({_use(step) for step in steps}),
        "interactivityType": _INTERACTIVITY[_usual_interaction(steps)],
        "timeRequired": f"PT{library.minutes_of(lesson.id).typical}M",
        "audience": _audience(lesson),
        "teaches": list(terms.values()),
        "assesses": [{"@id": term["@id"]} for key, term in terms.items() if key in checked],
        "competencyRequired": [_term(other.id, aim.id, aim.outcome) for other in needed for aim in other.teaches],
        "citation": [{"@id": f"#source:{key}"} for key in _cited(lesson, library)],
    }
    return {key: value for key, value in told.items() if value not in (None, [])}


def _audience(lesson: Lesson) -> Mapping[str, Any] | None:
    if lesson.audience is None:
        return None
    return {"@type": "EducationalAudience", "audienceType": " ".join(lesson.audience.split())}


def _term(lesson: str, key: str, outcome: str) -> Mapping[str, Any]:
    return {"@type": "DefinedTerm", "@id": f"#{lesson}/{key}", "termCode": key, "name": outcome}


def _use(step: Activity) -> str:
    """What a step is for those who learn, by how they are grouped."""
    return {"solo": "individual work", "plenary": "discussion"}.get(step.grouping, "group work")


def _usual_interaction(steps: Iterable[Activity]) -> str:
    """The kind of interaction that takes the most of the usual minutes, the most active of those that take as many."""
    minutes = dict.fromkeys(_INTERACTIVITY, 0)
    for step in steps:
        minutes[step.interaction] += step.minutes.typical
    return max(minutes, key=lambda kind: minutes[kind])


def _cited(lesson: Lesson, library: Library) -> list[str]:
    """The works that a lesson names, those of its cards included, in the order of the list of sources."""
    named = set(lesson.sources)
    for card in library.cards_of(lesson.deck) if lesson.deck else ():
        parts = (card.argument.source, *(fact.source for fact in card.facts), *(read.source for read in card.readings))
        named.update(part for part in parts if part is not None)
    return [key for key in library.sources if key in named]


def _work(source: Source, works: Iterable[Source]) -> Mapping[str, Any]:
    """A work cited; one that was not seen itself says where it is cited, and that one cites it."""
    carrier = next((other.title for other in works if other.id == source.cited_in), None)
    told = {
        "@type": _WORKS.get(source.type, "CreativeWork"),
        "@id": f"#source:{source.id}",
        "name": source.title,
        "author": [_person(person) for person in source.author],
        "datePublished": source.issued,
        "publisher": {"@type": "Organization", "name": source.publisher} if source.publisher else None,
        "isPartOf": {"@type": "CreativeWork", "name": source.container_title} if source.container_title else None,
        "url": source.url,
        "sameAs": f"https://doi.org/{source.doi}" if source.doi else None,
        "description": f"As cited in “{carrier}”; not seen itself." if carrier else None,
        "citation": [{"@id": f"#source:{other.id}"} for other in works if other.cited_in == source.id],
    }
    return {key: value for key, value in told.items() if value not in (None, [])}


def _person(person: Person) -> Mapping[str, Any]:
    """An author; one literal name is that of an organisation, as in CSL."""
    if person.literal:
        return {"@type": "Organization", "name": person.literal}
    particles = (person.dropping_particle, person.non_dropping_particle, person.family)
    family = " ".join(part for part in particles if part)
    name = " ".join(part for part in (person.given, family) if part)
    told = {"@type": "Person", "name": name, "givenName": person.given, "familyName": family}
    return {key: value for key, value in told.items() if value}
