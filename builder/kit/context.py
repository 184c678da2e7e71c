"""What every template may say about a workshop: plain text and numbers, worked out once."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from builder.kit.bibliography import with_sources
from builder.kit.editions import counted, has_html
from builder.kit.leaf import folded
from builder.kit.sheets import Handout, handouts, lettered
from builder.kit.tables import how
from builder.kit.texts import Texts
from builder.markdown import PLURAL
from builder.model import Brief, Library, Plan

_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905


@dataclass(frozen=True)
class Context:
    """One workshop on its way to paper."""

    plan: Plan
    library: Library
    code: str
    texts: Texts
    sheets: tuple[Handout, ...]
    values: Mapping[str, Any]
    placeholders: Mapping[str, str]
    on_letterhead: bool = False


def context_of(plan: Plan, library: Library, code: str, *, on_letterhead: bool = False) -> Context:
    """The context of a plan; a letterhead may come from the brief or from a pack."""
    brief = plan.brief
    texts = Texts(library)
    together = folded(handouts(plan, library), texts, brief, on_letterhead=on_letterhead)
    sheets = counted(lettered(with_sources(together, texts, brief)), brief)
    placeholders = {**_terms(library), **_placeholders(brief, plan)}
    values = _values(plan, library, code)
    return Context(plan, library, code, texts, sheets, values, placeholders, on_letterhead)


def in_words(brief: Brief) -> str:
    """The date as people say it, or '' where the brief has none."""
    return spelled(brief.date) if brief.date else ""


def spelled(day: datetime.date) -> str:
    """A date as people say it: "Tuesday 1 December 2026"."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def _placeholders(brief: Brief, plan: Plan) -> dict[str, str]:
    """What the placeholders in lesson text become; what is missing becomes a line to fill by hand."""
    contact = brief.contacts[0] if brief.contacts else None
    found = {
        "organisation": brief.organisation,
        "reporting_contact": f"{contact.name}, {contact.role}, {contact.reach}" if contact else None,
        "workshop_title": brief.title,
        "date": in_words(brief),
        "start": brief.start,
        "end": brief.clock(plan.agenda.minutes),
    }
    return {key: text for key, text in found.items() if text}


def _terms(library: Library) -> dict[str, str]:
    """What the placeholders of glossary and packs become, also where there are several of it."""
    ones = {name: term.one for name, term in library.terms.items()}
    several = {f"{name}{PLURAL}": term.many for name, term in library.terms.items()}
    return {name: text for name, text in {**ones, **several}.items() if text}


def _values(plan: Plan, library: Library, code: str) -> dict[str, Any]:
    brief = plan.brief
    return {
        "title": brief.title,
        "organisation": brief.organisation or "",
        "date": in_words(brief),
        "start": brief.start,
        "end": brief.clock(plan.agenda.minutes),
        "minutes": plan.agenda.minutes,
        "participants": brief.participants,
        "participants_most": brief.participants_most,
        "facilitators": brief.facilitators,
        "mode": {"in-person": "in a room", "online": "online", "hybrid": "in a room and online"}[brief.mode],
        "remote": brief.remote,
        "required": brief.attendance == "required",
        "interpretation": brief.interpretation,
        "access": [need.replace("-", " ") for need in brief.access],
        "large_print": brief.large_print,
        "edition_html": has_html(brief),
        "paper": brief.paper,
        "code": code,
        "blank": "_" * 20,
        "contacts": [
            {
                "name": contact.name,
                "role": contact.role,
                "reach": contact.reach,
                "verified": str(contact.verified_on) if contact.verified_on else "",
            }
            for contact in brief.contacts
        ],
        "advisories": advisories(plan, library),
        "contested": any(library.cards[card].contested for card in plan.cards.values()),
        "cases": [{"title": library.cards[card].title} for card in plan.cards.values()],
        "warnings": list(plan.warnings),
        "breaks": [f"{brief.clock(s.start)}, {s.minutes} minutes" for s in plan.agenda.slots if s.kind == "break"],
        "groupings": sorted({how(slot, plan) for slot in plan.agenda.steps if slot.activity} - {"alone", "everybody"}),
    }


def advisories(plan: Plan, library: Library) -> list[str]:
    """The advisories to read aloud at the opening: those of the cases, and of lessons that have one, once each."""
    found: dict[str, None] = {}
    for key in plan.agenda.lessons:
        lesson = library.lessons[key]
        card = library.cards.get(plan.cards.get(lesson.deck or "", ""))
        text = (card.advisory if card else None) or lesson.advisory
        if text:
            found[" ".join(text.split())] = None
    return list(found)
