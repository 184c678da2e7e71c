"""Which steps of each lesson to take: all ways to put them together that a bound does not rule out."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from itertools import pairwise
from operator import add

from builder.model import FRAME
from builder.planner import score
from builder.planner.curves import Curve, joined, near
from builder.planner.curves import curve as make_curve
from builder.planner.frame import Frame, Step, break_lengths
from builder.planner.score import Aim
from builder.planner.shapes import MOVING, move_minutes
from builder.planner.work import WAY, Work


class Sums(IntEnum):
    """What the bounds add up over steps, by its place in a tuple."""

    LEAST = 0
    MOST = 1
    USUAL = 2
    CONTENT = 3
    INTERACTIVE = 4
    DEBRIEFS = 5
    STEPS = 6
    FOCUS = 7
    CHANGES = 8
    MOVES = 9
    BUILT = 10
    INSIDE = 11


ZERO = (0.0,) * 12
"""The sums of nothing."""

_ALIKE = 8
_OF_ALIKE = 3


@dataclass(frozen=True, eq=False)
class Way:
    """One way to hold a lesson, with what does not depend on what comes before or after it."""

    steps: tuple[Step, ...]
    aim: Aim

    @cached_property
    def sums(self) -> tuple[float, ...]:
        """What the bounds add up, in the order of the names above."""
        steps, neighbours = self.steps, list(pairwise(self.steps))
        changed = [b for a, b in neighbours if a.grouping != b.grouping]
        return (
            sum(step.span[0] for step in steps),
            sum(step.span[2] for step in steps),
            sum(step.span[1] for step in steps),
            sum(map(score.content_minutes, steps)),
            sum(map(score.interactive_surplus, steps)),
            sum(map(score.debrief_surplus, steps)),
            len(steps),
            sum(step.lesson in self.aim.focus for step in steps),
            len(changed),
            sum(step.grouping in MOVING for step in changed),
            *score.building(steps),
        )

    @cached_property
    def curve(self) -> Curve:
        """All its steps together."""
        return joined(step.curve for step in self.steps)


@dataclass(frozen=True)
class Together:
    """One way for each lesson, and a score that no plan with these steps is above."""

    ways: tuple[Way, ...]
    bound: float


class Ways:
    """Every way to put the ways of some lessons together, in one frame."""

    def __init__(self, lessons: Sequence[Sequence[Way]], frame: Frame, aim: Aim) -> None:
        """Sum up from the end what the lessons that are still to come could add at best."""
        self.lessons, self.frame, self.aim = lessons, frame, aim
        phases = [ways[0].steps[0].phase if ways and ways[0].steps else "" for ways in lessons]
        frames = sum(phase in FRAME for phase in phases)
        free = {"plenary": 1.0, "middle": 1.0, "breaks": 1.0, "practice": 1.0 if "practice" in phases else 0.0}
        count = score.lessons(len(lessons) - frames, aim.brief.minutes)
        self._given = score.total({**free, "lessons": count})
        self._best, self._worst = self._to_come()
        self._pauses = self._pause_bounds()

    def _to_come(self) -> tuple[list[tuple[float, ...]], list[tuple[float, ...]]]:
        """For each lesson: the largest and the smallest sums of it and all after it."""
        best: list[tuple[float, ...]] = [ZERO]
        worst: list[tuple[float, ...]] = [ZERO]
        for ways in reversed(self.lessons):
            columns = list(zip(*(way.sums for way in ways), strict=True)) or [(0.0,)] * 12
            best.append(tuple(map(add, best[-1], map(max, columns))))
            worst.append(tuple(map(add, worst[-1], map(min, columns))))
        return best[::-1], worst[::-1]

    def _pause_bounds(self) -> tuple[int, int]:
        """The fewest and most minutes of buffer, breaks and change-overs between lessons."""
        least, _, most = self.frame.buffer
        move = move_minutes(self.frame.brief) * (len(self.lessons) - 1)
        spans = [self.frame.spans(count) for count in self.frame.breaks.counts]
        fewest = min(sum(span[0] for span in each) for each in spans)
        return least + fewest, most + move + max(sum(span[2] for span in each) for each in spans)

    def together(self, least: float, work: Work) -> Iterator[Together]:
        """Each way to put them together whose bound is above `least`, in no order."""
        yield from self._further((), ZERO, least, work)

    @property
    def count(self) -> int:
        """How many ways there are to put them together."""
        return math.prod(map(len, self.lessons))

    def likely(self) -> Iterator[Together]:
        """Some promising ways to put them together: after each lesson the best of those that are about as long."""
        kept: list[tuple[tuple[Way, ...], tuple[float, ...]]] = [((), ZERO)]
        for done, ways in enumerate(self.lessons, 1):
            longer = (((*held, way), tuple(map(add, sums, way.sums))) for held, sums in kept for way in ways)
            judged = sorted(((self.bound(done, sums), held, sums) for held, sums in longer), key=lambda each: -each[0])
            alike: dict[int, int] = {}
            kept = []
            for bound, held, sums in judged:
                about = int(sums[Sums.USUAL]) // _ALIKE
                alike[about] = alike.get(about, 0) + 1
                if bound > -math.inf and alike[about] <= _OF_ALIKE:
                    kept.append((held, sums))
        yield from (Together(held, self.bound(len(held), sums)) for held, sums in kept)

    def _further(self, done: tuple[Way, ...], sums: tuple[float, ...], least: float, work: Work) -> Iterator[Together]:
        if not work.take(WAY):
            return
        bound = self.bound(len(done), sums)
        if bound <= least:
            return
        if len(done) == len(self.lessons):
            yield Together(done, bound)
            return
        for way in self.lessons[len(done)]:
            yield from self._further((*done, way), tuple(map(add, sums, way.sums)), least, work)

    def bound(self, done: int, sums: tuple[float, ...]) -> float:
        """A score that nothing is above that begins so; minus infinity where the minutes cannot be filled."""
        best, worst = tuple(map(add, sums, self._best[done])), tuple(map(add, sums, self._worst[done]))
        moves = move_minutes(self.frame.brief) * best[Sums.MOVES]
        saved = move_minutes(self.frame.brief) * max(self.frame.breaks.counts)
        minutes = self.frame.brief.minutes
        fewest = (
            worst[Sums.LEAST] + max(move_minutes(self.frame.brief) * worst[Sums.MOVES] - saved, 0) + self._pauses[0]
        )
        if not fewest <= minutes <= best[Sums.MOST] + moves + self._pauses[1]:
            return -math.inf
        neighbours = worst[Sums.STEPS] - 1
        changes = best[Sums.CHANGES] + len(self.lessons) - 1
        inside = score.share(sums[Sums.BUILT], sums[Sums.INSIDE]) if done == len(self.lessons) else 1.0
        return self._given + score.total(
            {
                "focus": score.in_focus(int(best[Sums.FOCUS]), self.aim),
                "interactive": score.interactive(best[Sums.INTERACTIVE], best[Sums.USUAL]),
                "debriefs": score.debriefs(best[Sums.DEBRIEFS], best[Sums.CONTENT]),
                "alternate": min(score.share(changes, neighbours), 1.0) if neighbours > 0 else 1.0,
                "build": inside,
                "regroup": 1 - worst[Sums.MOVES] / best[Sums.STEPS],
                "stretch": 1.0,
                "buffer": 1.0,
                "typical": 1.0,
            }
        )

    def nearest(self, together: Together) -> Mapping[int, float]:
        """For each count of breaks: how near to the usual minutes all can be at best, in usual steps and breaks."""
        steps = sum(len(way.steps) for way in together.ways)
        inside = move_minutes(self.frame.brief) * int(sum(way.sums[Sums.MOVES] for way in together.ways))
        between = move_minutes(self.frame.brief) * (len(together.ways) - 1)
        free = joined(way.curve for way in together.ways)
        found = {}
        for count in self.frame.breaks.counts:
            whole = joined((free, self.frame.buffer_curve(buffer_weight(steps + count))))
            rest = self.frame.brief.minutes - inside
            saved = move_minutes(self.frame.brief) * count
            found[count] = bound_beside(whole, self.frame, count, (rest - between, rest + saved))
        return found

    def lost(self, nearest: Mapping[int, float], together: Together) -> float:
        """How much of its bound is lost, at the least, because the minutes are not the usual ones."""
        steps = sum(len(way.steps) for way in together.ways)
        best = max(score.worth("typical") / (steps + count) * each for count, each in nearest.items())
        return score.worth("typical") + score.worth("buffer") - best


def buffer_weight(slots: int) -> float:
    """What the buffer weighs against one of so many steps and breaks."""
    return score.worth("buffer") / score.worth("typical") * slots


def best_beside(curve: Curve, frame: Frame, count: int, minutes: tuple[int, int]) -> float:
    """How good a curve and so many breaks can be together at the best of `minutes`; minus infinity where never."""
    if count > 1:
        return bound_beside(curve, frame, count, minutes)
    found = -math.inf
    for breaks, (worth, _) in break_lengths(frame.spans(count)).items():
        each = curve.best_within(max(minutes[0] - breaks, curve.least), min(minutes[1] - breaks, curve.most))
        found = found if each is None else max(found, worth + each)
    return found


def bound_beside(curve: Curve, frame: Frame, count: int, minutes: tuple[int, int]) -> float:
    """The same, or more: it takes no note of which breaks are a round number of minutes."""
    whole = joined((curve, *(_break_curve(span) for span in frame.spans(count))))
    best = whole.best_within(max(minutes[0], whole.least), min(minutes[1], whole.most))
    return -math.inf if best is None else best


@lru_cache(maxsize=64)
def _break_curve(span: tuple[int, int, int]) -> Curve:
    return make_curve(span, lambda minutes: near(minutes, span)) if span[0] <= span[2] else Curve(10_000, 0.0, ())
