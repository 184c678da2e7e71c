"""Which steps of the chosen lessons to take, and the best fit among them. Bounded by work, never by the clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from builder.model import Brief, Library
from builder.planner.choice import (
    Choice,
    Pool,
    RuleError,
    complete,
    guesses,
    named_card_problems,
    orders,
    pool_of,
)
from builder.planner.fit import Fitted, Frame, Order, Step, break_rule
from builder.planner.shapes import Shape
from builder.problems import Problem

_TRIED = 24
_MOST_SUBSETS_OF_A_LESSON = 64
_WORTH = 0.12


@dataclass(frozen=True)
class Found:
    """The best plan: its lessons and its fitted steps."""

    choice: Choice
    fitted: Fitted
    frame: Frame


class Search:
    """The search for one library and brief; asks for several lengths share what does not depend on the length."""

    def __init__(self, library: Library, brief: Brief) -> None:
        """Work out the shapes of all activities once."""
        self.library = library
        self.brief = brief
        self.pool: Pool = pool_of(library, brief)
        self.problem: Problem | None = next(named_card_problems(self.pool), None)
        self._steps = {shape: self._step(shape) for shapes in self.pool.shapes.values() for shape in shapes}

    @property
    def wanted(self) -> tuple[str, ...]:
        """The lessons that the brief asks for: in focus, or with a pinned step."""
        pinned = (key.partition("/")[0] for key in self.brief.pinned)
        return tuple(dict.fromkeys((*self.brief.focus, *pinned)))

    def frame(self, choice: Choice, minutes: int) -> Frame:
        """What holds for every sequence of a choice at a length."""
        brief = self.brief if minutes == self.brief.minutes else self.brief.model_copy(update={"minutes": minutes})
        return Frame(brief, break_rule(brief), choice.contested)

    def choices(self, minutes: int) -> Iterator[Choice]:
        """The sets of lessons to try; remembers the first rule that forbids one."""
        room = minutes * 3 // 4 - 22
        for wanted in [self.wanted] if self.wanted else guesses(self.pool, room):
            try:
                yield complete(self.pool, wanted, minutes)
            except RuleError as error:
                self.problem = self.problem or error.problem

    def best(self, minutes: int) -> Found | None:
        """The best plan of exactly `minutes`, or None where none was found."""
        if self.problem is not None:
            return None
        found = [best for choice in self.choices(minutes) if (best := self.best_of(choice, minutes))]
        return min(found, key=self._cost, default=None)

    def _cost(self, found: Found) -> float:
        content = sum(self.pool.lesson(key).phase not in ("opening", "closing") for key in found.choice.lessons)
        practice = any(self.pool.lesson(key).phase == "practice" for key in found.choice.lessons)
        return found.fitted.strain + (0 if content in (2, 3) else 1) + (0 if practice else 1)

    def best_of(self, choice: Choice, minutes: int) -> Found | None:
        """The best plan with these lessons: in their order, else in another; with a round in threes only if it must."""
        frame = self.frame(choice, minutes)
        for threes in (False, True):
            for lessons in orders(self.pool, choice):
                fitted = self._fit(lessons, frame, threes=threes)
                if fitted is not None:
                    return Found(choice, fitted, frame)
                if not self.could_hold(lessons, frame):
                    break
        return None

    def could_hold(self, lessons: Sequence[str], frame: Frame) -> bool:
        """Whether the length lies between what these lessons take at the least and at the most, in any order."""
        least, most = self.bounds(lessons, frame)
        slack = 3 * len(lessons)
        return least - slack <= frame.brief.minutes <= most + slack

    def bounds(self, lessons: Sequence[str], frame: Frame) -> tuple[int, int]:
        """The fewest and the most minutes that these lessons can take in this order."""
        fewest = Order(self.steps(lessons, only_core=True, quick=True), frame).bounds()[0]
        return fewest, Order(self.steps(lessons), frame).bounds()[1]

    def steps(self, lessons: Sequence[str], *, only_core: bool = False, quick: bool = False) -> tuple[Step, ...]:
        """All steps that can be in, or only those that must be; `quick` takes the shortest shape of each."""
        return tuple(
            self._steps[shapes[-1] if quick and shapes[-1].least < shapes[0].least else shapes[0]]
            for key in lessons
            for activity in self.library.activities_of(key)
            if not self.pool.out(activity)
            and (self.pool.must(activity) or not only_core)
            and (shapes := self.pool.shapes[activity.id])
        )

    def _step(self, shape: Shape) -> Step:
        activity = shape.activity
        pin = self.brief.pinned.get(activity.id)
        phase = self.pool.lesson(activity.lesson).phase
        return Step(shape, phase, activity.core, pin.minutes if pin else None)

    def _fit(self, lessons: Sequence[str], frame: Frame, *, threes: bool) -> Fitted | None:
        best: tuple[float, Fitted] | None = None
        for tried, steps in enumerate(self._promising(lessons, frame, threes=threes)):
            if tried >= _TRIED and best is not None:
                break
            fitted = Order(steps, frame).fit()
            if fitted is not None:
                cost = fitted.strain - _WORTH * len(steps)
                if best is None or cost < best[0]:
                    best = (cost, fitted)
        return best[1] if best else None

    def _promising(self, lessons: Sequence[str], frame: Frame, *, threes: bool) -> list[tuple[Step, ...]]:
        """Sequences of steps, those first whose usual minutes come nearest to the booked time."""
        kept: dict[int, tuple[Step, ...]] = {0: ()}
        for key in lessons:
            following: dict[int, tuple[Step, ...]] = {}
            for (total, steps), more in product(kept.items(), self._subsets(key, threes=threes)):
                usual = total + sum(step.span[1] for step in more)
                if usual > 2 * frame.brief.minutes:
                    continue
                if usual not in following or len(following[usual]) < len(steps) + len(more):
                    following[usual] = (*steps, *more)
            kept = following
        extremes = self.steps(lessons, only_core=True, quick=threes), self.steps(lessons)
        found = list(dict.fromkeys((*kept.values(), *extremes)))
        found = [steps for steps in found if self.builds(steps)]
        return sorted(found, key=lambda steps: (self._distance(steps, frame), -len(steps), [s.shape.id for s in steps]))

    def _distance(self, steps: tuple[Step, ...], frame: Frame) -> float:
        order = Order(steps, frame)
        rule = frame.breaks
        breaks = sum(span[1] for span in rule.spans(rule.counts[0], rule.counts[0] // 2))
        usual = sum(step.span[1] for step in steps) + sum(order.changes) + frame.buffer[1] + breaks
        return abs(usual - frame.brief.minutes) - 2.5 * len(steps)

    def _subsets(self, key: str, *, threes: bool) -> list[tuple[Step, ...]]:
        """The ways to hold one lesson: its musts, and any of the others that can be in."""
        ways: list[list[tuple[Step, ...]]] = []
        for activity in self.library.activities_of(key):
            if self.pool.out(activity):
                continue
            shapes = self.pool.shapes[activity.id]
            forms = [(self._steps[shape],) for shape in (shapes if threes else shapes[:1])]
            ways.append(forms if self.pool.must(activity) else [*forms, ()])
        found = [tuple(step for part in parts for step in part) for parts in product(*_few(ways))]
        return [steps for steps in found if self.builds(steps, within=key)]

    def builds(self, steps: Sequence[Step], within: str | None = None) -> bool:
        """Whether every step comes after those that it builds on (of the lesson `within`, where one is named)."""
        done: set[str] = set()
        for step in steps:
            for before in self.pool.after(step.shape.activity):
                if before not in done and (within is None or before.startswith(f"{within}/")):
                    return False
            done.add(step.shape.id)
        return True


def _few(ways: Sequence[list[tuple[Step, ...]]]) -> list[list[tuple[Step, ...]]]:
    """The same ways with choices taken away from the end until at most 64 combinations are left."""
    ways = list(ways)
    for i in reversed(range(len(ways))):
        count = 1
        for way in ways:
            count *= len(way)
        if count <= _MOST_SUBSETS_OF_A_LESSON:
            break
        ways[i] = ways[i][:1]
    return ways
