"""Which file names a kit may use, on every system, and what the versions of a file are called."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePath

MOST_CHARACTERS = 60
MOST_BYTES = 200  # most file systems stop at 255; a date, a suffix and `.new-2` still have to fit
FEWEST_CHARACTERS = 20  # a name is cut between two words only where at least this much of it stays

RECORD = "kit.json"
LOCK = ".workshop.lock"
STRAY = re.compile(r"\.workshop-[0-9a-f]{16}\.tmp")

# Windows keeps these for devices, with any suffix.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
_APOSTROPHES = "'\u2019\u02bc"
_INVISIBLE_LETTERS = "\u115f\u1160\u3164\uffa0"
_DROPPED = frozenset({"Cf", "Cs", "Co", "Cn"})  # direction marks, halves of characters, private, unassigned
_NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]')
_VERSION = re.compile(r"(?P<stem>.+)\.new(?:-\d+)?(?P<suffix>\.[^.]*)?", re.DOTALL)


def safe_name(title: str, fallback: str = "workshop") -> str:
    """`title` as lower-case words joined by hyphens, safe on every system, or `fallback` where nothing is left.

    At most 60 characters and 200 bytes of UTF-8; every script is kept; naming a name again changes nothing.
    """
    spelled = "".join(map(_spell, unicodedata.normalize("NFC", title)))
    lower = unicodedata.normalize("NFC", unicodedata.normalize("NFC", spelled).lower())
    words = (_without_leading_marks(word) for word in lower.split("-"))
    name = _shorten("-".join(word for word in words if word)) or fallback
    return f"{name}-{fallback}" if unicodedata.normalize("NFKC", name) in _DEVICES else name


def _spell(character: str) -> str:
    """Keep the character itself where it is part of a word, nothing where it is invisible, else a hyphen."""
    category = unicodedata.category(character)
    if character in _APOSTROPHES or character in _INVISIBLE_LETTERS or category in _DROPPED:
        return ""
    return character if category[0] in "LMN" else "-"


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _without_leading_marks(word: str) -> str:
    while word and _is_mark(word[0]):
        word = word[1:]
    return word


def _shorten(name: str) -> str:
    """`name` within both limits: cut between two words where that leaves enough, never inside a character."""
    end = min(len(name), MOST_CHARACTERS)
    while len(name[:end].encode()) > MOST_BYTES:
        end -= 1
    if end == len(name):
        return name
    while end and _is_mark(name[end]):
        end -= 1
    if name[end] != "-" and (space := name.rfind("-", FEWEST_CHARACTERS, end)) > 0:
        end = space
    return name[:end].strip("-")


def fold(name: str) -> str:
    """Spell a name so that two are equal that are one file on a system that ignores case or spelling."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def is_paper_name(name: str) -> bool:
    """Whether a file of a kit may be called `name`: flat, visible, and not one that this program needs itself."""
    flat = not _NOT_IN_NAMES.search(name) and name == name.strip(" .") and bool(name)
    return flat and name.split(".", maxsplit=1)[0].casefold() not in _DEVICES and fold(name) != RECORD


def versions(name: str) -> Iterator[str]:
    """`guide.docx`, `guide.new.docx`, `guide.new-2.docx`, `guide.new-3.docx`, without end."""
    yield name
    path = PurePath(name)
    yield f"{path.stem}.new{path.suffix}"
    number = 2
    while True:
        yield f"{path.stem}.new-{number}{path.suffix}"
        number += 1


def without_version(name: str) -> str:
    """Name the paper that `guide.new-2.docx` is a version of; any other name as it is."""
    match = _VERSION.fullmatch(name)
    return match["stem"] + (match["suffix"] or "") if match else name
