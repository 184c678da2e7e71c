"""Papers as Word documents: `render` turns a `Paper` into the bytes of a complete .docx.

The package is written with `zipfile` alone, from the readable parts in `base/` and one string for the document.
python-docx opens the result (a test says so) and is not needed to make it: its package is a graph of objects that
a render changes, so that a base opened once could not be shared by two requests at a time, and its writer stamps the
clock into every entry, so that equal papers would differ. Nothing here is imported that takes time to load.

Every look stands in a style under a built-in name, so that a letterhead restyles the paper; a paragraph itself says
only what no style can: its number, the indent of the list around it, where a tab ends in a narrow column, its
direction, and what it stays with.
"""

from collections.abc import Mapping, Sequence

from builder.blocks import Look, Paper, Sheet
from builder.letterhead import Letterhead
from builder.problems import Problem
from builder.scripts import known_language
from builder.word.base_parts import FIXED, base_part, core_properties, numbering, styles
from builder.word.draft import FOOTER, OFFICE, Draft
from builder.word.package import HEAD, packed
from builder.word.page import footer, page_of, section
from builder.word.sheets import NAMESPACES, body_of, document

__all__ = ["remarks", "render"]

# What is cut out or folded is measured for our page and font; a letterhead's header would stand across a fold.
_ON_OUR_PAGE: frozenset[Look] = frozenset({"cards", "large-cards", "badges", "tents"})


def render(paper: Paper, letterhead: Letterhead | None = None) -> bytes:
    """The .docx of a paper, the same bytes for the same paper; raises TypeError where an `Insert` was left in it.

    Cards to cut, badges and table cards come without the letterhead.
    """
    if letterhead is not None and paper.look not in _ON_OUR_PAGE:
        from builder.word.letterhead import render_on

        return render_on(paper, letterhead)
    draft, page = Draft(known_language(paper.language)), page_of(paper)
    for kind, part in {"styles": "styles", "numbering": "numbering", **FIXED}.items():
        draft.relate(f"{OFFICE}/{kind}", f"{part}.xml")
    footers: dict[str, bytes] = {}

    def end(sheet: Sheet, number: int, counted: int | None) -> str:
        name = f"footer{number}.xml"
        xml = footer(sheet.footer, paper.language, page, counted)
        footers[name] = f"{HEAD}<w:ftr {NAMESPACES}>{xml}</w:ftr>".encode()
        return section(page, draft.relate(FOOTER, name), alone=not counted)

    body = body_of(paper, draft, page, end)
    parts = {
        "word/document.xml": document(body),
        "word/styles.xml": styles(paper.look, paper.language, page.text_width),
        "word/numbering.xml": numbering(draft.numbers),
        "docProps/core.xml": core_properties(paper),
        **{f"word/{part}.xml": base_part(part).encode() for part in FIXED.values()},
        **{f"word/{name}": xml for name, xml in footers.items()},
        **{f"word/{name}": png for png, name in draft.pictures.items()},
    }
    return packed(parts, draft.relationships.values())


def remarks(papers: Mapping[str, Paper], files: Mapping[str, bytes], letterhead: Letterhead) -> Sequence[Problem]:
    """What to know of papers (by file name) on a letterhead: what is hard to read, which styles of ours came along."""
    from builder.word.letterhead.remarks import remarks_on

    return remarks_on({n: paper for n, paper in papers.items() if paper.look not in _ON_OUR_PAGE}, files, letterhead)
