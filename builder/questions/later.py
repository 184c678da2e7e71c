"""What is asked after the agenda is accepted, and what is only ever changed on the review page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from builder.problems import Problem
from builder.questions.changes import fixed, with_fixed
from builder.questions.first import recipe_of
from builder.questions.layers import DEFAULT_TITLE
from builder.questions.packed import required_contacts
from builder.questions.shape import LEAVES_EMPTY, Choice, Given, Question, SoFar, Values, pick, pick_many, wrong
from builder.questions.typed import MOST, read_contact, read_date, read_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from builder.model import Contact, Library

AUTOMATIC = "auto"
LONGEST_BREAK = 60
LEAST_BUFFER, MOST_BUFFER = 5, 15

# ------------------------------------------------------------ after the agenda


def suggested_title(so: SoFar) -> str:
    """The title of the recipe, or of the first lesson in focus."""
    recipe = recipe_of(so) if "focus" in so.answers and so.brief.focus else None
    if recipe is not None:
        return so.library.recipes[recipe].title
    return so.library.lessons[so.brief.focus[0]].title if so.brief.focus else DEFAULT_TITLE


def _read_title(given: Given, _so: SoFar) -> Values | Problem:
    title = str(given).strip()
    return {"title": title} if title.strip(LEAVES_EMPTY) else wrong("A workshop needs a title.")


def _optional(key: str) -> Callable[[Given, SoFar], Values]:
    """Reads a text that may be left out."""

    def read(given: Given, _so: SoFar) -> Values:
        text = str(given).strip()
        return {key: None if text in {"", LEAVES_EMPTY} else text}

    return read


def _read_day(given: Given, _so: SoFar) -> Values | Problem:
    if str(given).strip() in {"", LEAVES_EMPTY}:
        return {"date": None}
    day = read_date(str(given))
    return day if isinstance(day, Problem) else {"date": day}


def _contact_line(contact: Contact) -> str:
    return f"{contact.name}, {contact.role}, {contact.reach}"


def _read_contacts(given: Given, so: SoFar) -> Values | Problem:
    known = {_contact_line(kept): kept.model_dump(mode="json", exclude_none=True) for kept in so.brief.contacts}
    contacts: list[dict[str, Any]] = []
    for line in (given,) if isinstance(given, str) else given:
        contact = known.get(line) or read_contact(line)
        if isinstance(contact, Problem):
            return contact
        contacts.append(contact)
    return {"contacts": contacts}


def _contacts_help(so: SoFar) -> str:
    required = "".join(f"Printed in any case: {_contact_line(contact)}\n" for contact in required_contacts(so))
    return f"{required}Name, role, how to reach them. Such as: Ana Pereira, equity adviser, ana@example.org"


def _contacts_typed(so: SoFar) -> Given:
    """Those that were answered; what packs require is printed anyway."""
    required = required_contacts(so)
    return tuple(_contact_line(contact) for contact in so.brief.contacts if contact not in required)


def _read_copies(given: Given, _so: SoFar) -> Values | Problem:
    number = read_number(str(given), 0, MOST, "copies")
    return number if isinstance(number, Problem) else {"large_print": number}


AFTER: tuple[Question, ...] = (
    Question(
        name="title", part="after", kind="text", keys=("title",), label="Title",
        text=lambda _so: "What is it called?",
        read=_read_title, typed=lambda so: so.brief.title if "title" in so.answers else suggested_title(so),
        told=lambda so: so.brief.title,
    ),
    Question(
        name="organisation", part="after", kind="text", keys=("organisation",), label="Organisation",
        text=lambda _so: "Which organisation's name do the papers carry?",
        help=lambda _so: "Without one there is a line to fill in by hand.",
        read=_optional("organisation"), typed=lambda so: so.brief.organisation or "",
        told=lambda so: so.brief.organisation or "a line to fill in by hand",
    ),
    Question(
        name="date", part="after", kind="date", keys=("date",), label="Date",
        text=lambda _so: "On which day?",
        help=lambda _so: "Such as 2026-12-01. Without a day there is no calendar file.",
        read=_read_day, typed=lambda so: so.brief.date.isoformat() if so.brief.date else "",
        told=lambda so: f"{so.brief.date:%A} {so.brief.date.isoformat()}" if so.brief.date else "not set",
    ),
    Question(
        name="contacts", part="after", kind="contacts", keys=("contacts",), label="Contacts",
        text=lambda _so: "Whom can participants turn to?",
        help=_contacts_help, read=_read_contacts, typed=_contacts_typed,
        told=lambda so: "; ".join(contact.name for contact in so.brief.contacts) or "a line to fill in by hand",
        condition=lambda so: not required_contacts(so),
    ),
    Question(
        name="large-print", part="after", kind="number", keys=("large_print",), label="Large print",
        text=lambda _so: "How many copies in large print?",
        read=_read_copies, typed=lambda so: str(so.brief.large_print),
        told=lambda so: f"copies: {so.brief.large_print}" if so.brief.large_print else "none",
    ),
)  # fmt: skip

# ------------------------------------------------------------ on the review page only


def _read_break(given: Given, _so: SoFar) -> Values | Problem:
    text = str(given).strip().lower()
    if text in {AUTOMATIC, "automatic"}:
        return {"break_minutes": AUTOMATIC}
    number = read_number(text, 0, LONGEST_BREAK, "minutes")
    if isinstance(number, Problem):
        return wrong(f"Write {AUTOMATIC}, or whole minutes from 0 to {LONGEST_BREAK}.")
    return {"break_minutes": number}


def _break_told(so: SoFar) -> str:
    return "as long as suits the time" if so.brief.break_minutes == AUTOMATIC else f"{so.brief.break_minutes} minutes"


def _read_buffer(given: Given, _so: SoFar) -> Values | Problem:
    number = read_number(str(given), LEAST_BUFFER, MOST_BUFFER, "percent")
    return number if isinstance(number, Problem) else {"buffer_percent": number}


_PAPERS = (Choice("A4", "A4"), Choice("Letter", "US Letter"))


def _read_paper(given: Given, _so: SoFar) -> Values | Problem:
    found = pick(_PAPERS, given)
    return found if isinstance(found, Problem) else {"paper": found.value}


YES_OR_NO = (Choice("yes", "Yes"), Choice("no", "No"))


def _read_run_before(given: Given, _so: SoFar) -> Values | Problem:
    found = pick(YES_OR_NO, given)
    return found if isinstance(found, Problem) else {"run_before": found.value == "yes"}


def title_of(name: str, library: Library) -> str:
    """The title of a lesson or an activity."""
    found = library.activities.get(name) or library.lessons.get(name)
    return found.title if found else name


def _out(so: SoFar) -> tuple[Choice, ...]:
    return tuple(Choice(name, title_of(name, so.library)) for name in so.brief.leave_out)


def _read_out(given: Given, so: SoFar) -> Values | Problem:
    names = pick_many(_out(so), given)
    return names if isinstance(names, Problem) else {"leave_out": list(names)}


def _read_fixed(given: Given, so: SoFar) -> Values | Problem:
    names = pick_many(fixed(so), given)
    return names if isinstance(names, Problem) else with_fixed(names, so)


REVIEW: tuple[Question, ...] = (
    Question(
        name="run-before", part="review", kind="yes-no", keys=("run_before",), label="Run before",
        text=lambda _so: "Have you led these lessons before?",
        help=lambda _so: "A first time takes longer; the plan allows for it.",
        choices=lambda _so: YES_OR_NO, read=_read_run_before,
        typed=lambda so: "yes" if so.brief.run_before else "no", told=lambda so: "yes" if so.brief.run_before else "no",
    ),
    Question(
        name="out", part="review", kind="many", keys=("leave_out",), label="Left out",
        text=lambda _so: "What stays out?", help=lambda _so: "What is not picked here may come in again.",
        choices=_out, read=_read_out, typed=lambda so: so.brief.leave_out,
        told=lambda so: ", ".join(choice.title for choice in _out(so)), listed=lambda so: bool(so.brief.leave_out),
    ),
    Question(
        name="fixed", part="review", kind="many", keys=("pinned", "breaks", "order"), label="Fixed",
        text=lambda _so: "What stays fixed?", help=lambda _so: "What is not picked here fits itself in again.",
        choices=fixed, read=_read_fixed, typed=lambda so: tuple(choice.value for choice in fixed(so)),
        told=lambda so: ", ".join(choice.title for choice in fixed(so)), listed=lambda so: bool(fixed(so)),
    ),
    Question(
        name="break", part="review", kind="text", keys=("break_minutes",), label="Break",
        text=lambda _so: "How many minutes of break?", help=lambda _so: f"{AUTOMATIC}, or 0 to {LONGEST_BREAK}.",
        read=_read_break, typed=lambda so: str(so.brief.break_minutes), told=_break_told,
    ),
    Question(
        name="buffer", part="review", kind="number", keys=("buffer_percent",), label="Kept free",
        text=lambda _so: "How much of the time is kept free, in percent?",
        help=lambda _so: f"{LEAST_BUFFER} to {MOST_BUFFER}; it stands before the closing and catches what runs over.",
        read=_read_buffer, typed=lambda so: str(so.brief.buffer_percent),
        told=lambda so: f"{so.brief.buffer_percent} % of the time",
    ),
    Question(
        name="paper", part="review", kind="one", keys=("paper",), label="Paper",
        text=lambda _so: "Which paper size?", choices=lambda _so: _PAPERS, read=_read_paper,
        typed=lambda so: so.brief.paper, told=lambda so: so.brief.paper,
    ),
    Question(
        name="timezone", part="review", kind="text", keys=("timezone",), label="Time zone",
        text=lambda _so: "Which time zone does the calendar file name?",
        help=lambda _so: "Such as Europe/Dublin. Without one it is the local time of whoever opens it.",
        read=_optional("timezone"), typed=lambda so: so.brief.timezone or "",
        told=lambda so: so.brief.timezone or "local time",
    ),
)  # fmt: skip
