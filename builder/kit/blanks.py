"""What the papers leave for a hand to fill, told before they are printed."""

import datetime
from collections.abc import Iterable, Iterator

from builder.kit.sheets import Handout
from builder.model import FEWEST_READINGS, Brief, Library
from builder.problems import Problem

# Our own rule: what was checked a year before the day is checked again.
DAYS_A_CHECK_HOLDS = datetime.timedelta(days=365)


def left_open(brief: Brief) -> Iterator[Problem]:
    """A warning for each answer of the brief whose place in the papers is a line to fill, or is not verified."""
    if not brief.contacts:
        hint = "Add 'contacts' to the brief, or fill the lines by hand."
        yield Problem("no-contacts", "no contacts: the papers have lines to fill.", hint=hint, severity="warning")
    for contact in brief.contacts:
        if contact.verified_on is None:
            message = f"the contact '{contact.name}' has no 'verified_on'."
            yield Problem("unverified-contact", message, hint="Check that it still holds.", severity="warning")
        elif brief.date is not None and contact.verified_on < brief.date - DAYS_A_CHECK_HOLDS:
            message = f"the contact '{contact.name}' was last verified on {contact.verified_on}, over a year before."
            hint = "Check that it still holds, and write the day under 'verified_on'."
            yield Problem("expired-contact", message, hint=hint, severity="warning")
    if brief.organisation is None:
        hint = "Add 'organisation' to the brief, or leave it."
        yield Problem("no-organisation", "no organisation is named.", hint=hint, severity="warning")


def unfilled(library: Library) -> Iterator[Problem]:
    """An error for each term that a pack requires and nobody has filled: no paper comes out without it."""
    for each in library.adaptations:
        for name, term in each.pack.terms.items():
            if term.required and library.terms[name].one is None:
                meaning = f" ({term.meaning})" if term.meaning else ""
                message = f"the term '{name}'{meaning} is required by the pack '{each.pack.name}', and not filled."
                hint = f"Write it in pack.yaml, under 'terms': '{name}: {{one: …}}'."
                yield Problem("unfilled-term", message, f"{each.folder}/pack.yaml", hint=hint)


def one_sided(sheets: Iterable[Handout]) -> Iterator[Problem]:
    """A warning for each contested case that a pack left with too few readings; its papers say so, too."""
    for card in (sheet.card for sheet in sheets):
        if card is not None and card.one_sided:
            message = f"'{card.title}' is one-sided: {len(card.readings)} of at least {FEWEST_READINGS} readings."
            hint = "Add the readings of those who see it otherwise; until then the papers say so."
            yield Problem("one-sided", message, hint=hint, severity="warning")


def stale_notes(library: Library, brief: Brief) -> Iterator[Problem]:
    """A warning for each note of a pack on one place that nobody checked, or not within a year before the day."""
    for each in library.adaptations:
        for note in each.pack.jurisdiction_notes:
            checked = note.verified_on
            if checked is None or (brief.date is not None and checked < brief.date - DAYS_A_CHECK_HOLDS):
                when = f"last on {checked}" if checked else "never"
                message = f"the note on {note.region} in the pack '{each.pack.name}' was checked {when}."
                hint = "Check it, and write the day under 'verified_on' in pack.yaml."
                yield Problem("unchecked-note", message, f"{each.folder}/pack.yaml", hint=hint, severity="warning")
