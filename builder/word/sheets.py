"""The body of a document: its sheets one after the other, each a section of its own."""

from collections.abc import Callable
from typing import Final

from builder.blocks import Paper, Sheet
from builder.word.draft import OFFICE, Draft, Place
from builder.word.flow import flow
from builder.word.package import HEAD
from builder.word.page import Page, last_page
from builder.word.paragraphs import bookmarked, ending_section, paragraph, unruled

NAMESPACES: Final = (
    f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{OFFICE}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)

# What ends a section: its `w:sectPr`, from a sheet, its number (from 1), and that number again where there are several.
End = Callable[[Sheet, int, int | None], str]


def body_of(paper: Paper, draft: Draft, page: Page, end: End) -> str:
    """The body's XML, a section for each sheet."""
    sheets = paper.sheets or (Sheet((), ""),)
    place = Place(draft, page.text_width, page.text_width, page.text_height, scale=page.scale)
    bodies = []
    for number, sheet in enumerate(sheets, start=1):
        counted = number if len(sheets) > 1 else None
        body = flow(sheet.blocks, place) or paragraph("Normal", "")
        if counted:
            body = bookmarked(body, number, last_page(number))
        closing = end(sheet, number, counted)
        bodies.append(body + closing if number == len(sheets) else ending_section(unruled(body), closing))
    return "".join(bodies)


def document(body: str) -> bytes:
    """The document part around a body."""
    return f"{HEAD}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>".encode()
