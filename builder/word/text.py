"""Text as WordprocessingML: cleaned, escaped, with its direction, its script and its links."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final
from urllib.parse import quote, urlsplit

from builder.blocks import Run
from builder.word.draft import HYPERLINK, Draft

_UNHOLDABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_BREAKS: Final = {"\n": "<w:br/>", "\t": "<w:tab/>"}
_AT_BREAKS: Final = re.compile("([\n\t])")

_KANA: Final = re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_HANGUL: Final = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")
_EAST_ASIAN: Final = re.compile(
    "[\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    "\U0001b000-\U0001b2ff\U00020000-\U0003ffff]"
)

_STRAY_PERCENT: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_IN_ADDRESSES: Final = "%/?#:@!$&'()*+,;=-._~[]"


def clean(text: str) -> str:
    """The text without the 2,079 code points that XML cannot hold, its line ends as newlines."""
    if text.isprintable():
        return text
    return _UNHOLDABLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def escape(text: str) -> str:
    """The text, cleaned, as it may stand in an element or in an attribute in double quotes."""
    return clean(text).translate(_ESCAPES)


def direction(text: str) -> bool | None:
    """Whether the first strong character runs right to left; None where there is no strong character."""
    for character in text:
        strong = unicodedata.bidirectional(character)
        if strong == "L":
            return False
        if strong in ("R", "AL"):
            return True
    return None


def is_rtl(text: str) -> bool:
    """Whether a paragraph of this text runs right to left, by its first strong character."""
    return not text.isascii() and bool(direction(text))


def run(text: str, style: str = "", *, rtl: bool = False) -> str:
    """One `w:r` in a character style by its id; `rtl` is the direction of the paragraph, for text without its own."""
    text = clean(text)
    marks = f'<w:rStyle w:val="{style}"/>' if style else ""
    if rtl or not text.isascii():
        own = direction(text)
        marks += _east_asian_font(text) + ("<w:rtl/>" if (rtl if own is None else own) else "")
    properties = f"<w:rPr>{marks}</w:rPr>" if marks else ""
    return f"<w:r>{properties}{_pieces(text.translate(_ESCAPES))}</w:r>"


def inline(runs: Sequence[Run], draft: Draft, *, rtl: bool = False) -> str:
    """The runs of one paragraph; neighbours with one address are one hyperlink, with the address in print."""
    parts = []
    for link, group in groupby(runs, key=attrgetter("link")):
        same, target = tuple(group), safe_target(link) if link else ""
        parts.append(_linked(same, link, target, draft, rtl=rtl) if target else _plain(same, rtl=rtl))
    return "".join(parts)


def safe_target(link: str) -> str:
    """The address as a relationship may hold it, or nothing where it is not a whole http, https or mailto address."""
    address = clean(link).strip()
    try:
        parts = urlsplit(address)
        whole = bool(parts.hostname) and parts.port != 0 if parts.scheme in ("http", "https") else bool(parts.path)
    except ValueError:
        return ""
    if not whole or parts.scheme not in ("http", "https", "mailto"):
        return ""
    return quote(_STRAY_PERCENT.sub("%25", address), safe=_IN_ADDRESSES)


def _pieces(escaped: str) -> str:
    if "\n" not in escaped and "\t" not in escaped:
        return f'<w:t xml:space="preserve">{escaped}</w:t>'
    pieces = filter(None, _AT_BREAKS.split(escaped))
    return "".join(_BREAKS.get(piece) or f'<w:t xml:space="preserve">{piece}</w:t>' for piece in pieces)


def _east_asian_font(text: str) -> str:
    if not _EAST_ASIAN.search(text):
        return ""
    font = "Yu Gothic" if _KANA.search(text) else "Malgun Gothic" if _HANGUL.search(text) else "Microsoft YaHei"
    return f'<w:rFonts w:hint="eastAsia" w:eastAsia="{font}"/>'


def _plain(runs: Iterable[Run], style: str = "", *, rtl: bool) -> str:
    return "".join(run(_words(one), _look(one) or style, rtl=rtl) for one in runs if _words(one))


def _words(one: Run) -> str:
    """What is printed for a run: a source that nobody put into words shows its name, so that none is lost."""
    return one.text or (f"[{one.cite}]" if one.cite else "")


def _look(one: Run) -> str:
    return "Strong" if one.strong else "HTMLCode" if one.code else ""


def _linked(runs: Sequence[Run], link: str, target: str, draft: Draft, *, rtl: bool) -> str:
    relationship = draft.relate(HYPERLINK, target, external=True)
    shown = link.strip().removeprefix("mailto:")
    text = "".join(map(_words, runs)).strip()
    address = "" if _bare(text) == _bare(link) else run(f" ({shown})" if text else shown, "Hyperlink")
    inside = _plain(runs, "Hyperlink", rtl=rtl) + address
    return f'<w:hyperlink r:id="{relationship}" w:history="1">{inside}</w:hyperlink>'


def _bare(address: str) -> str:
    """An address as people say it: without scheme and closing slash."""
    return re.sub("^(https?://|mailto:)", "", address.strip().casefold()).rstrip("/")
