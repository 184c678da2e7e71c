"""A paragraph and its properties, in the order that the schema asks for."""

import re
from typing import Final

_MARKS: Final = re.compile('(<w:pPr><w:pStyle w:val="[^"]*"/>)(<w:keepNext/>)?')


def paragraph(  # noqa: PLR0913 - the few structural properties that a style cannot carry
    style: str,
    content: str,
    *,
    keep_next: bool = False,
    number: str = "",
    tabs: str = "",
    rtl: bool = False,
    indent: int = 0,
) -> str:
    """One `w:p` in a paragraph style by its id; `indent` (twips) is that of the list around it."""
    marks = "<w:keepNext/>" if keep_next else ""
    marks += number + tabs + ("<w:bidi/>" if rtl else "")
    if indent:
        marks += f'<w:ind w:left="{indent}"/>'
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{marks}</w:pPr>{content}</w:p>'


SPACER: Final = paragraph("Closing", "")


def closed(xml: str) -> str:
    """The same, ending with a paragraph as Word asks of a cell and of a section."""
    if not xml:
        return paragraph("NoSpacing", "")
    return xml if xml.endswith("</w:p>") else xml + SPACER


def unruled(xml: str) -> str:
    """The same, ending without a line to write on: LibreOffice does not draw the rule of what ends a section."""
    last = xml.rpartition("<w:p>")[2]
    return xml + SPACER if '"Signature"' in last else xml


def on_new_page(xml: str) -> str:
    """The same, its first paragraph beginning a page: no empty paragraph stays behind, so no empty page can arise."""
    return _MARKS.sub(r"\1\2<w:pageBreakBefore/>", xml, count=1)


def kept_with_next(xml: str) -> str:
    """The same, its last paragraph on the page of whatever follows."""
    before, mark, last = xml.rpartition("<w:pPr>")
    return before + _MARKS.sub(r"\1<w:keepNext/>", mark + last, count=1)


def bookmarked(xml: str, number: int, name: str) -> str:
    """The same, with an empty bookmark at its very end, to be asked for its page."""
    before, mark, after = xml.rpartition("</w:p>")
    return f'{before}<w:bookmarkStart w:id="{number}" w:name="{name}"/><w:bookmarkEnd w:id="{number}"/>{mark}{after}'


def ending_section(xml: str, section: str) -> str:
    """The same, its last paragraph carrying the properties of the section that ends with it."""
    before, mark, after = xml.rpartition("</w:pPr>")
    return f"{before}{section}{mark}{after}"
