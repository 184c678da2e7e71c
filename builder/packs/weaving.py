"""Two changes of one section put together, block by block, where they do not touch each other. Pure, on text.

A block is a paragraph, an entry of a list, a row of a table, a heading, or the line that opens or closes a box.
Three versions are compared as diff3 does it: between blocks that all three have, one side may have changed; where
both did, and not in the same way, both stand between marker lines until somebody decides.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from builder.markdown import parse

OURS, BETWEEN, THEIRS = "<<<<<<<", "=======", ">>>>>>>"
LAST = -1

_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
_ALONE = re.compile(r"\s*(?:[-*+] |\d{1,9}[.)] |\||#{1,6} |:::)")
_LIST = re.compile(r"\s*(?:[-*+] |\d{1,9}[.)] |\|)")
_NUMBER = re.compile(r"^(\s*)\d{1,9}([.)] )")


@dataclass(frozen=True, slots=True)
class _Block:
    """One block: its lines, and how many empty lines follow it (`LAST`: it ended its text)."""

    text: str
    gap: int

    @property
    def key(self) -> str:
        """What must be equal for two blocks to be one: all but what only counts or cannot be seen."""
        lines = [line.rstrip() for line in self.text.split("\n")]
        return _NUMBER.sub(r"\1#\2", "\n".join(lines), count=1)


@dataclass(frozen=True, slots=True)
class Woven:
    """What three versions make: a text, and whether something in it is left to decide."""

    text: str
    is_open: bool


def woven(base: str, ours: str, theirs: str, names: tuple[str, str]) -> Woven:
    """`ours` with what `theirs` changed since `base`; `names` are those of the sides, for the marker lines.

    Where the two together could not be read as Markdown, nothing is put together: all of both is left to decide.
    """
    old, our, their = (list(_blocks(text)) for text in (base, ours, theirs))
    found: list[_Block] = []
    is_open = False
    for before, mine, other in _chunks(old, our, their):
        chosen = _chosen(before, mine, other)
        if chosen is None:
            found += _marked(mine, other, names)
            is_open = True
        else:
            found += chosen
    text = _joined(found)
    if not is_open and _breaks(text, ours, theirs):
        return Woven(_joined(_marked(our, their, names)), is_open=True)
    return Woven(text, is_open)


def _blocks(text: str) -> Iterator[_Block]:
    """The blocks of a text."""
    lines: list[str] = []
    gap, fence = 0, ""
    for line in text.strip("\n").split("\n"):
        begins = bool(_ALONE.match(line)) or (bool(lines) and lines[0].lstrip().startswith(("#", ":::")))
        if lines and not fence and (gap or begins) and line.strip():
            yield _Block("\n".join(lines), gap)
            lines, gap = [], 0
        if not fence and lines and not line.strip():
            gap += 1
            continue
        opened = _FENCE.match(line)
        if opened and not fence:
            fence = opened[1]
        elif fence and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        if line.strip() or fence:
            lines.append(line)
    if lines:
        yield _Block("\n".join(lines), LAST)


def _chunks(
    old: Sequence[_Block], our: Sequence[_Block], their: Sequence[_Block]
) -> Iterator[tuple[Sequence[_Block], Sequence[_Block], Sequence[_Block]]]:
    """The three texts in step: what lies between two blocks that all three have, and each such block."""
    mine, other = _same(old, our), _same(old, their)
    i = j = k = 0
    for at in sorted(mine.keys() & other.keys()):
        if mine[at] < j or other[at] < k:
            continue
        yield old[i:at], our[j : mine[at]], their[k : other[at]]
        i, j, k = at + 1, mine[at] + 1, other[at] + 1
        yield old[at:i], our[j - 1 : j], their[k - 1 : k]
    yield old[i:], our[j:], their[k:]


def _same(old: Sequence[_Block], new: Sequence[_Block]) -> Mapping[int, int]:
    matcher = SequenceMatcher(None, [block.key for block in old], [block.key for block in new], autojunk=False)
    return {found.a + n: found.b + n for found in matcher.get_matching_blocks() for n in range(found.size)}


def _chosen(before: Sequence[_Block], mine: Sequence[_Block], other: Sequence[_Block]) -> Sequence[_Block] | None:
    """The side that changed; None where both did, and differently."""
    old, ours, theirs = ([block.key for block in each] for each in (before, mine, other))
    if ours == theirs:
        return other if [block.text for block in before] == [block.text for block in mine] else mine
    if theirs == old:
        return mine
    return other if ours == old else None


def _marked(mine: Sequence[_Block], other: Sequence[_Block], names: tuple[str, str]) -> list[_Block]:
    return [
        _Block(f"{OURS} {names[0]}", 1),
        *mine,
        _Block(BETWEEN, 1),
        *other,
        _Block(f"{THEIRS} {names[1]}", 1),
    ]


def _joined(blocks: Sequence[_Block]) -> str:
    """The blocks one after the other; two that would run together get an empty line between them."""
    lines: list[str] = []
    for block, after in pairwise(blocks):
        lines += [*block.text.split("\n"), *[""] * _gap(block, after)]
    lines += [block.text for block in blocks[-1:]]
    return "\n".join(lines) + "\n"


def _gap(block: _Block, after: _Block) -> int:
    """How many empty lines stand between two blocks."""
    around = (OURS, BETWEEN, THEIRS)
    if block.text.startswith(around) or after.text.startswith(around):
        return 1
    if block.gap == LAST:
        return 0 if _LIST.match(block.text) and _LIST.match(after.text) else 1
    runs_on = not _ALONE.match(after.text) and not block.text.lstrip().startswith(("#", ":::"))
    return max(block.gap, int(runs_on))


def _breaks(text: str, ours: str, theirs: str) -> bool:
    """Whether the text has a fault that neither side had."""
    known = {problem.code for side in (ours, theirs) for problem in parse(side)[1]}
    return any(problem.code not in known for problem in parse(text)[1])
