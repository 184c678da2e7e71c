"""The parts that every paper shares, kept as readable XML in `base/`, and the few words that differ in them."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from builder.blocks import Look, Paper
from builder.word.package import HEAD
from builder.word.text import escape

# Parts that are the same in every paper, by the last word of their relationship's type.
FIXED: Final = MappingProxyType({"settings": "settings", "fontTable": "fontTable", "theme": "theme1"})
_BASE: Final = Path(__file__).parent / "base"
_BODY_HALF_POINTS: Final = {"paper": 28, "guide": 24, "wall": 56, "cards": 24, "badges": 28, "tents": 28}

_SEPARATE_SCRIPTS: Final = {
    **dict.fromkeys(("zh", "ja", "ko"), "eastAsia"),
    **dict.fromkeys(("ar", "he", "fa", "ur", "yi", "ps", "ckb", "sd", "ug", "dv"), "bidi"),
}
_LANGUAGE: Final = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")

_STYLE: Final = re.compile('<w:style [^>]*w:styleId="([^"]*)">.*?</w:style>')
_FILLER: Final = re.compile(r"<!--.*?-->|(?<=>)\s+(?=<)", re.DOTALL)


@cache
def base_part(name: str) -> str:
    """A part of the base document, without the comments and spaces that make it readable."""
    return _FILLER.sub("", (_BASE / f"{name}.xml").read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def styles(look: Look, language: str, text_width: int) -> bytes:
    """The styles part for a look, a language (BCP 47) and a text width (twips), which places the tabs."""
    xml = base_part("styles")
    if look != "paper":
        others = {match[1]: match[0] for match in _STYLE.finditer(base_part(f"{look}-styles"))}
        xml = _STYLE.sub(lambda match: others.get(match[1], match[0]), xml)
    filled = {
        "{language}": _language_marks(language),
        "{text_width}": str(text_width),
        "{body_size}": str(_BODY_HALF_POINTS[look]),
    }
    for blank, value in filled.items():
        xml = xml.replace(blank, value)
    return xml.encode()


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


def known_language(language: str) -> str:
    """The language tag, or "en" where it is none."""
    return language if _LANGUAGE.fullmatch(language) else "en"


def _language_marks(language: str) -> str:
    language = known_language(language)
    script = _SEPARATE_SCRIPTS.get(language.partition("-")[0].lower())
    return f'w:val="{language}"' + (f' w:{script}="{language}"' if script else "")
