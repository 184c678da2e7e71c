"""How each kind of interaction looks: a shade and a pattern, so that a copy of a copy still tells them apart."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from builder.picture.canvas import BLACK, WHITE, Canvas

_TILE = 16  # pixels, two millimetres; each pattern repeats after it
_INK = 0x22


def _dots(x: int, y: int) -> bool:
    return (x - 4) ** 2 + (y - 4) ** 2 <= 6 or (x - 12) ** 2 + (y - 12) ** 2 <= 6


# For each kind its name in the legend, its shade, and where its pattern has ink, by x and y in the tile.
_Ink = Callable[[int, int], bool]
_LOOKS: Mapping[str, tuple[str, int, _Ink]] = MappingProxyType({
    "solo": ("alone", WHITE, _dots),
    "pairs": ("pairs", 0xEE, lambda x, y: (x + y) % 16 < 3),
    "threes": ("threes", 0xDD, lambda x, y: x % 16 < 3 or y % 16 < 3),
    "small groups": ("small groups", 0xDD, lambda x, y: (x // 8 + y // 8) % 2 == 0),
    "plenary": ("everybody", 0xCC, lambda _, y: y % 8 < 2),
    "break": ("break", WHITE, lambda *_: False),
    "transition": ("moving", BLACK, lambda *_: True),
    "buffer": ("buffer", WHITE, lambda x, _: x % 8 < 2),
})  # fmt: skip
KINDS = tuple(_LOOKS)


def name(kind: str) -> str:
    """What a kind of interaction is called in the legend."""
    return _LOOKS[kind][0]


def fill(canvas: Canvas, kind: str, corner: tuple[int, int], size: tuple[int, int]) -> None:
    """Fill a rectangle with the look of a kind, and draw a line around it."""
    (x, y), (width, height), tile = corner, size, _tile(kind)
    for line in range(height):
        canvas.row(x, y + line, (tile[line % _TILE] * (width // _TILE + 1))[:width])
    canvas.frame(x, y, width, height)


@cache
def _tile(kind: str) -> Sequence[bytes]:
    _, shade, ink = _LOOKS[kind]
    return tuple(bytes(_INK if ink(x, y) else shade for x in range(_TILE)) for y in range(_TILE))
