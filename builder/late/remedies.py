"""What to cut at a checkpoint, so that the workshop still ends on time: as few instructions as will do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from builder.late.cuts import Way, exactly, theory_first, ways
from builder.late.day import Day, Span, grown, rests
from builder.model import Checkpoint, Cut, Remedy, Slot

LATE = (5, 10, 15)
"""For how many minutes late there are remedies; more where the free minutes cover all of these."""

_STEP = 5
_ALIKE = 15
"""Lessons whose loss differs by less than so many minutes are about as long."""


@dataclass(frozen=True, eq=False)
class Try:
    """A way to cut with the slots that are run shorter, for so many minutes late."""

    way: Way
    late: int
    shorter: frozenset[int]

    @property
    def missing(self) -> int:
        """The minutes that shorter steps must save; below 0 so many are left over."""
        return self.late - self.way.rest.buffer - self.way.freed

    @property
    def lost(self) -> int:
        """The minutes of steps that go."""
        return sum(slot.minutes for slot in self.way.gone) + max(self.missing, 0)

    @property
    def rank(self) -> tuple[int, int, int]:
        """What it costs in lessons: the fewest go, first those out of focus, short ones before long ones."""
        way = self.way
        focus = sum(key in way.rest.day.aim.focus for key in way.lessons)
        return len(way.lessons), focus, self.lost // _ALIKE if way.lessons else 0

    @property
    def cost(self) -> tuple[float, int, int, int, int]:
        """What it costs beside its like: preferences missed, instructions, minutes of steps, practice before theory."""
        way = self.way
        later = -min((slot.start for slot in way.gone), default=0)
        return -way.worth, way.parts + len(self.shorter), self.lost, theory_first(way), later

    def slots(self, over: int = 0) -> tuple[Slot, ...] | None:
        """The rest of the day with it, or None where it cannot be."""
        way, rest = self.way, self.way.rest
        left = max(-self.missing, 0)
        if left <= rest.buffer:
            return rest.filled(way.kept, list(self._spans()), exactly(left), self.late, over)
        return spent(way, left, self.late)

    def _spans(self) -> Iterator[Span]:
        """What each slot may be given: as wished, or fewer where it is run shorter."""
        for i, (wished, least) in enumerate(zip(self.way.wished, self.way.leasts, strict=True)):
            yield (least, wished, wished) if i in self.shorter else exactly(wished)


def spent(way: Way, left: int, late: int) -> tuple[Slot, ...] | None:
    """The rest of the day where minutes are to spare: steps, breaks and buffer up to their most.

    The buffer is longer than the rules have it only where that is not enough.
    """
    rest = way.rest
    spans = [grown(slot, wished, rest.day) for slot, wished in zip(way.kept, way.wished, strict=True)]
    allowed = max(rest.day.frame.buffer[2], rest.buffer) if rest.buffer else 0
    for most in (allowed, left):
        buffer = (rest.buffer, rest.buffer, max(most, rest.buffer))
        found = rest.filled(way.kept, spans, buffer, late)
        if found is not None:
            return found
    return None


def checkpoint(day: Day, index: int) -> Checkpoint | None:
    """The checkpoint at the end of a slot; None where nothing is left to cut, or a rule could not be kept."""
    able = [(rest, ways(rest)) for rest in rests(day, index) if rest.ahead]
    if not able:
        return None
    rest, found = able[-1]
    most = max((way.most for way in found), default=0)
    if most <= rest.buffer:
        return None
    ways_of = [found for _, found in able]
    remedies = [remedy for each in LATE if (remedy := _remedy(ways_of, each)) is not None]
    if len(remedies) < len(LATE):
        return None
    if not remedies[-1].cuts:
        beyond = -(-(rest.buffer + _STEP) // _STEP) * _STEP
        more = [_remedy(ways_of, each) for each in (rest.buffer, beyond) if each > LATE[-1]]
        remedies += [remedy for remedy in more if remedy is not None]
    return Checkpoint(at=rest.at, following=rest.ahead[0], buffer=rest.buffer, most=most, remedies=tuple(remedies))


def _remedy(able: Sequence[Sequence[Way]], late: int) -> Remedy | None:
    """The least costly remedy that ends on time, or the one that saves most."""
    for found in able:
        for each in _cheapest_first([each for way in found for each in _tries(way, late)]):
            slots = each.slots()
            if slots is not None:
                return _told(each, slots, late)
    most = max(way.most for way in able[-1])
    for way in sorted((way for way in able[-1] if way.most == most < late), key=lambda way: (way.parts, way.lessons)):
        every = frozenset(i for i, room in enumerate(way.rooms) if room)
        slots = Try(way, late, every).slots(late - most)
        if slots is not None:
            return _told(Try(way, late, every), slots, most)
    return None


def _cheapest_first(tries: Sequence[Try]) -> Iterator[Try]:
    """The tries by rank, and by cost among those of one rank: the planner is asked for what lessons are worth late."""
    for _, alike in groupby(sorted(tries, key=lambda each: each.rank), key=lambda each: each.rank):
        yield from sorted(alike, key=lambda each: each.cost)


def _tries(way: Way, late: int) -> Iterator[Try]:
    """A way with the fewest steps run shorter that save what is missing; nothing where none do."""
    missing = late - way.rest.buffer - way.freed
    if missing <= 0:
        yield Try(way, late, frozenset())
        return
    if sum(way.rooms) < missing:
        return
    order = sorted((i for i, room in enumerate(way.rooms) if room), key=lambda i: (_closes(way, i), -way.rooms[i], -i))
    saved = count = 0
    while saved < missing:
        saved += way.rooms[order[count]]
        count += 1
    yield Try(way, late, frozenset(order[:count]))


def _closes(way: Way, i: int) -> bool:
    return way.rest.day.step(way.kept[i]).phase == "closing"


def _told(each: Try, slots: tuple[Slot, ...], saves: int) -> Remedy:
    """The remedy in the words of the model."""
    way = each.way
    minutes = {slot.activity.id: slot.minutes for slot in slots if slot.activity}
    cuts = tuple(
        Cut(activity=slot.activity, planned=slot.minutes, minutes=minutes.get(slot.activity.id, 0))
        for slot in way.rest.ahead
        if slot.activity and minutes.get(slot.activity.id, 0) < slot.minutes
    )
    buffer = sum(slot.minutes for slot in slots if slot.kind == "buffer")
    return Remedy(late=each.late, saves=saves, cuts=cuts, lessons=way.lessons, buffer=buffer, slots=slots)
