"""A grey canvas of pixels, and the PNG that it becomes: the same bytes on every machine, since nothing is compressed.

What zlib makes of the same pixels differs from build to build (zlib, zlib-ng), so the PNG stores them as they are,
four bits each. The Word file around it is compressed anyway.
"""

import struct
import zlib
from collections.abc import Sequence

WHITE, BLACK = 0xFF, 0x00
DOTS_PER_INCH = 200
DOTS_PER_MM = DOTS_PER_INCH / 25.4

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_STORED = 0xFFFF
_HIGH = bytes(value & 0xF0 for value in range(256))
_LOW = bytes(value >> 4 for value in range(256))


def dots(mm: float) -> int:
    """Whole pixels for so many millimetres."""
    return round(mm * DOTS_PER_MM)


class Canvas:
    """White paper of `width` (made even) by `height` pixels; what is drawn outside it is left away."""

    def __init__(self, width: int, height: int) -> None:
        """Begin with white paper."""
        self.width, self.height = width + width % 2, height
        self._pixels = bytearray([WHITE]) * (self.width * height)

    def row(self, x: int, y: int, pixels: bytes) -> None:
        """Put a row of pixels in place of what is there."""
        left, right = max(x, 0), min(x + len(pixels), self.width)
        if 0 <= y < self.height and left < right:
            start = y * self.width
            self._pixels[start + left : start + right] = pixels[left - x : right - x]

    def box(self, x: int, y: int, width: int, height: int, grey: int = BLACK) -> None:
        """Fill a rectangle."""
        for line in range(y, y + height):
            self.row(x, line, bytes([grey]) * width)

    def frame(self, x: int, y: int, width: int, height: int, thick: int = 2) -> None:
        """Draw the outline of a rectangle, inside it."""
        self.box(x, y, width, thick)
        self.box(x, y + height - thick, width, thick)
        self.box(x, y, thick, height)
        self.box(x + width - thick, y, thick, height)

    def stamp(self, x: int, y: int, rows: Sequence[bytes]) -> None:
        """Lay a small picture over what is there; where both have ink it gets darker. Rows without ink may be empty."""
        for line, pixels in enumerate(rows, start=y):
            left, right = max(x, 0), min(x + len(pixels), self.width)
            if 0 <= line < self.height and left < right:
                start, end = line * self.width + left, line * self.width + right
                over = int.from_bytes(pixels[left - x : right - x], "big")
                both = int.from_bytes(self._pixels[start:end], "big") & over
                self._pixels[start:end] = both.to_bytes(right - left, "big")

    def png(self) -> bytes:
        """The canvas as a PNG of sixteen greys."""
        size = self.width * self.height // 2
        high = int.from_bytes(self._pixels[0::2].translate(_HIGH), "big")
        low = int.from_bytes(self._pixels[1::2].translate(_LOW), "big")
        packed = (high | low).to_bytes(size, "big")
        across = self.width // 2
        lines = b"".join(b"\0" + packed[at : at + across] for at in range(0, size, across))
        header = struct.pack(">IIBBBBB", self.width, self.height, 4, 0, 0, 0, 0)
        per_metre = round(DOTS_PER_MM * 1000)
        resolution = struct.pack(">IIB", per_metre, per_metre, 1)
        parts = ((b"IHDR", header), (b"pHYs", resolution), (b"IDAT", _stored(lines)), (b"IEND", b""))
        return _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in parts)


def compressed(png: bytes) -> bytes:
    """The same picture in a tenth of the bytes, for a screen: which bytes depends on the machine's zlib."""
    start = png.index(b"IDAT")
    length = int.from_bytes(png[start - 4 : start], "big")
    lines = zlib.decompress(png[start + 4 : start + 4 + length])
    return png[: start - 4] + _chunk(b"IDAT", zlib.compress(lines, 6)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _stored(content: bytes) -> bytes:
    """A zlib stream that holds the content uncompressed, in blocks of the largest size (RFC 1951, 3.2.4)."""
    blocks = [content[at : at + _MOST_STORED] for at in range(0, len(content), _MOST_STORED)]
    last = len(blocks) - 1
    stream = b"".join(
        struct.pack("<BHH", number == last, len(block), len(block) ^ _MOST_STORED) + block
        for number, block in enumerate(blocks)
    )
    return b"\x78\x01" + stream + struct.pack(">I", zlib.adler32(content))
