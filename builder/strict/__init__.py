"""How text from outside is let in: cleaned, read as strict YAML with places, checked against a model.

PyYAML alone was seen to hang on a 421-byte merge bomb, to crash on 100,000 nested brackets, to read
`12:30` as 750, and to let the last of two equal keys win. Here aliases, anchors and tags are refused,
size and depth are limited, plain scalars stay text, and equal keys are named with both lines.
"""

from builder.strict.cleaning import UNPRINTABLE, UNPRINTABLE_HINT, clean, not_an_id, shortened, with_plain_ends
from builder.strict.fitting import check
from builder.strict.reader import DEEPEST, MOST_CHARACTERS, MOST_NODES, Loc, Marked, Place, read_yaml

__all__ = [
    "DEEPEST",
    "MOST_CHARACTERS",
    "MOST_NODES",
    "UNPRINTABLE",
    "UNPRINTABLE_HINT",
    "Loc",
    "Marked",
    "Place",
    "check",
    "clean",
    "not_an_id",
    "read_yaml",
    "shortened",
    "with_plain_ends",
]
