"""The font of a letterhead's body text, and whether it is wider than ours."""

from typing import Final

from builder.letterhead import Letterhead
from builder.letterhead.fields import W
from builder.letterhead.package import parsed
from builder.word.letterhead.looks import Looks

# Fonts no wider than Arial, in which a sheet's columns hold their words as they do in ours. Any other may be wide.
_NO_WIDER: Final = frozenset(
    """
    aptos|arial|arial narrow|calibri|cambria|candara|carlito|caladea|constantia|corbel|garamond|georgia|gill sans
    gill sans mt|helvetica|helvetica neue|liberation sans|liberation serif|palatino linotype|perpetua|segoe ui
    source sans pro|tahoma|times|times new roman|trebuchet ms
    """.replace("\n", "|")
    .replace("    ", "")
    .split("|")
)


def has_plain_font(letterhead: Letterhead) -> bool:
    """Whether the body text is known to be in a font that is no wider than ours."""
    return font_of(letterhead).casefold() in _NO_WIDER


def font_of(letterhead: Letterhead) -> str:
    """The font of the body text by name, looked up in the theme where the style leads there; empty where unknown."""
    part = letterhead.part("styles")
    if part is None:
        return ""
    looks = Looks(parsed(letterhead.parts[part]))
    body = looks.defaults.get("paragraph")
    # The nearest style that names a font decides, and there a font of the theme wins over one by name.
    for style in looks.chain(body):
        fonts = style.find(f"{W}rPr/{W}rFonts")
        if fonts is not None and (fonts.get(f"{W}asciiTheme") or fonts.get(f"{W}ascii")):
            theme = fonts.get(f"{W}asciiTheme")
            return _of_theme(letterhead, theme) if theme else str(fonts.get(f"{W}ascii"))
    theme = looks.value(body, "rPr/rFonts", "asciiTheme")
    return _of_theme(letterhead, theme) if theme else looks.value(body, "rPr/rFonts", "ascii") or ""


def _of_theme(letterhead: Letterhead, name: str) -> str:
    part = letterhead.part("theme")
    if part is None:
        return ""
    which = "majorFont" if name.startswith("major") else "minorFont"
    return next(
        (str(e.get("typeface") or "") for e in parsed(letterhead.parts[part]).iterfind(f".//{{*}}{which}/{{*}}latin")),
        "",
    )
