"""Sharing out minutes: entries with a least and a most, stretches and floors that hold some of them together."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass


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


def tightened(stretch: Stretch, entries: Sequence[Entry], floors: Sequence[Floor]) -> Stretch | None:
    """The stretch with the least and most that its entries and floors really allow, or None where nothing does."""
    least = sum(entries[i].least for i in stretch.entries)
    most = sum(entries[i].most for i in stretch.entries)
    inside = set(stretch.entries)
    for floor in floors:
        missing = floor.minutes - sum(entries[i].least for i in floor.entries)
        if missing > 0 and inside.intersection(floor.entries):
            room = sum(entries[i].most - entries[i].least for i in floor.entries)
            if not inside.issuperset(floor.entries) or room < missing:
                return None
            least += missing
    least, most = max(least, stretch.least), min(most, stretch.most)
    return Stretch(stretch.entries, least, most) if least <= most else None


def strain(entry: Entry, minutes: int) -> float:
    """How far an entry is from its ideal, in shares of it; being cut short weighs more than being given time."""
    away = (minutes - entry.ideal) / max(entry.ideal, 4)
    weight = {"activity": 3.0, "buffer": 2.0, "break": 2.0}.get(entry.kind, 0.0)
    return weight * away * away * (2.0 if away < 0 else 1.0)


def length(minutes: Sequence[int], stretch: Stretch) -> int:
    """The minutes of a stretch."""
    return sum(minutes[i] for i in stretch.entries)


def shared_out(
    entries: Sequence[Entry], stretches: Sequence[Stretch], floors: Sequence[Floor], total: int
) -> list[int]:
    """Whole minutes for each entry, minute by minute where they relieve most: first what must be, then the rest."""
    minutes = [entry.least for entry in entries]
    caps = {i: stretch for stretch in stretches for i in stretch.entries}
    taken = {id(stretch): length(minutes, stretch) for stretch in stretches}

    def give(among: Sequence[int], until: int) -> None:
        """Give minutes to `among`, while their stretch has room, until `until` were given."""
        heap = [(_relief(entries[i], minutes[i]), i) for i in among if minutes[i] < entries[i].most]
        heapq.heapify(heap)
        while heap and until > 0:
            _, i = heapq.heappop(heap)
            stretch = caps.get(i)
            if stretch is not None:
                if taken[id(stretch)] >= stretch.most:
                    continue
                taken[id(stretch)] += 1
            minutes[i] += 1
            until -= 1
            if minutes[i] < entries[i].most:
                heapq.heappush(heap, (_relief(entries[i], minutes[i]), i))

    for floor in floors:
        give(floor.entries, floor.minutes - sum(minutes[i] for i in floor.entries))
    for stretch in stretches:
        give(stretch.entries, stretch.least - taken[id(stretch)])
    give(range(len(entries)), total - sum(minutes))
    return minutes


def _relief(entry: Entry, minutes: int) -> float:
    return strain(entry, minutes + 1) - strain(entry, minutes)


def starts_of(minutes: Sequence[int]) -> list[int]:
    """The minute at which each entry starts."""
    starts = [0]
    for length in minutes:
        starts.append(starts[-1] + length)
    return starts[:-1]
