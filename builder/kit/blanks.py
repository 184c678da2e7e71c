"""What the papers leave for a hand to fill, told before they are printed."""

from collections.abc import Iterator

from builder.model import Brief
from builder.problems import Problem


def left_open(brief: Brief) -> Iterator[Problem]:
    """A warning for each answer of the brief whose place in the papers is a line to fill, or is not verified."""
    if not brief.contacts:
        hint = "Add 'contacts' to the brief, or fill the lines by hand."
        yield Problem("no-contacts", "no contacts: the papers have lines to fill.", hint=hint, severity="warning")
    for contact in brief.contacts:
        if contact.verified_on is None:
            message = f"the contact '{contact.name}' has no 'verified_on'."
            yield Problem("unverified-contact", message, hint="Check that it still holds.", severity="warning")
    if brief.organisation is None:
        hint = "Add 'organisation' to the brief, or leave it."
        yield Problem("no-organisation", "no organisation is named.", hint=hint, severity="warning")
