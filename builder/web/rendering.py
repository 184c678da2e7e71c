"""Pages made of templates: always escaped, and nothing undefined in them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

PAGES = Path(__file__).parent / "pages"
STATIC = Path(__file__).parent / "static"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def rendered(template: str, **values: Any) -> str:
    """A page as HTML; `values` are shown and escaped, and only our own pages are ever templates."""
    return _environment().get_template(template).render(**values)


def refusal_page(words: str) -> str:
    """A page that says no, which needs no style sheet and shows nothing of the workshop."""
    return rendered("refusal.html", words=words)
