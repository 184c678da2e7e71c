"""Our lists behind a letterhead's: their definitions and numbers stay, ours follow with ids of their own."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from builder.letterhead.fields import W
from builder.letterhead.package import parsed
from builder.word.base_parts import numbering
from builder.word.letterhead.looks import whole

_BASE_DEFINITIONS: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """A letterhead's numbering: its root (None where it has none), and the highest ids in it."""

    root: Any
    definitions: int
    numbers: int
    known: frozenset[str]


def lists_of(xml: bytes | None) -> Lists:
    """What a numbering part holds."""
    if xml is None:
        return Lists(None, 0, 0, frozenset())
    root = parsed(xml)
    definitions = [whole(e.get(f"{W}abstractNumId"), 0) for e in root.iterchildren(f"{W}abstractNum")]
    numbers = [e.get(f"{W}numId", "") for e in root.iterchildren(f"{W}num")]
    return Lists(root, max(definitions, default=0), max((whole(n, 0) for n in numbers), default=0), frozenset(numbers))


def with_ours(theirs: Lists, numbers: Sequence[str], added: Mapping[str, str]) -> bytes:
    """The numbering part of a paper; `added` are the ids of styles of ours in it, which a definition may name."""
    from lxml import etree

    ours = parsed(numbering(numbers))
    definitions = list(ours.iterchildren(f"{W}abstractNum"))
    _renumber(ours, definitions, theirs)
    for level in ours.iter(f"{W}pStyle"):
        style = added.get(level.get(f"{W}val"))
        if style:
            level.set(f"{W}val", style)
        else:
            level.getparent().remove(level)
    root = ours if theirs.root is None else deepcopy(theirs.root)
    if theirs.root is not None:
        _mark_apart(root, definitions)
        first = next(iter((*root.iterchildren(f"{W}num"), *root.iterchildren(f"{W}numIdMacAtCleanup"))), None)
        for definition in definitions:
            root.append(definition) if first is None else first.addprevious(definition)
        last = root.find(f"{W}numIdMacAtCleanup")
        for number in list(ours.iterchildren(f"{W}num")):
            root.append(number) if last is None else last.addprevious(number)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _renumber(ours: Any, definitions: Sequence[Any], theirs: Lists) -> None:
    """Move the base's own ids behind theirs; what a paper numbered itself is behind them already."""
    for definition in definitions:
        definition.set(f"{W}abstractNumId", str(int(definition.get(f"{W}abstractNumId")) + theirs.definitions))
    for number in list(ours.iterchildren(f"{W}num"))[:_BASE_DEFINITIONS]:
        number.set(f"{W}numId", str(int(number.get(f"{W}numId")) + theirs.numbers))
        definition = number.find(f"{W}abstractNumId")
        definition.set(f"{W}val", str(int(definition.get(f"{W}val")) + theirs.definitions))


def _mark_apart(root: Any, definitions: Sequence[Any]) -> None:
    """Give our definitions other marks than theirs have: Word takes two of one mark for one list."""
    taken = {e.get(f"{W}val", "").upper() for e in root.iter(f"{W}nsid")}
    for definition in definitions:
        for tag in ("nsid", "tmpl"):
            mark = definition.find(f"{W}{tag}")
            while mark.get(f"{W}val").upper() in taken:
                mark.set(f"{W}val", f"{int(mark.get(f'{W}val'), 16) + 0x100:08X}")
