"""The page: its size and margins, its sections and their footers."""

from dataclasses import dataclass
from typing import Final

from builder.blocks import Paper
from builder.scripts import is_rtl, runs_right_to_left
from builder.word.draft import CHARACTER_WIDTH, LARGER, TWIPS_PER_MM
from builder.word.paragraphs import paragraph
from builder.word.text import run

# Width, height and side margins in millimetres. Both have lines of 170 mm (74 characters of 14 pt on average), so that
# a sheet breaks its lines alike on either paper.
_SIZES: Final = {"A4": (210.0, 297.0, 20.0), "Letter": (215.9, 279.4, 22.95)}
_TOP_MM, _BOTTOM_MM, _FOOTER_MM = 18.0, 22.0, 12.0
_LARGE_BOTTOM_MM = 29.7
_PAGE_WORDS: Final = {"en": ("page ", " of "), "": ("", " / ")}


@dataclass(frozen=True, slots=True)
class Page:
    """A page's outside and margins in twips, the size of its text against 14 pt, and where its lines begin."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    landscape: bool = False
    scale: float = 1
    rtl: bool = False

    @property
    def text_width(self) -> int:
        """The length of a line (twips)."""
        return self.width - self.left - self.right

    @property
    def text_height(self) -> int:
        """The height of the text, footer apart (twips)."""
        return self.height - self.top - self.bottom


def page_of(paper: Paper) -> Page:
    """The page that a paper asks for."""
    width, height, side = map(_twips, _SIZES[paper.size])
    scale, rtl = LARGER if paper.look == "large" else 1, runs_right_to_left(paper.language)
    # Below the text there is room for a footer of two lines.
    top, bottom = _twips(_TOP_MM), _twips(_LARGE_BOTTOM_MM if paper.look == "large" else _BOTTOM_MM)
    if paper.landscape:
        side, width, height = _twips(20), height, width
    return Page(width, height, side, side, top, bottom, paper.landscape, scale, rtl)


def section(page: Page, footer: str, *, alone: bool) -> str:
    """The `w:sectPr` of a sheet with a footer, by its relationship: beside others it begins on a leaf of its own."""
    orientation = ' w:orient="landscape"' if page.landscape else ""
    return (
        f'<w:sectPr><w:footerReference w:type="default" r:id="{footer}"/>'
        f'<w:type w:val="{"nextPage" if alone else "oddPage"}"/>'
        f'<w:pgSz w:w="{page.width}" w:h="{page.height}"{orientation}/>'
        f'<w:pgMar w:top="{page.top}" w:right="{page.right}" w:bottom="{page.bottom}" '
        f'w:left="{page.left}" w:header="{_twips(_FOOTER_MM)}" w:footer="{_twips(_FOOTER_MM)}" w:gutter="0"/>'
        f'<w:pgNumType w:start="1"/>{"<w:bidi/>" if page.rtl else ""}</w:sectPr>'
    )


def last_page(sheet: int) -> str:
    """The name of the bookmark that ends a sheet, counted from 1."""
    return f"_Sheet{sheet}"


def footer(text: str, language: str, page: Page, sheet: int | None, *, paged: bool = True) -> str:
    """The paragraph of a footer: its text left, "page X of Y" right, on a line of its own where the text is long.

    `sheet` counts from 1 and is None where the paper has but one; `paged` is false where the pages are counted already.
    """
    rtl = is_rtl(text)
    if not paged:
        return paragraph("Footer", run(text, rtl=rtl, language=language), rtl=rtl)
    before, between = _PAGE_WORDS.get(language.partition("-")[0].lower(), _PAGE_WORDS[""])
    room = int(page.text_width / (CHARACTER_WIDTH * page.scale)) - len(f"{before}10{between}10 ")
    tab = "\n\t" if len(text) > room else "\t"
    content = (
        run(text + tab + before, rtl=rtl, language=language)
        + _field("PAGE")
        + run(between, rtl=rtl)
        + (pages_of(sheet) if sheet else _field("NUMPAGES"))
    )
    return paragraph("Footer", content, rtl=rtl)


def pages_of(sheet: int) -> str:
    """The number of a sheet's pages: Word counts them; LibreOffice, which cannot, shows the number of the last one."""
    return _field("SECTIONPAGES", _field(f"PAGEREF {last_page(sheet)}"))


def _field(name: str, result: str = "<w:r><w:t>1</w:t></w:r>") -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {name} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"{result}"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _twips(millimetres: float) -> int:
    return round(millimetres * TWIPS_PER_MM)
