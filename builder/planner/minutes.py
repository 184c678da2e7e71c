"""Sharing out minutes: entries with a least and a most, stretches and floors that hold some of them together."""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Entry:
    """A slot to be: `least`, `ideal` and `most` minutes; `step` is its place in the sequence, or None."""

    kind: str
    least: int
    ideal: int
    most: int
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    """A number of minutes that some entries together must reach, and the rule that says so."""

    entries: tuple[int, ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """The entries between two breaks, and the least and most minutes that they may take together."""

    entries: tuple[int, ...]
    least: int
    most: int


_SHORT = 2.0
_WEIGHTS = MappingProxyType({"activity": 3.0, "buffer": 2.0, "break": 2.0})


def strain(entry: Entry, minutes: int) -> float:
    """How far an entry is from its ideal, in shares of it; being cut short weighs more than being given time."""
    away = (minutes - entry.ideal) / max(entry.ideal, 4)
    return _WEIGHTS.get(entry.kind, 0.0) * away * away * (_SHORT if away < 0 else 1.0)


def length(minutes: Sequence[int], stretch: Stretch) -> int:
    """The minutes of a stretch."""
    return sum(minutes[i] for i in stretch.entries)


class _Shares:
    """Minutes being shared out: what each entry has, and the room that is left in each stretch."""

    def __init__(self, entries: Sequence[Entry], stretches: Sequence[Stretch]) -> None:
        """Give each entry its least."""
        self.entries = entries
        self.minutes = [entry.least for entry in entries]
        self.room = [stretch.most - length(self.minutes, stretch) for stretch in stretches]
        self.pull = [_WEIGHTS.get(entry.kind, 0.0) / max(entry.ideal, 4) ** 2 for entry in entries]
        self.within = {i: number for number, stretch in enumerate(stretches) for i in stretch.entries}

    def give(self, among: Iterable[int], wanted: int) -> int:
        """Give so many minutes to `among`, where they relieve most and there is room; how many were too many."""
        heap = [(self.relief(i), i) for i in among if self.may_grow(i)]
        heapq.heapify(heap)
        while heap and wanted > 0:
            _, i = heapq.heappop(heap)
            if self.may_grow(i):
                wanted -= 1
                self.minutes[i] += 1
                if i in self.within:
                    self.room[self.within[i]] -= 1
                heapq.heappush(heap, (self.relief(i), i))
        return max(wanted, 0)

    def relief(self, i: int) -> float:
        """By how much one minute more changes the strain of an entry: the difference of two squares."""
        away = self.minutes[i] - self.entries[i].ideal
        return self.pull[i] * (2 * away + 1) * (_SHORT if away < 0 else 1.0)

    def may_grow(self, i: int) -> bool:
        """Whether the entry and its stretch can take one minute more."""
        return self.minutes[i] < self.entries[i].most and (i not in self.within or self.room[self.within[i]] > 0)

    def raise_to(self, floor: Floor) -> bool:
        """Whether the floor could be met: stretch by stretch, which leaves the most room for what comes after."""
        missing = floor.minutes - sum(self.minutes[i] for i in floor.entries)
        for _, part in groupby(floor.entries, key=self.within.__getitem__):
            missing = self.give(part, missing)
        return missing <= 0

    def parts(self, floor: Floor) -> int:
        """How many stretches a floor lies in; those in one come first, since they have no choice."""
        return len({self.within[i] for i in floor.entries})


def shared_out(
    entries: Sequence[Entry], stretches: Sequence[Stretch], floors: Sequence[Floor], total: int
) -> list[int] | None:
    """Whole minutes for each entry, or None where that cannot be: first what must be, then where they relieve most."""
    shares = _Shares(entries, stretches)
    if min(shares.room) < 0 or not _may_sum_to(total, entries, stretches):
        return None
    if not all(shares.raise_to(floor) for floor in sorted(floors, key=shares.parts)):
        return None
    if any(shares.give(stretch.entries, stretch.least - length(shares.minutes, stretch)) for stretch in stretches):
        return None
    rest = total - sum(shares.minutes)
    return None if rest < 0 or shares.give(range(len(entries)), rest) else shares.minutes


def _may_sum_to(total: int, entries: Sequence[Entry], stretches: Sequence[Stretch]) -> bool:
    """Whether `total` lies between what the entries take at the least and what the stretches let them take."""
    most = sum(min(sum(entries[i].most for i in stretch.entries), stretch.most) for stretch in stretches)
    most += sum(entry.most for entry in entries if entry.kind == "break")
    return sum(entry.least for entry in entries) <= total <= most


def starts_of(minutes: Sequence[int]) -> list[int]:
    """The minute at which each entry starts."""
    starts = [0]
    for length in minutes:
        starts.append(starts[-1] + length)
    return starts[:-1]
