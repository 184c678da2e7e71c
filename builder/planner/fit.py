"""The best way to fill the booked minutes with steps in their order: where the breaks go, and everybody's minutes."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, combinations, islice, pairwise, product
from types import MappingProxyType

from builder.planner import score
from builder.planner.curves import Curve, joined, near
from builder.planner.frame import Frame, Step, break_worth, has_times
from builder.planner.minutes import (
    Demands,
    Entry,
    Limits,
    Share,
    best_share,
    fixed,
    given,
    parts_of,
    spans_of,
)
from builder.planner.score import Aim
from builder.planner.shapes import change_over
from builder.planner.ways import best_beside, buffer_weight
from builder.planner.work import MINUTES, ORDER, SEAT, Work

SAME = 1e-9
"""Scores that differ by less are the same."""

_FEW_SEATS = 40
_MANY_SEATS = 1_000
_EVEN_SEATS = 3


@dataclass(frozen=True)
class Fitted:
    """A sequence with its entries, their minutes, and how far each preference is fulfilled."""

    steps: tuple[Step, ...]
    entries: tuple[Entry, ...]
    minutes: tuple[int, ...]
    fulfilments: dict[str, float]

    @property
    def score(self) -> float:
        """The score, 0 to 1."""
        return score.total(self.fulfilments)


@dataclass(frozen=True)
class Seat:
    """Where the breaks stand: before which steps; `timed` are the places whose time the brief says, in their order."""

    places: tuple[int, ...]
    timed: tuple[int, ...] = ()


@dataclass(frozen=True)
class Laid:
    """Entries in their order, with what is asked of some of them and what bounds their stretches."""

    entries: tuple[Entry, ...]
    demands: Demands
    limits: Limits


@dataclass(frozen=True)
class Fit:
    """The best fit of one course of steps: its score, and what lets its minutes be given."""

    score: float
    course: "Course"
    seat: Seat
    laid: Laid
    share: Share

    @cached_property
    def fitted(self) -> Fitted:
        """Every entry with its minutes."""
        course, laid = self.course, self.laid
        parts = parts_of(laid.entries, laid.demands, laid.limits) or []
        spans = list(spans_of(laid.entries, parts, course.frame.brief.minutes))
        minutes = given(laid.entries, spans, self.share, laid.demands, laid.limits)
        return Fitted(course.steps, laid.entries, tuple(minutes), course.fulfilments(self.seat, laid.entries, minutes))


class Course:
    """Steps in their order, in a frame, with what does not depend on where the breaks are."""

    def __init__(
        self, steps: tuple[Step, ...], frame: Frame, aim: Aim, nearest: Mapping[int, float] = MappingProxyType({})
    ) -> None:
        """Judge what only the steps decide; `nearest` says how near to the usual minutes they can be at best."""
        self.steps, self.frame, self.aim, self.nearest = steps, frame, aim, nearest
        self.of_steps = score.of_steps(steps, aim)
        self.worth = score.total(self.of_steps)
        self._free_worths: dict[tuple[int, int], float] = {}

    @cached_property
    def changes(self) -> list[int]:
        """Change-over minutes before each step, where no break stands there."""
        befores = [None, *(step.shape.activity for step in self.steps)]
        brief = self.frame.brief
        return [change_over(a, b.shape.activity, brief) for a, b in zip(befores, self.steps, strict=False)]

    @cached_property
    def closing_at(self) -> int:
        """The place of the closing's first step; the buffer stands before it."""
        return next((i for i, step in enumerate(self.steps) if step.phase == "closing"), len(self.steps))

    @cached_property
    def usual(self) -> list[int]:
        """The usual minutes of the steps before each step, and of all."""
        return list(accumulate((step.span[1] for step in self.steps), initial=0))

    @cached_property
    def shortest(self) -> list[int]:
        """The least minutes of the steps before each step, and of all."""
        return list(accumulate((step.span[0] for step in self.steps), initial=0))

    @cached_property
    def _break_places(self) -> list[float]:
        """How good a break before each step is."""
        return [0.0, *(score.break_place(self.steps, at) for at in range(1, len(self.steps)))]

    # -------------------------------------------------------- what could be at best

    def unit(self, count: int) -> float:
        """What one step or break at its usual minutes adds to the score, where there are so many breaks."""
        return score.worth("typical") / (len(self.steps) + count)

    def _free(self, count: int) -> Curve:
        """All steps and the buffer, wherever the breaks are."""
        curves = (*(step.curve for step in self.steps), self.frame.buffer_curve(self._buffer_weight(count)))
        return joined(curves)

    def _buffer_weight(self, count: int) -> float:
        return buffer_weight(len(self.steps) + count)

    def bound(self, count: int) -> float:
        """A score that no fit with so many breaks is above; minus infinity where there is none."""
        parted = range(len(self.steps)) if count else ()
        talk = score.plenary(score.longest_talk(self.steps, parted))
        worth = self.worth + score.worth("plenary") * talk + score.worth("breaks")
        nearest = self.nearest.get(count, math.inf)
        return worth + score.worth("stretch") * self._stretch_bound(count) + self.unit(count) * nearest

    @property
    def highest(self) -> float:
        """A score that no fit is above; minus infinity where there is none."""
        if self._times and not self._comes_to_its_times:
            return -math.inf
        counts = (count for count in self.frame.breaks.counts if count < len(self.steps))
        return max(map(self.bound, counts), default=-math.inf)

    def _stretch_bound(self, count: int) -> float:
        return score.stretch(self._shortest_stretch(count), self.aim)

    def _shortest_stretch(self, count: int) -> int:
        """The longest stretch lasts at least so many minutes, however even all are."""
        breaks = sum(span[2] for span in self.frame.spans(count))
        return math.ceil((self.frame.brief.minutes - breaks) / (count + 1))

    def _free_worth(self, count: int, saved: int) -> float:
        """How good the minutes could be if stretches had no limit, with `saved` minutes of change-overs less."""
        if (count, saved) not in self._free_worths:
            rest = self.frame.brief.minutes - sum(self.changes) + saved
            self._free_worths[count, saved] = best_beside(self._free(count), self.frame, count, (rest, rest))
        return self._free_worths[count, saved]

    # -------------------------------------------------------- where the breaks go

    def best(self, least: float, work: Work) -> Fit | None:
        """The best fit whose score is above `least`, or None."""
        best: Fit | None = None
        counts = [count for count in self.frame.breaks.counts if count < len(self.steps)]
        for count in sorted(counts, key=self.bound, reverse=True):
            if self.bound(count) <= least + SAME:
                continue
            for seat in self._seats(count, work):
                if self.seat_bound(seat) <= least + SAME:
                    continue
                if not work.take(MINUTES):
                    return best
                found = self.fit(seat, least)
                if found is not None:
                    best, least = found, found.score
        return best

    def _seats(self, count: int, work: Work) -> Iterator[Seat]:
        """Every way to seat so many breaks, those between lessons first, as long as there is work left."""
        if not work.take(ORDER * count):
            return
        if math.comb(len(self.steps) - 1, count) > _FEW_SEATS:
            work.take(ORDER * len(self.steps))
            yield from self._timed(self._even_places(count), work)
        for inside in range(count + 1):
            ways = self._placed(0, count, inside, work)
            first = list(islice(ways, _MANY_SEATS))
            yield from self._timed(sorted(first, key=self._unevenness), work)
            yield from self._timed(ways, work)

    def _placed(self, start: int, count: int, inside: int, work: Work) -> Iterator[tuple[int, ...]]:
        """Every way to place so many breaks after `start`, so many of them inside a lesson, none too far apart."""
        if count == 0:
            if self.shortest[-1] - self.shortest[start] <= self.frame.longest:
                yield ()
            return
        for at in range(start + 1, len(self.steps) - count + 1):
            if self.shortest[at] - self.shortest[start] > self.frame.longest or not work.take(SEAT):
                return
            odd = self._break_places[at] < 1
            if inside - odd >= 0 and inside - odd <= count - 1:
                for others in self._placed(at, count - 1, inside - odd, work):
                    yield (at, *others)

    def _timed(self, ways: Iterable[tuple[int, ...]], work: Work) -> Iterator[Seat]:
        """Each way, with each choice of which breaks are those whose time the brief says."""
        for places in ways:
            for timed in combinations(places, len(self.frame.fixed_breaks)):
                if not work.take(SEAT):
                    return
                yield Seat(places, timed)

    def _even_places(self, count: int) -> list[tuple[int, ...]]:
        """A few ways to seat so many breaks that make the stretches about even, odd places counted against."""
        even = self.usual[-1] / (count + 1)
        odd = [(1 - place) * even * even for place in self._break_places[1:]]
        best: dict[int, list[tuple[float, tuple[int, ...]]]] = {0: [(0.0, ())]}
        for left in range(count, -1, -1):
            ends = range(count - left + 1, len(self.steps)) if left else [len(self.steps)]
            following: dict[int, list[tuple[float, tuple[int, ...]]]] = {}
            for end in ends:
                cost = odd[end - 1] if left else 0.0
                ways = [
                    (spent + (self.usual[end] - self.usual[start] - even) ** 2 + cost, (*places, end))
                    for start, kept in best.items()
                    if start < end and self.shortest[end] - self.shortest[start] <= self.frame.longest
                    for spent, places in kept
                ]
                following[end] = sorted(ways)[:_EVEN_SEATS]
            best = following
        return [places[:-1] for _, places in best[len(self.steps)]]

    def _unevenness(self, places: Sequence[int]) -> tuple[int, int]:
        """How uneven the stretches between breaks would be, by usual minutes; those inside a frame come last."""
        ends = (0, *places, len(self.steps))
        awkward = sum(self._break_places[at] == 0 for at in places)
        return awkward, sum((self.usual[b] - self.usual[a]) ** 2 for a, b in pairwise(ends))

    def seat_bound(self, seat: Seat) -> float:
        """A score that no fit with the breaks at these places is above; minus infinity where there is none."""
        ends = (0, *seat.places, len(self.steps))
        if any(self.shortest[b] - self.shortest[a] > self.frame.longest for a, b in pairwise(ends)):
            return -math.inf
        if self._times and not all(self._may_start(at, minute, seat) for at, minute in self._due(seat)):
            return -math.inf
        free = self._free_of_seat(seat, self._worth_of_seat(seat))
        return free + score.worth("stretch") * self._stretch_bound(len(seat.places))

    @cached_property
    def _times(self) -> bool:
        """Whether the brief says when something starts."""
        return has_times(self.frame.brief)

    def _due(self, seat: Seat) -> Iterator[tuple[int, int]]:
        """Before which steps the day must have come to which minute."""
        yield from zip(seat.timed, (minute for minute, _ in self.frame.fixed_breaks), strict=True)
        for at, step in enumerate(self.steps):
            if step.shape.id in self.frame.starts:
                yield at, self.frame.starts[step.shape.id]

    @property
    def _comes_to_its_times(self) -> bool:
        """Whether each break whose time the brief says could stand somewhere, wherever the others are."""
        pauses = self.frame.buffer[2] + sum(span[2] for span in self.frame.spans(max(self.frame.breaks.counts)))
        longest = list(accumulate((step.span[2] for step in self.steps), initial=0))
        moved = list(accumulate(self.changes, initial=0))
        return all(
            any(self.shortest[at] <= minute <= longest[at] + moved[at] + pauses for at in range(1, len(self.steps)))
            for minute, _ in self.frame.fixed_breaks
        ) and all(
            self.shortest[at] <= self.frame.starts[step.shape.id] <= longest[at] + moved[at + 1] + pauses
            for at, step in enumerate(self.steps)
            if step.shape.id in self.frame.starts
        )

    def _may_start(self, at: int, minute: int, seat: Seat) -> bool:
        """Whether so many minutes can have passed before the step at `at`, a break that stands there aside."""
        spans = dict(zip(seat.places, self._break_spans(seat), strict=True))
        spans.update(
            {place: (length,) * 3 for place, (_, length) in zip(seat.timed, self.frame.fixed_breaks, strict=True)}
        )
        stands = at in seat.timed
        before = [spans[place] for place in seat.places if place < at or (place == at and not stands)]
        before += [step.span for step in self.steps[:at]]
        moves = sum(self.changes[i] for i in range(at if stands else at + 1) if i not in seat.places)
        if self.closing_at < at or (self.closing_at == at and not stands):
            before.append(self.frame.buffer)
        return sum(span[0] for span in before) <= minute - moves <= sum(span[2] for span in before)

    def _worth_of_seat(self, seat: Seat) -> float:
        """The score of what the steps and the places of the breaks decide."""
        return self.worth + score.total(score.of_places(self.steps, seat.places))

    def _free_of_seat(self, seat: Seat, worth: float) -> float:
        """The score at best where steps and places are worth so much, without that of the longest stretch."""
        count = len(seat.places)
        saved = sum(self.changes[at] for at in seat.places)
        return worth + self.unit(count) * self._free_worth(count, saved)

    def fit(self, seat: Seat, least: float = -1.0) -> Fit | None:
        """The best minutes with the breaks at these places, where their score is above `least`."""
        count = len(seat.places)
        worth = self._worth_of_seat(seat)
        free = self._free_of_seat(seat, worth)
        best: Fit | None = None
        if self._times and all(self._share(laid) is None for laid in self._laid(seat, self.frame.longest)):
            return None
        for longest in range(max(self.aim.stretch, self._shortest_stretch(count)), self.frame.longest + 1):
            stretch = score.worth("stretch") * score.stretch(longest, self.aim)
            if free + stretch <= least + SAME:
                break
            for laid in self._laid(seat, longest):
                share = self._share(laid)
                value = worth + stretch + self.unit(count) * share.worth if share else -1.0
                if share is not None and value > least + SAME:
                    best, least = Fit(value, self, seat, laid, share), value
        return best

    def _share(self, laid: Laid) -> Share | None:
        parts = parts_of(laid.entries, laid.demands, laid.limits)
        if parts is None:
            return None
        spans = list(spans_of(laid.entries, parts, self.frame.brief.minutes))
        share = best_share(laid.entries, spans, laid.limits)
        return share and replace(share, worth=share.worth + self._fixed_worth)

    @cached_property
    def _fixed_worth(self) -> float:
        """What the breaks whose times the brief says are worth."""
        return sum(break_worth(minutes, (minutes,) * 3) for _, minutes in self.frame.fixed_breaks)

    # -------------------------------------------------------- entries

    def _laid(self, seat: Seat, longest: int) -> Iterator[Laid]:
        """The entries with the breaks at these places, once for each way to part a floor by a break."""
        entries = tuple(self._entries(seat))
        windowed = self.frame.window if seat.places else None
        limits = Limits(longest, windowed or (0, longest))
        yield from (Laid(entries, demands, limits) for demands in self._demands(entries))

    def _entries(self, seat: Seat) -> Iterator[Entry]:
        spans = dict(zip(seat.places, self._break_spans(seat), strict=True))
        times = dict(zip(seat.timed, self.frame.fixed_breaks, strict=True))
        for i, step in enumerate(self.steps):
            if i in times:
                yield Entry("break", fixed(times[i][1]), at=times[i][0])
            elif i in spans:
                yield Entry("break", fixed(0), span=spans[i])
            if i == self.closing_at:
                count = len(seat.places)
                yield Entry("buffer", self.frame.buffer_curve(self._buffer_weight(count)))
            if self.changes[i] and i not in spans:
                yield Entry("transition", fixed(self.changes[i]))
            yield Entry("activity", step.curve, i, at=self.frame.starts.get(step.shape.id))

    def _break_spans(self, seat: Seat) -> list[tuple[int, int, int]]:
        """Least, usual and most of each break; the one nearest to the middle may be a meal."""
        rule = self.frame.breaks
        middle = min(seat.places, key=lambda at: abs(2 * self.usual[at] - self.usual[-1]), default=None)
        meal = rule.meal if middle not in seat.timed and self.frame.may_dine else None
        return [meal if meal and at == middle else rule.span for at in seat.places]

    def _demands(self, entries: Sequence[Entry]) -> Iterator[Demands]:
        """The floors that are not met anyhow, in terms of entries; a floor that a break parts, in every way."""
        at = {entry.step: number for number, entry in enumerate(entries) if entry.step is not None}
        ways: list[list[Demands]] = []
        for run, minutes in self.frame.floors(self.steps):
            if self.shortest[run.stop] - self.shortest[run.start] < minutes:
                ends = [at[run.start], *self._parting(entries, at[run.start], at[run.stop - 1]), at[run.stop - 1] + 1]
                ways.append(list(_parted(list(pairwise(ends)), minutes)) if len(run) else [])
        for each in product(*ways):
            yield {run: minutes for demands in each for run, minutes in demands.items() if minutes}

    def _parting(self, entries: Sequence[Entry], first: int, last: int) -> list[int]:
        """The entries after `first` and up to `last` at which a new part begins."""
        inside = range(first + 1, last + 1)
        return [i for i in inside if entries[i].kind == "break" or entries[i].at is not None]

    # -------------------------------------------------------- the whole

    def fulfilments(self, seat: Seat, entries: Sequence[Entry], minutes: Sequence[int]) -> dict[str, float]:
        """How far each preference is fulfilled with these minutes."""
        buffer = next(m for entry, m in zip(entries, minutes, strict=True) if entry.kind == "buffer")
        typical = [self._near(entry, m) for entry, m in zip(entries, minutes, strict=True)]
        judged = [each for each in typical if each is not None]
        return {
            **self.of_steps,
            **score.of_places(self.steps, seat.places),
            "stretch": score.stretch(max(stretches(entries, minutes)), self.aim),
            "buffer": self.frame.buffer_worth(buffer),
            "typical": sum(judged) / len(judged),
        }

    def _near(self, entry: Entry, minutes: int) -> float | None:
        if entry.kind == "break":
            return break_worth(minutes, entry.span or (minutes,) * 3)
        return near(minutes, self.steps[entry.step].span) if entry.step is not None else None


def _parted(runs: Sequence[tuple[int, int]], minutes: int) -> Iterator[Demands]:
    """Every way to part a floor among runs that breaks part."""
    if len(runs) == 1:
        yield {runs[0]: minutes}
        return
    for first in range(minutes + 1):
        for others in _parted(runs[1:], minutes - first):
            yield {runs[0]: first, **others}


def stretches(entries: Sequence[Entry], minutes: Sequence[int]) -> list[int]:
    """The minutes of each stretch between breaks."""
    found = [0]
    for entry, length in zip(entries, minutes, strict=True):
        if entry.kind == "break":
            found.append(0)
        else:
            found[-1] += length
    return found
