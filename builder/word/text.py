"""Text as WordprocessingML: cleaned, escaped, with its direction, its script and its links."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Final

from builder.addresses import bare, safe_target
from builder.blocks import Run
from builder.scripts import EAST_ASIAN, RIGHT_TO_LEFT, Phrase, direction, main_part, phrases, script_of
from builder.word.draft import HYPERLINK, Draft

# Wide sets of characters take milliseconds to compile, and most papers need neither.
_UNHOLDABLE: Final = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_BREAKS: Final = {"\n": "<w:br/>", "\t": "<w:tab/>"}
_AT_BREAKS: Final = re.compile("([\n\t])")

_FIRST_EAST_ASIAN: Final = "\u1100"
_EAST_ASIAN: Final = (
    "[\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    "\U0001b000-\U0001b2ff\U00020000-\U0003ffff]"
)

# The font of each East Asian language, and the attribute of `w:lang` for what is not of the Latin kind.
EAST_ASIAN_FONTS: Final = {"ja": "Yu Gothic", "ko": "Malgun Gothic", "zh": "Microsoft YaHei"}
_LANGUAGE_KINDS: Final = {**dict.fromkeys(RIGHT_TO_LEFT, "bidi"), **dict.fromkeys(EAST_ASIAN, "eastAsia")}

_compiled: Final = cache(re.compile)
_link_of: Final = attrgetter("link")


def clean(text: str) -> str:
    """The text without the 2,079 code points that XML cannot hold, its line ends as newlines."""
    if text.isprintable():
        return text
    return _compiled(_UNHOLDABLE).sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def escape(text: str) -> str:
    """The text, cleaned, as it may stand in an element or in an attribute in double quotes."""
    return _escaped(clean(text))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def run(text: str, style: str = "", *, rtl: bool = False, language: str = "") -> str:
    """The `w:r` of a text in a character style by its id, one for each stretch in another script than `language`'s.

    `rtl` is the direction of the paragraph, for text without its own.
    """
    text = clean(text)
    if not rtl and text.isascii() and script_of(language) == "latin":
        return _marked(_styled(style), text)
    return "".join(_run(phrase, style, language, rtl=rtl) for phrase in phrases(text, language)) or _run(
        Phrase(""), style, language, rtl=rtl
    )


def _run(phrase: Phrase, style: str, language: str, *, rtl: bool) -> str:
    text = phrase.text
    marks = _styled(style)
    if rtl or not text.isascii():
        own = direction(text)
        marks += _east_asian_font(text, phrase.language or language) + (
            "<w:rtl/>" if (rtl if own is None else own) else ""
        )
    if phrase.language:
        kind = language_kind(phrase.language)
        marks += f'<w:lang w:{kind}="{phrase.language}"/>'
    return _marked(marks, text)


def _styled(style: str) -> str:
    return f'<w:rStyle w:val="{style}"/>' if style else ""


def _marked(marks: str, text: str) -> str:
    properties = f"<w:rPr>{marks}</w:rPr>" if marks else ""
    return f"<w:r>{properties}{_pieces(_escaped(text))}</w:r>"


def language_kind(language: str) -> str:
    """The attribute of `w:lang` that holds a language: of the Latin kind, written right to left, or East Asian."""
    return _LANGUAGE_KINDS.get(script_of(language), "val")


def inline(runs: Sequence[Run], draft: Draft, *, rtl: bool = False) -> str:
    """The runs of one paragraph; neighbours with one address are one hyperlink, with the address in print."""
    if not any(map(_link_of, runs)):
        return _plain(runs, draft.language, rtl=rtl)
    parts = []
    for link, group in groupby(runs, key=_link_of):
        same, target = tuple(group), safe_target(clean(link)) if link else ""
        parts.append(_linked(same, link, target, draft, rtl=rtl) if target else _plain(same, draft.language, rtl=rtl))
    return "".join(parts)


def _pieces(escaped: str) -> str:
    if "\n" not in escaped and "\t" not in escaped:
        return f'<w:t xml:space="preserve">{escaped}</w:t>'
    pieces = filter(None, _AT_BREAKS.split(escaped))
    return "".join(_BREAKS.get(piece) or f'<w:t xml:space="preserve">{piece}</w:t>' for piece in pieces)


def _east_asian_font(text: str, language: str) -> str:
    if max(text, default="") < _FIRST_EAST_ASIAN or not _compiled(_EAST_ASIAN).search(text):
        return ""
    font = EAST_ASIAN_FONTS[main_part(language)]
    return f'<w:rFonts w:hint="eastAsia" w:eastAsia="{font}"/>'


def _plain(runs: Iterable[Run], language: str, style: str = "", *, rtl: bool) -> str:
    shown = [(words, _look(one) or style) for one in runs if (words := _words(one))]
    return "".join([run(words, look, rtl=rtl, language=language) for words, look in shown])


def _words(one: Run) -> str:
    """What is printed for a run: a source that nobody put into words shows its name, so that none is lost."""
    return one.text or (f"[{one.cite}]" if one.cite else "")


def _look(one: Run) -> str:
    return "Strong" if one.strong else "HTMLCode" if one.code else ""


def _linked(runs: Sequence[Run], link: str, target: str, draft: Draft, *, rtl: bool) -> str:
    relationship = draft.relate(HYPERLINK, target, external=True)
    shown = link.strip().removeprefix("mailto:")
    text = "".join(map(_words, runs)).strip()
    address = "" if bare(text) == bare(link) else run(f" ({shown})" if text else shown, "Hyperlink")
    inside = _plain(runs, draft.language, "Hyperlink", rtl=rtl) + address
    return f'<w:hyperlink r:id="{relationship}" w:history="1">{inside}</w:hyperlink>'
