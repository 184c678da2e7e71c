"""The colours of a style, from the letterhead's theme too, and how they stand against each other in grey."""

import colorsys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from builder.letterhead.fields import W
from builder.letterhead.package import parsed
from builder.word.letterhead.looks import Looks

_WHITE: Final = "FFFFFF"
_BLACK: Final = "000000"
_HEX: Final = frozenset("0123456789abcdefABCDEF")
# What Word calls a colour of the theme, and what the theme calls it unless the settings say otherwise.
_THEME_NAMES: Final = {
    "text1": "dk1", "text2": "dk2", "background1": "lt1", "background2": "lt2", "dark1": "dk1", "dark2": "dk2",
    "light1": "lt1", "light2": "lt2", "hyperlink": "hlink", "followedHyperlink": "folHlink",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a theme by its own names, as six hexadecimal digits."""

    colours: Mapping[str, str]

    @classmethod
    def of(cls, theme: bytes | None) -> "Palette":
        """The palette of a theme part, an empty one where there is none."""
        if theme is None:
            return cls({})
        found = {}
        for scheme in parsed(theme).iter("{*}clrScheme"):
            for entry in scheme:
                for colour in entry:
                    value = colour.get("lastClr") or colour.get("val") or ""
                    found[entry.tag.rpartition("}")[2]] = value
        return cls({name: value for name, value in found.items() if _is_hex(value)})

    def text(self, looks: Looks, style: Any) -> str:
        """The colour of a style's text; black where it is left to Word."""
        return self._said(looks, style, "rPr/color", "val", "theme", _BLACK)

    def ground(self, looks: Looks, style: Any) -> str:
        """What a style's text stands on: its shading, or white paper."""
        run = self._said(looks, style, "rPr/shd", "fill", "themeFill", "")
        return run or self._said(looks, style, "pPr/shd", "fill", "themeFill", _WHITE)

    def _said(self, looks: Looks, style: Any, path: str, plain: str, theme: str, otherwise: str) -> str:  # noqa: PLR0913, PLR0917
        steps = "/".join(f"{W}{step}" for step in path.split("/"))
        for each in looks.chain(style):
            found = each.find(steps)
            if found is None:
                continue
            named = found.get(f"{W}{'themeColor' if theme == 'theme' else theme}")
            known = self.colours.get(_THEME_NAMES.get(named or "", named or ""))
            if known:
                return _shaded(known, found.get(f"{W}{theme}Shade"), found.get(f"{W}{theme}Tint"))
            value = str(found.get(f"{W}{plain}") or "")
            return value if _is_hex(value) else otherwise
        return otherwise


def _is_hex(text: str) -> bool:
    return len(text) == 6 and set(text) <= _HEX


def _shaded(colour: str, shade: str | None, tint: str | None) -> str:
    """A colour of the theme, darkened or lightened as Word does: by its lightness."""
    hue, light, full = colorsys.rgb_to_hls(*(int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)))
    try:
        if shade:
            light *= int(shade, 16) / 255
        if tint:
            part = int(tint, 16) / 255
            light = light * part + 1 - part
    except ValueError:
        return colour
    return "".join(f"{round(min(max(each, 0), 1) * 255):02X}" for each in colorsys.hls_to_rgb(hue, light, full))


def contrast(text: str, ground: str) -> float:
    """The contrast of two colours, 1 to 21, by what is left of them in grey (WCAG 2.2, relative luminance)."""
    one, other = sorted((_luminance(text), _luminance(ground)), reverse=True)
    return (one + 0.05) / (other + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
