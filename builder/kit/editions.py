"""The editions of the participants' papers: which come out, their file names, and how many copies each gets."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePath

from builder.kit.sheets import Handout
from builder.model import Brief

HTML = "handouts.html"
_SUFFIX = "-large-print"


def large_name(name: str) -> str:
    """The name of a paper's large-print edition: `agenda.docx` gives `agenda-large-print.docx`."""
    path = PurePath(name)
    return f"{path.stem}{_SUFFIX}{path.suffix}"


def is_large(name: str) -> bool:
    """Whether a file name is that of a large-print edition."""
    return PurePath(name).stem.endswith(_SUFFIX)


def has_standard(brief: Brief) -> bool:
    """Whether the participants' papers come out in the standard edition."""
    return "standard" in brief.editions


def has_large(brief: Brief) -> bool:
    """Whether they come out in large print: where the brief names the edition, or wants copies of it."""
    return "large-print" in brief.editions or brief.large_print > 0


def has_html(brief: Brief) -> bool:
    """Whether they come out as one file for the screen."""
    return "html" in brief.editions


def counted(sheets: Iterable[Handout], brief: Brief) -> tuple[Handout, ...]:
    """The sheets with their copies in large print, which are taken off the standard ones.

    Large print can be read by all, so a sheet that a group or the room shares is replaced, too. A card that each
    person may hand in is large for everybody then: one of another size would say whose it is.
    """
    return tuple(
        replace(
            sheet,
            copies=_standard(sheet, sheet.copies, brief),
            expected=_standard(sheet, sheet.expected, brief),
            large=_large_of(sheet, brief),
        )
        for sheet in sheets
    )


def large_copies(brief: Brief) -> int:
    """The people who get what each person gets in large print."""
    return _large(brief.participants_most, brief)


def _standard(sheet: Handout, copies: int, brief: Brief) -> int:
    if not has_standard(brief) or (brief.large_print and _may_be_handed_in(sheet)):
        return 0
    return copies - _large(copies, brief)


def _large_of(sheet: Handout, brief: Brief) -> int:
    return sheet.copies if brief.large_print and _may_be_handed_in(sheet) else _large(sheet.copies, brief)


def _may_be_handed_in(sheet: Handout) -> bool:
    """Whether somebody may put it into the box: a card that is cut out for each person."""
    return sheet.cut and sheet.per == "person"


def _large(copies: int, brief: Brief) -> int:
    everybody = "large-print" in brief.editions and not has_standard(brief)
    return copies if everybody else min(brief.large_print, copies)
