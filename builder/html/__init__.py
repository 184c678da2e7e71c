"""A paper as one HTML file for phones, screens and screen readers: `render` turns a `Paper` into its bytes.

The file needs nothing else: no script, no network, its style and pictures inside. Its policy forbids all others, so
what somebody writes in the boxes leaves the page by no way but print.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from builder.blocks import Blocks, Heading, Paper, Sheet
from builder.html.flow import Draft, flow
from builder.html.leaves import Leaf, Leaves, leaf, leaves
from builder.html.text import attribute, text
from builder.scripts import known_language, runs_right_to_left

__all__ = ["Leaf", "Leaves", "leaf", "leaves", "render"]

_STYLE: Final = Path(__file__).parent / "style.css"


def render(paper: Paper) -> bytes:
    """The HTML of a paper, the same bytes for the same paper; raises TypeError where an `Insert` was left in it.

    What stands before the first heading of level 2 is the page's header; each sheet is a section, named by its heading.
    """
    draft = Draft(known_language(paper.language))
    opening, sheets = _opened(paper.sheets)
    header = flow(opening, draft)
    sections, links = _sections(sheets, draft)
    direction = ' dir="rtl"' if runs_right_to_left(draft.language) else ""
    page = (
        f"<!DOCTYPE html>\n<html lang={attribute(draft.language)}{direction}>\n{_head(paper)}"
        f"<body>\n<header>\n{header}</header>\n{links}<main>\n{sections}</main>\n</body>\n</html>\n"
    )
    return page.encode()


def _opened(sheets: tuple[Sheet, ...]) -> tuple[Blocks, tuple[Sheet, ...]]:
    """What opens the page, and the sheets without it."""
    if not sheets:
        return (), ()
    first = sheets[0]
    at = next((i for i, block in enumerate(first.blocks) if isinstance(block, Heading) and block.level > 1), None)
    if at is None:
        return first.blocks, sheets[1:]
    return first.blocks[:at], (Sheet(first.blocks[at:], first.footer), *sheets[1:])


def _head(paper: Paper) -> str:
    author = f'<meta name="author" content={attribute(paper.author)}>\n' if paper.author else ""
    return (
        '<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content={attribute(_policy())}>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{text(paper.title)}</title>\n{author}<style>{_style()}</style>\n</head>\n"
    )


@cache
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")


@cache
def _policy() -> str:
    """Nothing from anywhere, but the one style sheet, known by its fingerprint, and pictures inside the file."""
    fingerprint = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{fingerprint}'; img-src data:; base-uri 'none'; form-action 'none'"


def _sections(sheets: tuple[Sheet, ...], draft: Draft) -> tuple[str, str]:
    """A section for each sheet, and the links that lead to them."""
    sections, links = [], []
    for sheet in sheets:
        known = len(draft.headings)
        inside = flow(sheet.blocks, draft)
        named = draft.headings[known:][:1]
        links += [f'<li><a href="#{number}">{title}</a></li>\n' for number, title in named]
        label = "".join(f' aria-labelledby="{number}"' for number, _ in named)
        foot = f'<p class="foot">{text(sheet.footer)}</p>\n' if sheet.footer else ""
        sections.append(f"<section{label}>\n{inside}{foot}</section>\n")
    return "".join(sections), f"<nav>\n<ul>\n{''.join(links)}</ul>\n</nav>\n" if links else ""
