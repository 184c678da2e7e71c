"""Fitting a sequence of steps to the booked minutes: where the breaks go, and every slot's whole minutes.

The parts between breaks (stretches) have a least and a most; so do the breaks. A length can be filled
exactly when it lies between the sums, because every whole number between them can be reached.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from builder.model import Brief, Phase
from builder.planner.minutes import Entry, Floor, Stretch, length, shared_out, strain
from builder.planner.numbers import numbers
from builder.planner.shapes import Shape, change_over
from builder.problems import Problem

_ROUND = 5
_WORTH_OF_ROUND = 1.2


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One activity at its place in the sequence."""

    shape: Shape
    phase: Phase
    core: bool
    pinned: int | None = None

    @property
    def lesson(self) -> str:
        """The id of its lesson."""
        return self.shape.activity.lesson

    @property
    def span(self) -> tuple[int, int, int]:
        """The least, usual and most minutes it may be given."""
        if self.pinned is not None:
            return self.pinned, self.pinned, self.pinned
        return self.shape.least, self.shape.usual, self.shape.most


@dataclass(frozen=True, slots=True)
class BreakRule:
    """How many breaks to try, and how long each may be."""

    counts: tuple[int, ...]
    span: tuple[int, int, int]
    meal: tuple[int, int, int] | None = None

    def spans(self, count: int, meal_at: int) -> list[tuple[int, int, int]]:
        """Least, usual and most minutes of each of `count` breaks; the one at `meal_at` is the meal."""
        return [self.meal if self.meal and i == meal_at else self.span for i in range(count)]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A sequence with its entries, their minutes, and how far they are from what is usual (0 is best)."""

    steps: tuple[Step, ...]
    entries: tuple[Entry, ...]
    minutes: tuple[int, ...]
    strain: float


@dataclass(frozen=True)
class Frame:
    """What holds for every sequence of one brief: the length, the buffer, the breaks, the floors of the rules."""

    brief: Brief
    breaks: BreakRule
    contested: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def buffer(self) -> tuple[int, int, int]:
        """Least, ideal and most minutes of the buffer: 5 and 15 % of the session and the share aimed at, rounded up."""
        usual, minutes = numbers()["buffer"], self.brief.minutes
        least, most = (math.ceil(minutes * usual[key] / 100) for key in ("least_percent", "most_percent"))
        return least, min(max(math.ceil(minutes * self.brief.buffer_percent / 100), least), most), most

    @cached_property
    def opening(self) -> int:
        """The least minutes of the opening."""
        return int(numbers()["frame"]["opening_contested" if self.contested else "opening"])

    @cached_property
    def closing(self) -> int:
        """The least minutes of the closing."""
        return int(numbers()["frame"]["closing"])


def break_rule(brief: Brief) -> BreakRule:
    """The breaks that the rules allow for this length; `least` above `most` where they allow none."""
    usual, minutes = numbers()["break"], brief.minutes
    least = usual["least_long"] if minutes > usual["long_from"] else usual["least"]
    each = usual["each_online"] if brief.remote else usual["each"]
    wanted = max((minutes - 1) // each, 1)
    needed = 1 if minutes >= usual["needed_from"] else 0
    meal = (least, usual["usual_meal"], usual["one_of_up_to"]) if minutes >= usual["meal_from"] else None
    span = (least, usual["usual"], usual["most"])
    if minutes == usual["needed_from"]:
        counts: tuple[int, ...] = (1,)
    elif needed:
        counts = tuple(sorted(range(1, wanted + 3), key=lambda count: (abs(count - wanted), count)))
    else:
        counts = (0, 1)
    if brief.break_minutes != "auto":
        return _said(int(brief.break_minutes), counts, needed, span, meal)
    return BreakRule(counts, span, meal)


def break_problem(brief: Brief, minutes: int) -> Problem | None:
    """Why breaks cannot have the length that the brief names in a session of so many minutes, or None."""
    usual, said = numbers()["break"], brief.break_minutes
    if said == "auto" or (said == 0 and minutes < usual["needed_from"]):
        return None
    said = int(said)
    least = usual["least_long"] if minutes > usual["long_from"] else usual["least"]
    most = usual["one_of_up_to"] if minutes >= usual["meal_from"] else usual["most"]
    if least <= said <= most:
        return None
    away = f"{least - said} more" if said < least else f"{said - most} fewer"
    message = f"a break of {said} minutes: in {minutes} minutes a break lasts {least} to {most}."
    return Problem("break", message, hint=f"Give break_minutes {away}, or leave it at auto.")


def _said(
    said: int, counts: tuple[int, ...], needed: int, span: tuple[int, int, int], meal: tuple[int, int, int] | None
) -> BreakRule:
    """The breaks where the brief names their length: all of them, or the meal where it is longer than a break."""
    if said == 0 and not needed:
        return BreakRule((0,), span)
    counts = counts if needed else (1, 0)
    if said > span[2] and meal is not None and said <= meal[2]:
        return BreakRule(counts, span, (said, said, said))
    exact = (said, said, said) if span[0] <= said <= span[2] else (1, 0, 0)
    return BreakRule(counts, exact)


def floors_of(steps: Sequence[Step], frame: Frame) -> list[tuple[range, int]]:
    """Runs of steps that must together reach so many minutes: opening, closing, and after the last contested case."""
    opening = sum(step.phase == "opening" for step in steps)
    closing_at = sum(step.phase != "closing" for step in steps)
    floors = [(range(opening), frame.opening), (range(closing_at, len(steps)), frame.closing)]
    last = max((i for i, step in enumerate(steps) if step.lesson in frame.contested), default=None)
    if last is not None:
        floors.append((range(last + 1, closing_at), int(numbers()["contested"]["after"])))
    return floors


# ------------------------------------------------------------ one sequence


@dataclass(frozen=True)
class Order:
    """Steps in their order with what does not depend on where the breaks are."""

    steps: tuple[Step, ...]
    frame: Frame

    @cached_property
    def spans(self) -> list[tuple[int, int, int]]:
        """Least, usual and most minutes of each step."""
        return [step.span for step in self.steps]

    @cached_property
    def changes(self) -> list[int]:
        """Change-over minutes before each step, where no break stands there."""
        befores = [None, *(step.shape.activity for step in self.steps)]
        return [
            change_over(before, step.shape.activity, self.frame.brief)
            for before, step in zip(befores, self.steps, strict=False)
        ]

    @cached_property
    def sums(self) -> tuple[int, int]:
        """The least and the most minutes of all steps, change-overs included."""
        changes = sum(self.changes)
        return sum(span[0] for span in self.spans) + changes, sum(span[2] for span in self.spans) + changes

    @cached_property
    def usual(self) -> int:
        """The usual minutes of all steps, change-overs included."""
        return sum(span[1] for span in self.spans) + sum(self.changes)

    @cached_property
    def longest_changes(self) -> list[int]:
        """The change-overs, the longest first."""
        return sorted(self.changes, reverse=True)

    @cached_property
    def closing_at(self) -> int:
        """The place of the closing's first step; the buffer stands before it."""
        return next((i for i, step in enumerate(self.steps) if step.phase == "closing"), len(self.steps))

    @cached_property
    def floors(self) -> list[tuple[range, int]]:
        """Runs of steps that must together reach so many minutes."""
        return floors_of(self.steps, self.frame)

    @cached_property
    def raised(self) -> int:
        """Minutes above the sum of the leasts that the floors ask for; above every bound where they cannot be met."""
        missing = 0
        for run, minutes in self.floors:
            least, most = (sum(self.spans[i][k] for i in run) for k in (0, 2))
            if most < minutes:
                return 10_000
            missing += max(minutes - least, 0)
        return missing

    def bounds(self) -> tuple[int, int]:
        """Whole minutes that this sequence takes at the least and at the most, breaks and buffer included."""
        found = [self.bounds_with(count) for count in self.frame.breaks.counts]
        return min(least for least, _ in found), max(most for _, most in found)

    def bounds_with(self, count: int) -> tuple[int, int]:
        """The same with so many breaks: each may save a change-over, and no stretch is longer than the rule says."""
        buffer, stretch = self.frame.buffer, numbers()["break"]["stretch"]
        breaks = self.frame.breaks.spans(count, count // 2)
        least = self.sums[0] + self.raised + buffer[0] - sum(self.longest_changes[:count])
        most = min(self.sums[1] + buffer[2], (count + 1) * stretch)
        return least + sum(span[0] for span in breaks), most + sum(span[2] for span in breaks)

    def fit(self) -> Fitted | None:
        """The best way to fill the booked minutes exactly with these steps in this order, or None."""
        minutes = self.frame.brief.minutes
        for count in self.frame.breaks.counts:
            least, most = self.bounds_with(count)
            if count >= len(self.steps) or not least <= minutes <= most:
                continue
            best = self._best_places(count)
            if best is not None:
                return self._rounded(*best)
        return None

    def _best_places(self, count: int) -> tuple[Fitted, tuple[int, ...]] | None:
        """The best fit with `count` breaks, and their places; those odder than all of its strain are not tried."""
        best: tuple[Fitted, tuple[int, ...]] | None = None
        for places in sorted(self.places(count), key=self.oddness):
            if best is not None and self.oddness(places) >= best[0].strain:
                break
            fitted = self.try_places(places)
            if fitted is not None and (best is None or fitted.strain < best[0].strain):
                best = fitted, places
        return best

    def oddness(self, places: Iterable[int]) -> float:
        """How odd breaks at these places would be; a part of the strain."""
        return sum(self.awkward[place] for place in places)

    def _rounded(self, fitted: Fitted, places: tuple[int, ...]) -> Fitted:
        """The same with breaks of five or ten minutes, which are easier to keep, where that strains the rest little."""
        span = self.frame.breaks.span
        lengths = [length for length in range(span[0], span[1] + 1) if length % _ROUND == 0] if places else []
        round_ones = [other for length in lengths if (other := self.try_places(places, length)) is not None]
        best = min(round_ones, key=lambda other: other.strain, default=fitted)
        return best if best.strain <= fitted.strain + _WORTH_OF_ROUND else fitted

    def places(self, count: int) -> Iterator[tuple[int, ...]]:
        """Where `count` breaks may stand (before which steps), the most promising ways."""
        candidates = range(1, len(self.steps))
        if count == 0:
            yield ()
        elif count == 1:
            yield from ((place,) for place in candidates)
        else:
            tried = (self._balanced(count, wide) for wide in (0, 1, 2))
            yield from dict.fromkeys(places for places in tried if places is not None)

    def _balanced(self, count: int, measure: int) -> tuple[int, ...] | None:
        """Places that make the stretches as even as can be, measured by their usual, least or most minutes."""
        column = (1, 0, 2)[measure]
        sums, length = [0], len(self.steps)
        for i, span in enumerate(self.spans):
            buffer = self.frame.buffer[column] if i == self.closing_at else 0
            sums.append(sums[-1] + span[column] + self.changes[i] + buffer)
        even = sums[-1] / (count + 1)
        extra = [awkward * even for awkward in self.awkward]
        best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
        for _ in range(count + 1):
            following: dict[int, tuple[float, tuple[int, ...]]] = {}
            for start, (cost, places) in best.items():
                for end in range(start + 1, length + 1):
                    further = cost + (sums[end] - sums[start] - even) ** 2 + extra[end]
                    if end not in following or further < following[end][0]:
                        following[end] = (further, (*places, end))
            best = following
        return best[length][1][:-1] if length in best else None

    @cached_property
    def awkward(self) -> list[float]:
        """How odd a break before each step would be: inside opening or closing, beside the buffer; 0 at the end."""
        return [0.0, *(self._awkward_at(place) for place in range(1, len(self.steps))), 0.0]

    def _awkward_at(self, place: int) -> float:
        before, after = self.steps[place - 1], self.steps[place]
        if before.lesson == after.lesson:
            return 4.0 if after.phase in {"opening", "closing"} else 0.7
        return 2.5 if place == self.closing_at else 0.0

    def try_places(self, places: tuple[int, ...], lasting: int | None = None) -> Fitted | None:
        """These steps with breaks at these places (each of `lasting` minutes), if that fills the booked minutes."""
        entries, stretches = self.laid_out(places, lasting)
        minutes = shared_out(entries, stretches, self.placed_floors(entries), self.frame.brief.minutes)
        if minutes is None:
            return None
        away = sum(map(strain, entries, minutes)) + self.oddness(places)
        away += sum(((length(minutes, a) - length(minutes, b)) / 30) ** 2 for a, b in pairwise(stretches))
        return Fitted(self.steps, tuple(entries), tuple(minutes), away)

    def laid_out(self, places: tuple[int, ...], lasting: int | None = None) -> tuple[list[Entry], list[Stretch]]:
        """The entries in order, and the stretches between the breaks."""
        usual, minutes = numbers()["break"], self.frame.brief.minutes
        spans = self.frame.breaks.spans(len(places), self._meal_at(places))
        if lasting is not None:
            spans = [(lasting,) * 3 if span == self.frame.breaks.span else span for span in spans]
        window = minutes == usual["needed_from"] and places
        entries: list[Entry] = []
        runs: list[list[int]] = [[]]
        for i in range(len(self.steps)):
            for entry in self._before(i, places, spans):
                if entry.kind == "break":
                    runs.append([])
                else:
                    runs[-1].append(len(entries))
                entries.append(entry)
            runs[-1].append(len(entries))
            entries.append(Entry("activity", *self.spans[i], i))
        first = (usual["first_from"], usual["first_to"]) if window else (0, usual["stretch"])
        bounds = [first, *((0, usual["stretch"]) for _ in runs[1:])]
        return entries, [Stretch(tuple(run), *bound) for run, bound in zip(runs, bounds, strict=True)]

    def _before(self, i: int, places: tuple[int, ...], spans: Sequence[tuple[int, int, int]]) -> Iterator[Entry]:
        """What stands before the step at `i`: a break, the buffer, a change-over."""
        if i in places:
            yield Entry("break", *spans[places.index(i)])
        if i == self.closing_at:
            yield Entry("buffer", *self.frame.buffer)
        if self.changes[i] and i not in places:
            yield Entry("transition", self.changes[i], self.changes[i], self.changes[i])

    def _meal_at(self, places: tuple[int, ...]) -> int:
        """Which break is the meal: the one nearest to the middle."""
        usual = [span[1] for span in self.spans]
        middle = sum(usual) / 2
        return min(range(len(places)), key=lambda k: abs(sum(usual[: places[k]]) - middle), default=0)

    def placed_floors(self, entries: Sequence[Entry]) -> list[Floor]:
        """The floors, in terms of entries."""
        at = {entry.step: number for number, entry in enumerate(entries) if entry.step is not None}
        return [Floor(tuple(at[i] for i in run), minutes) for run, minutes in self.floors]
