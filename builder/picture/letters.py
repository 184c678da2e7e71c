"""Letters as small pictures: drawn beforehand from DejaVu Sans Condensed (9 pt at 200 dpi), so no font is needed here.

`letters.png` holds them side by side, regular above bold; `letters.json` says which they are and how wide each is.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path

from builder.picture.canvas import WHITE, Canvas

_HEAD = 16  # of a PNG: where its width and height stand


@dataclass(frozen=True)
class Face:
    """One weight of the letters: a picture of all of them, where each begins in it, and how far it moves on."""

    picture: Sequence[bytes]
    starts: Mapping[str, int]
    advances: Mapping[str, int]
    padding: int
    cut: dict[str, Sequence[bytes]] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """The height of a line in pixels."""
        return len(self.picture)

    def has(self, text: str) -> bool:
        """Whether every character of a text can be drawn."""
        return all(character in self.advances for character in text)

    def width(self, text: str) -> int:
        """How many pixels a text takes."""
        return sum(self.advances[character] for character in text)

    def write(self, canvas: Canvas, x: int, y: int, text: str) -> None:
        """Write a text whose line begins at the left and upper edge `x`, `y`."""
        for character in text:
            canvas.stamp(x - self.padding, y, self._letter(character))
            x += self.advances[character]

    def _letter(self, character: str) -> Sequence[bytes]:
        """The pixel rows of a letter, cut out once; those without ink are empty."""
        if character not in self.cut:
            start = self.starts[character]
            end = start + self.advances[character] + 2 * self.padding
            rows = (line[start:end] for line in self.picture)
            self.cut[character] = tuple(row if min(row) < WHITE else b"" for row in rows)
        return self.cut[character]

    def folded(self, text: str, width: int, most: int) -> list[str] | None:
        """The text on at most so many lines of at most so many pixels, broken between words; None where it has none."""
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(word)
        return lines if len(lines) <= most and all(self.width(line) <= width for line in lines) else None


@cache
def face(name: str) -> Face:
    """The letters of a weight, `regular` or `bold`."""
    here = Path(__file__).parent
    known = json.loads((here / "letters.json").read_text(encoding="utf-8"))
    lines = _pixels((here / "letters.png").read_bytes())
    height, padding, characters = known["height"], known["padding"], known["characters"]
    first = height if name == "bold" else 0
    starts = accumulate((advance + 2 * padding for advance in known[name]), initial=0)
    return Face(
        picture=lines[first : first + height],
        starts=dict(zip(characters, starts, strict=False)),
        advances=dict(zip(characters, known[name], strict=True)),
        padding=padding,
    )


@cache
def _pixels(png: bytes) -> Sequence[bytes]:
    """The rows of our own kind of PNG: sixteen greys, one IDAT, no filters."""
    width = int.from_bytes(png[_HEAD : _HEAD + 4], "big")
    start = png.index(b"IDAT")
    length = int.from_bytes(png[start - 4 : start], "big")
    packed = zlib.decompress(png[start + 4 : start + 4 + length])
    across = width // 2 + 1
    high = bytes((value >> 4) * 17 for value in range(256))
    low = bytes((value & 15) * 17 for value in range(256))
    lines = []
    for at in range(0, len(packed), across):
        line = bytearray(width)
        line[0::2] = packed[at + 1 : at + across].translate(high)
        line[1::2] = packed[at + 1 : at + across].translate(low)
        lines.append(bytes(line))
    return lines
