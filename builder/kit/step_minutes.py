"""The minutes in brackets before each numbered step: fitted to the minutes that the agenda gives the whole activity."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from builder.blocks import Blocks, ListBlock, Paragraph, text_of, walk

_WRITTEN = re.compile(r"^\s*\((?=[\d½])(\d*)(½|[.,]5)? min\)")
_HALF = "½"


@dataclass(frozen=True, slots=True)
class Fitted:
    """The steps as they are printed, and what is said of their minutes: '' where they are those of the author."""

    steps: Blocks
    told: str = ""


def fitted_steps(steps: Blocks, notes: Blocks, minutes: int, debrief: int, *, elsewhere: bool = False) -> Fitted:
    """The steps with minutes in brackets that make up `minutes`, the `debrief` left aside.

    They stay as written where they do so already, where a step has none, where the notes tell how exactly so many
    minutes are used, and where the form that is held has minutes of its own `elsewhere`, in its own part.
    """
    written = list(_written(steps))
    halves = [each for each in written if each is not None]
    usual = sum(halves) + 2 * debrief
    if not halves or len(halves) < len(written) or usual == 2 * minutes:
        return Fitted(steps)
    for_usual = f"written for {_in_words(usual)} minutes"
    if elsewhere:
        return Fitted(steps, f"The minutes in brackets are those of a room, {for_usual}: “Online” has its own.")
    if has_recipe(notes, minutes):
        return Fitted(steps, f"The notes say how its {minutes} minutes are used; the brackets are {for_usual}.")
    found = shares(halves, 2 * (minutes - debrief))
    if not found:
        return Fitted(steps, f"Too short for all steps, which are {for_usual}: the notes say what to cut first.")
    return Fitted(_rewritten(steps, found), f"The minutes in brackets are fitted ({for_usual}).")


def shares(written: Sequence[int], free: int) -> Sequence[int]:
    """So many half minutes shared in proportion to those written, one at least for each; none where that cannot be.

    The sum is `free` exactly, and none is further from its proportion than rounding asks for.
    """
    if not written or free < len(written):
        return ()
    wanted = [free * each / sum(written) for each in written]
    found = [max(int(each), 1) for each in wanted]
    places = range(len(found))
    while sum(found) < free:
        found[max(places, key=lambda at: wanted[at] - found[at])] += 1
    while sum(found) > free:
        found[max((at for at in places if found[at] > 1), key=lambda at: found[at] - wanted[at])] -= 1
    return found


def has_recipe(notes: Blocks, minutes: int) -> bool:
    """Whether the notes say how an activity is held with exactly so many minutes."""
    said = re.compile(rf"\bWith {minutes} minutes?[,:]")
    return any(said.search(text_of(block.runs)) for block in walk(notes) if isinstance(block, Paragraph))


def _written(steps: Blocks) -> Iterator[int | None]:
    """The half minutes before each numbered step, None where it has none."""
    for block in steps:
        if isinstance(block, ListBlock) and block.ordered:
            yield from map(_of_item, block.items)


def _of_item(item: Blocks) -> int | None:
    first = item[0] if item else None
    match = _WRITTEN.match(first.runs[0].text) if isinstance(first, Paragraph) and first.runs else None
    return 2 * int(match[1] or 0) + bool(match[2]) or None if match else None


def _rewritten(steps: Blocks, halves: Iterable[int]) -> Blocks:
    left = iter(halves)
    return tuple(
        replace(block, items=tuple(_timed(item, next(left)) for item in block.items))
        if isinstance(block, ListBlock) and block.ordered
        else block
        for block in steps
    )


def _timed(item: Blocks, halves: int) -> Blocks:
    first = item[0]
    assert isinstance(first, Paragraph)  # noqa: S101 - only such items have minutes
    text = _WRITTEN.sub(f"({_in_words(halves)} min)", first.runs[0].text)
    return replace(first, runs=(replace(first.runs[0], text=text), *first.runs[1:])), *item[1:]


def _in_words(halves: int) -> str:
    """Half minutes as minutes: "2", "2½", "½"."""
    whole = str(halves // 2) if halves > 1 else ""
    return whole + _HALF * (halves % 2) or "0"
