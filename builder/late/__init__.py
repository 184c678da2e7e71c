"""When time runs out: `late(library, plan)` says at a few checkpoints what to cut so that the workshop ends on time.

Pure, and made of the planner's own pieces. Every remedy starts from the clock alone, whatever was cut before:
the free minutes first, then as few cuts as will do; optional steps before lessons that go whole; never a debrief,
a break or the closing, and never what a later step needs.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from builder.late.day import Day
from builder.late.leaving import leavings
from builder.late.remedies import LATE, checkpoint
from builder.late.splits import LATECOMERS, splits
from builder.model import Checkpoint, LatePlan, Library, Plan

MOST_CHECKPOINTS = 4
_MOST_PLACES = 12


def late(library: Library, plan: Plan, most: int = MOST_CHECKPOINTS) -> LatePlan:
    """At up to `most` checkpoints what to cut when it is 5, 10 or 15 minutes late, how to leave a case, how to split.

    Fewer checkpoints where there is little left to cut; none where there is nothing.
    """
    return next(ever_fewer(library, plan, most))


def ever_fewer(library: Library, plan: Plan, most: int = MOST_CHECKPOINTS) -> Iterator[LatePlan]:
    """The same with ever fewer checkpoints, down to none, for who has little room to print them."""
    day = Day(plan, library)
    leaving, people = tuple(leavings(day)), tuple(splits(plan))
    places, found = list(_places(day)), dict[int, Checkpoint]()
    while most >= 0:
        points = _checkpoints(day, places, found, most)
        yield LatePlan(checkpoints=points, leaving=leaving, splits=people)
        most = min(most, len(points)) - 1


def _checkpoints(day: Day, places: list[int], found: dict[int, Checkpoint], most: int) -> tuple[Checkpoint, ...]:
    """The checkpoints, spread over the session; a place with nothing left to cut after it gives way to another.

    `places` loses what cannot be one, and `found` keeps what was worked out.
    """
    while True:
        chosen = spread(places, most, day)
        new = [index for index in chosen if index not in found]
        if not new:
            return tuple(found[index] for index in chosen)
        for index in new:
            point = checkpoint(day, index)
            if point is None:
                places.remove(index)
            else:
                found[index] = point


def _places(day: Day) -> Iterator[int]:
    """The slots at whose end to look at the clock: the last of each lesson, and each before a break."""
    steps = [(i, slot) for i, slot in enumerate(day.slots) if slot.kind in ("activity", "break")]
    opened = max((slot.end for _, slot in steps if slot.activity and day.step(slot).phase == "opening"), default=0)
    for (i, slot), (_, following) in pairwise(steps):
        if slot.activity is None or slot.end < opened or day.step(slot).phase == "closing":
            continue
        begins = following.activity is not None and following.activity.lesson != slot.activity.lesson
        if following.activity is None or (begins and day.step(following).phase != "closing"):
            yield i


def spread(places: Sequence[int], most: int, day: Day) -> Sequence[int]:
    """At most so many of the places, as far from each other and from both ends of the session as can be."""
    if len(places) <= most:
        return list(places)
    ends = {index: day.slots[index].end for index in places}
    stride = -(-len(places) // _MOST_PLACES)
    return max(combinations(places[::stride], min(most, len(places[::stride]))), key=lambda some: _gap(some, ends, day))


def _gap(some: Sequence[int], ends: dict[int, int], day: Day) -> tuple[int, int]:
    """The smallest gap between places, and the sum of squares of all, negative: larger is more even."""
    gaps = [b - a for a, b in pairwise([0, *(ends[index] for index in some), day.end])]
    return min(gaps), -sum(gap * gap for gap in gaps)


__all__ = ["LATE", "LATECOMERS", "MOST_CHECKPOINTS", "ever_fewer", "late"]
