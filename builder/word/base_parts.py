"""The parts that every paper shares, kept as readable XML in `base/`, and the few words that differ in them."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from builder.blocks import Look, Paper
from builder.scripts import known_language, main_part
from builder.word.draft import LARGER
from builder.word.package import HEAD
from builder.word.text import EAST_ASIAN_FONTS, escape, language_kind

# Parts that are the same in every paper, by the last word of their relationship's type.
FIXED: Final = MappingProxyType({"settings": "settings", "fontTable": "fontTable", "theme": "theme1"})
_BASE: Final = Path(__file__).parent / "base"
_BODY_HALF_POINTS: Final = {
    "paper": 28,
    "guide": 24,
    "wall": 56,
    "large": 28,
    "cards": 28,
    "large-cards": 36,
    "badges": 28,
    "tents": 28,
}

# Lines to write on: how far apart (twips), 9.5 mm, and 11 mm in large print.
_RULES_APART: Final = {"large": 624}
_OTHER_RULES: Final = 539
_TINY: Final = 2
_LEAST_LARGE: Final = 32  # half-points: no text of large print is below 16 pt

_STYLE: Final = re.compile('<w:style [^>]*w:styleId="([^"]*)">.*?</w:style>')
_SIZE: Final = re.compile('(<w:szC?s? w:val=")([0-9]+)"')
_GAP: Final = re.compile('( w:(?:before|after)=")([0-9]+)"')
_FILLER: Final = re.compile(r"<!--.*?-->|(?<=>)\s+(?=<)", re.DOTALL)


@cache
def base_part(name: str) -> str:
    """A part of the base document, without the comments and spaces that make it readable."""
    return _FILLER.sub("", (_BASE / f"{name}.xml").read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def styles(look: Look, language: str, text_width: int) -> bytes:
    """The styles part for a look, a language (BCP 47) and a text width (twips), which places the tabs."""
    xml = base_part("styles")
    if look not in ("paper", "large"):
        others = {match[1]: match[0] for match in _STYLE.finditer(base_part(f"{look}-styles"))}
        xml = _STYLE.sub(lambda match: others.get(match[1], match[0]), xml)
    filled = {
        "{language}": _language_marks(language),
        "{text_width}": str(text_width),
        "{body_size}": str(_BODY_HALF_POINTS[look]),
        "{rules_apart}": str(_RULES_APART.get(look, _OTHER_RULES)),
        "{east_asian_font}": _east_asian_font(language),
    }
    for blank, value in filled.items():
        xml = xml.replace(blank, value)
    return (_enlarged(xml) if look == "large" else xml).encode()


def _enlarged(xml: str) -> str:
    """The styles of large print: text and the gaps between paragraphs 18/14 as large; the gap after a table stays."""

    def larger(found: re.Match[str]) -> str:
        size = int(found[2])
        return found[0] if size <= _TINY else f'{found[1]}{max(round(size * LARGER), _LEAST_LARGE)}"'

    return _GAP.sub(lambda found: f'{found[1]}{round(int(found[2]) * LARGER)}"', _SIZE.sub(larger, xml))


def numbering(numbers: Sequence[str]) -> bytes:
    """The numbering part: the definitions of the base, and a number for each list of the paper."""
    return base_part("numbering").replace("</w:numbering>", "".join(numbers) + "</w:numbering>").encode()


def core_properties(paper: Paper) -> bytes:
    """Who, what, when and in which language; dated by the paper, so that the clock leaves no trace."""
    moment = f"{paper.created.isoformat()}T00:00:00Z"
    author = escape(paper.author)
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(paper.title)}</dc:title><dc:creator>{author}</dc:creator>"
        f"<cp:lastModifiedBy>{author}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>'
        f"<dc:language>{known_language(paper.language)}</dc:language></cp:coreProperties>"
    ).encode()


def _language_marks(language: str) -> str:
    language = known_language(language)
    kind = language_kind(language)
    return f'w:val="{language}"' + (f' w:{kind}="{language}"' if kind != "val" else "")


def _east_asian_font(language: str) -> str:
    return EAST_ASIAN_FONTS.get(main_part(known_language(language)), "Arial")
