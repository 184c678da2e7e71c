"""What packs say to a brief: defaults below every answer, limits above all of them, contacts that are never missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from builder.questions.layers import layered
from builder.strict import Marked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from builder.model import Brief, Contact, Library, Limits
    from builder.questions.shape import SoFar
    from builder.strict import Loc

    Found = Iterator[tuple[Loc, str, str, str]]


def pack_defaults(library: Library) -> Mapping[str, Any]:
    """The answers that the packs in use give to what nobody answers; the last pack wins."""
    found: Mapping[str, Any] = {}
    for each in library.adaptations:
        found = layered(each.pack.defaults, {"organisation": each.pack.organisation}, found).values
    return found


def fitting_defaults(answers: Marked | Mapping[str, object], library: Library) -> Mapping[str, Any]:
    """What packs answer beside these answers: of their cases only those whose lesson is still in focus."""
    found = pack_defaults(library)
    focus = (answers.values if isinstance(answers, Marked) else answers).get("focus")
    if not isinstance(focus, list | tuple) or not isinstance(found.get("cards"), Mapping):
        return found
    lessons = {deck: lesson.id for deck, lesson in library.decks.items()}
    return {**found, "cards": {deck: card for deck, card in found["cards"].items() if lessons.get(deck) in focus}}


def highest_level(library: Library) -> tuple[int, str] | None:
    """The lowest of the highest levels that packs allow, and the pack that says so."""
    said = [(each.pack.limits.max_level, each.pack.name) for each in library.adaptations]
    return min(((level, name) for level, name in said if level is not None), default=None)


def closed_for(limit: str, value: str, library: Library) -> str:
    """Why a value of a list of what is allowed (`modes`, `attendance`) cannot be chosen, '' where it can."""
    for each in library.adaptations:
        allowed = getattr(each.pack.limits, limit)
        if allowed and value not in allowed:
            return f"the pack '{each.pack.name}' allows only {' or '.join(allowed)}."
    return ""


def required_contacts(so: SoFar) -> tuple[Contact, ...]:
    """The contacts that packs put into every kit beside those that were answered."""
    answered = [each.get("name") for each in so.answers.get("contacts") or () if isinstance(each, Mapping)]
    return tuple(each for each in so.brief.contacts if each.name not in answered)


def told_of_packs(so: SoFar) -> Iterator[str]:
    """What is said of packs before the first question: whose they are, whom they name, what they keep."""
    for each in so.library.adaptations:
        yield f"With the pack “{each.pack.name}” of {each.pack.organisation}."
    for contact in required_contacts(so):
        checked = f"checked on {contact.verified_on}" if contact.verified_on else "checked by nobody yet"
        yield f"- Printed in every paper that names contacts: {contact.name}, {contact.reach} ({checked})"
    for each in so.library.adaptations:
        if limits := told_of_limits(each.pack.limits):
            yield f"- Kept by the pack, whatever is answered: {'; '.join(limits)}"
        empty = [term.meaning or name for name, term in each.pack.terms.items() if not term.one and not term.required]
        if empty:
            yield f"- Not named in the pack yet, so papers have a line to fill: {'; '.join(empty)}"


def told_of_limits(limits: Limits) -> list[str]:
    """The limits of a pack in words, each on its own."""
    from builder.model import LEVEL_NAMES

    level, least, most, people = limits.max_level, limits.least_minutes, limits.most_minutes, limits.most_participants
    return [
        *([f"cases up to level {level} ({LEVEL_NAMES[level]})"] if level is not None else []),
        *([f"{least} minutes or more"] if least is not None else []),
        *([f"{most} minutes at most"] if most is not None else []),
        *([f"{people} people at most"] if people is not None else []),
        *([" or ".join(limits.modes)] if limits.modes else []),
        *([f"attendance {' or '.join(limits.attendance)}"] if limits.attendance else []),
    ]


def beyond_limits(brief: Brief, library: Library) -> Found:
    """Where a brief goes beyond what a pack allows, whoever said so."""
    for each in library.adaptations:
        for key, allows in _RULES.items():
            allowed = allows(brief, each.pack.limits)
            if allowed is not None:
                message = (
                    f"{key}: '{getattr(brief, key)}' goes beyond the pack '{each.pack.name}', which allows {allowed}."
                )
                hint = "A pack's limit beats the brief and --set. Ask those who keep the pack, or plan without it."
                yield (key,), "pack-limit", message, hint


def _level(brief: Brief, limits: Limits) -> str | None:
    most = limits.max_level
    return f"level {most} at most" if most is not None and brief.max_level > most else None


def _minutes(brief: Brief, limits: Limits) -> str | None:
    if limits.least_minutes is not None and brief.minutes < limits.least_minutes:
        return f"{limits.least_minutes} minutes or more"
    if limits.most_minutes is not None and brief.minutes > limits.most_minutes:
        return f"{limits.most_minutes} minutes at most"
    return None


def _participants(brief: Brief, limits: Limits) -> str | None:
    most = limits.most_participants
    return f"{most} people at most" if most is not None and brief.participants_most > most else None


def _mode(brief: Brief, limits: Limits) -> str | None:
    return " or ".join(limits.modes) if limits.modes and brief.mode not in limits.modes else None


def _attendance(brief: Brief, limits: Limits) -> str | None:
    allowed = limits.attendance
    return " or ".join(allowed) if allowed and brief.attendance not in allowed else None


_RULES: Mapping[str, Callable[[Brief, Limits], str | None]] = {
    "max_level": _level,
    "minutes": _minutes,
    "participants_most": _participants,
    "mode": _mode,
    "attendance": _attendance,
}


def missing_packs(brief: Brief, library: Library) -> Found:
    """The packs that a brief was made with and that are not in use: their limits and contacts would be lost."""
    names = [each.pack.name for each in library.adaptations]
    for number, name in enumerate(brief.packs):
        if name not in names:
            message = f"packs: this brief was made with the pack '{name}', which is not in use."
            hint = "Give its folder with --pack, or take its name out: its limits and contacts then no longer hold."
            yield ("packs", number), "missing-pack", message, hint


def contacts_of(brief: Brief, library: Library) -> tuple[Contact, ...]:
    """The brief's contacts, and those of the packs whose role none of them fills; the last pack wins.

    A contact that a pack gave to this brief before is taken anew: the pack may know better by now.
    """
    from builder.model import Contact

    theirs = {
        (own.role.casefold(), each.pack.organisation)
        for each in library.adaptations
        for own in each.pack.contacts
        if not own.name
    }
    found = [contact for contact in brief.contacts if (contact.name.casefold(), contact.role) not in theirs]
    for each in reversed(library.adaptations):
        filled = {text.casefold() for contact in found for text in (contact.role, contact.name)}
        for own in each.pack.contacts:
            if own.role.casefold() not in filled:
                name, role = (own.name, own.role) if own.name else (own.role, each.pack.organisation)
                found.append(Contact(name=name, role=role, reach=own.reach, verified_on=own.verified_on))
    return tuple(found)
