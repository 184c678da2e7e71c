"""What other programs are told, as plain JSON values: a plan, a refusal, a lesson. The shapes are promises."""

from collections.abc import Mapping
from typing import Any

from builder.model import Card, Library, Plan, Slot
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


def refused(error: WorkshopError) -> Mapping[str, Any]:
    """Why there is no plan, and the fewest and most minutes at which there would be one (null where unproved)."""
    return {
        "problems": [problem(entry) for entry in error.problems],
        "least_minutes": getattr(error, "least_minutes", None),
        "most_minutes": getattr(error, "most_minutes", None),
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
