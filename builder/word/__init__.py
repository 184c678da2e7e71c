"""Papers as Word documents: `render` turns a `Paper` into the bytes of a complete .docx.

The package is written with `zipfile` alone, from the readable parts in `base/` and one string for the document.
python-docx opens the result (a test says so) and is not needed to make it: its package is a graph of objects that
a render changes, so that a base opened once could not be shared by two requests at a time, and its writer stamps the
clock into every entry, so that equal papers would differ. Nothing here is imported that takes time to load.

Every look stands in a style under a built-in name, so that a letterhead restyles the paper; a paragraph itself says
only what no style can: its number, the indent of the list around it, where a tab ends in a narrow column, its
direction, and what it stays with.
"""

from builder.blocks import Paper, Sheet
from builder.scripts import known_language
from builder.word.base_parts import FIXED, base_part, core_properties, numbering, styles
from builder.word.draft import FOOTER, OFFICE, Draft, Place
from builder.word.flow import flow
from builder.word.package import HEAD, packed
from builder.word.page import Page, footer, last_page, page_of, section
from builder.word.paragraphs import bookmarked, ending_section, paragraph, unruled

__all__ = ["render"]

_NAMESPACES = (
    f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{OFFICE}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)


def render(paper: Paper) -> bytes:
    """The .docx of a paper, the same bytes for the same paper; raises TypeError where an `Insert` was left in it."""
    draft, page = Draft(known_language(paper.language)), page_of(paper)
    for kind, part in {"styles": "styles", "numbering": "numbering", **FIXED}.items():
        draft.relate(f"{OFFICE}/{kind}", f"{part}.xml")
    body, footers = _sheets(paper, draft, page)
    parts = {
        "word/document.xml": f"{HEAD}<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>".encode(),
        "word/styles.xml": styles(paper.look, paper.language, page.text_width),
        "word/numbering.xml": numbering(draft.numbers),
        "docProps/core.xml": core_properties(paper),
        **{f"word/{part}.xml": base_part(part).encode() for part in FIXED.values()},
        **{f"word/{name}": xml for name, xml in footers.items()},
        **{f"word/{name}": png for png, name in draft.pictures.items()},
    }
    return packed(parts, draft.relationships.values())


def _sheets(paper: Paper, draft: Draft, page: Page) -> tuple[str, dict[str, bytes]]:
    """The body's XML, a section for each sheet, and the footers by the names of their parts."""
    sheets = paper.sheets or (Sheet((), ""),)
    place = Place(draft, page.text_width, page.text_width, page.text_height, scale=page.scale)
    bodies, footers = [], {}
    for number, sheet in enumerate(sheets, start=1):
        name, counted = f"footer{number}.xml", number if len(sheets) > 1 else None
        xml = footer(sheet.footer, paper.language, page, counted)
        footers[name] = f"{HEAD}<w:ftr {_NAMESPACES}>{xml}</w:ftr>".encode()
        body = flow(sheet.blocks, place) or paragraph("Normal", "")
        if counted:
            body = bookmarked(body, number, last_page(number))
        end = section(page, draft.relate(FOOTER, name), alone=not counted)
        bodies.append(body + end if number == len(sheets) else ending_section(unruled(body), end))
    return "".join(bodies), footers
