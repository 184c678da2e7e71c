"""Which steps of the chosen lessons to take, and the best fit among them. Bounded by work, never by the clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from builder.model import Brief, Library
from builder.planner.choice import (
    Choice,
    Pool,
    RuleError,
    complete,
    guesses,
    named_card_problems,
    orders,
    pin_problems,
    pool_of,
)
from builder.planner.fit import Fitted, Frame, Order, Step, break_rule
from builder.planner.shapes import Shape
from builder.problems import Problem

_TRIED = 24
_MOST_CHANGE = 3
_MOST_WORK = 600
_MOST_PLANS = 12
_MOST_SUBSETS_OF_A_LESSON = 64
_WORTH = 0.12


@dataclass(frozen=True)
class Found:
    """The best plan: its lessons and its fitted steps."""

    choice: Choice
    fitted: Fitted
    frame: Frame


class Search:
    """The search for one library and brief; several lengths share what does not depend on the length."""

    def __init__(self, library: Library, brief: Brief) -> None:
        """Work out the shapes of all activities once."""
        self.library = library
        self.brief = brief
        self.pool: Pool = pool_of(library, brief)
        self.problems: tuple[Problem, ...] = (*named_card_problems(self.pool), *pin_problems(self.pool))
        self.forbidden: Problem | None = None
        self._steps = {shape: self._step(shape) for shapes in self.pool.shapes.values() for shape in shapes}
        self._work = _MOST_WORK
        self._orders: dict[tuple[tuple[Step, ...], frozenset[str]], Order] = {}
        self._sequences: dict[tuple[tuple[str, ...], bool], list[tuple[int, int, tuple[Step, ...]]]] = {}

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
        self.forbidden = None
        for wanted in [self.wanted] if self.wanted else guesses(self.pool, room):
            try:
                yield complete(self.pool, wanted, minutes)
            except RuleError as error:
                self.forbidden = self.forbidden or error.problem

    def best(self, minutes: int, *, any_will_do: bool = False) -> Found | None:
        """The best plan of exactly `minutes`, or None where none was found; `any_will_do` takes the first."""
        if self.problems:
            return None
        plans = (self.best_of(choice, minutes, any_will_do=any_will_do) for choice in self.choices(minutes))
        found = (plan for plan in plans if plan is not None)
        return next(found, None) if any_will_do else min(islice(found, _MOST_PLANS), key=self._cost, default=None)

    def _cost(self, found: Found) -> float:
        content = sum(self.pool.lesson(key).phase not in ("opening", "closing") for key in found.choice.lessons)
        practice = any(self.pool.lesson(key).phase == "practice" for key in found.choice.lessons)
        return found.fitted.strain + (0 if content in (2, 3) else 1) + (0 if practice else 1)

    def best_of(self, choice: Choice, minutes: int, *, any_will_do: bool = False) -> Found | None:
        """The best plan with these lessons: in their order, else in another; with a round in threes only if it must."""
        frame = self.frame(choice, minutes)
        if not self.could_hold(choice.lessons, frame, self._sway(choice.lessons)):
            return None
        self._work = _MOST_WORK
        for threes in (False, True) if self._has_threes(choice.lessons) else (False,):
            for lessons in orders(self.pool, choice):
                if self.could_hold(lessons, frame, self._slack(lessons)):
                    fitted = self._fit(lessons, frame, threes=threes, any_will_do=any_will_do)
                    if fitted is not None:
                        return Found(choice, fitted, frame)
        return None

    def could_hold(self, lessons: Sequence[str], frame: Frame, slack: int) -> bool:
        """Whether the length lies between what these lessons take at the least and the most, give or take `slack`."""
        least, most = self.bounds(lessons, frame)
        return least - slack <= frame.brief.minutes <= most + slack

    def _has_threes(self, lessons: Sequence[str]) -> bool:
        steps = (step for key in lessons for step in self.library.activities_of(key))
        return any(len(self.pool.shapes[step.id]) > 1 for step in steps)

    def _slack(self, lessons: Sequence[str]) -> int:
        """Minutes by which a round in threes can move the bounds, by the change-overs around it."""
        steps = (step for key in lessons for step in self.library.activities_of(key))
        return _MOST_CHANGE * 2 * sum(len(self.pool.shapes[step.id]) > 1 for step in steps)

    def _sway(self, lessons: Sequence[str]) -> int:
        """Minutes by which another order can move the bounds: a change-over at each lesson's beginning."""
        return _MOST_CHANGE * len(lessons) + self._slack(lessons)

    def bounds(self, lessons: Sequence[str], frame: Frame) -> tuple[int, int]:
        """The fewest and the most minutes that these lessons can take in this order."""
        fewest = self.order(self.steps(lessons, only_core=True, quick=True), frame).bounds()[0]
        return fewest, self.order(self.steps(lessons, roomy=True), frame).bounds()[1]

    def order(self, steps: tuple[Step, ...], frame: Frame) -> Order:
        """These steps in this frame; what does not depend on the length is worked out once."""
        key = (steps, frame.contested)
        if key not in self._orders:
            self._orders[key] = Order(steps, frame)
        return self._orders[key].at(frame)

    def steps(
        self, lessons: Sequence[str], *, only_core: bool = False, quick: bool = False, roomy: bool = False
    ) -> tuple[Step, ...]:
        """All steps that can be in, or only the musts; `quick` takes the shortest shapes, `roomy` the longest."""

        def shape(shapes: Sequence[Shape]) -> Shape:
            if quick:
                return min(shapes, key=lambda shape: shape.least)
            return max(shapes, key=lambda shape: shape.most) if roomy else shapes[0]

        return tuple(
            self._steps[shape(self.pool.shapes[activity.id])]
            for key in lessons
            for activity in self.library.activities_of(key)
            if not self.pool.out(activity) and (self.pool.must(activity) or not only_core)
        )

    def _step(self, shape: Shape) -> Step:
        activity = shape.activity
        pin = self.brief.pinned.get(activity.id)
        phase = self.pool.lesson(activity.lesson).phase
        return Step(shape, phase, activity.core, pin.minutes if pin else None)

    def _fit(self, lessons: Sequence[str], frame: Frame, *, threes: bool, any_will_do: bool) -> Fitted | None:
        best: tuple[float, Fitted] | None = None
        for tried, steps in enumerate(self._promising(tuple(lessons), frame, threes=threes)):
            self._work -= 1
            if (best is not None and (any_will_do or tried >= _TRIED)) or self._work < 0:
                break
            fitted = self.order(steps, frame).fit()
            if fitted is not None:
                cost = fitted.strain - _WORTH * len(steps)
                if best is None or cost < best[0]:
                    best = (cost, fitted)
        return best[1] if best else None

    def _promising(self, lessons: tuple[str, ...], frame: Frame, *, threes: bool) -> Iterator[tuple[Step, ...]]:
        """Sequences of steps, those first whose usual minutes come nearest to the booked time."""
        key = (lessons, threes)
        if key not in self._sequences:
            sequences = self._all_sequences(lessons, threes=threes)
            self._sequences[key] = [(self._usual(steps, frame), -len(steps), steps) for steps in sequences]
        rule = frame.breaks
        breaks = sum(span[1] for span in rule.spans(rule.counts[0], rule.counts[0] // 2))
        room = frame.brief.minutes - frame.buffer[1] - breaks
        found = [
            (abs(usual - room) + 2.5 * fewer, fewer, i) for i, (usual, fewer, _) in enumerate(self._sequences[key])
        ]
        return (self._sequences[key][i][2] for _, _, i in sorted(found))

    def _usual(self, steps: tuple[Step, ...], frame: Frame) -> int:
        """The usual minutes of some steps with the change-overs between them."""
        return sum(step.span[1] for step in steps) + sum(self.order(steps, frame).changes)

    def _all_sequences(self, lessons: tuple[str, ...], *, threes: bool) -> list[tuple[Step, ...]]:
        """For each sum of usual minutes the sequence with the most steps, and the shortest and the longest of all."""
        kept: dict[int, tuple[Step, ...]] = {0: ()}
        for key in lessons:
            following: dict[int, tuple[Step, ...]] = {}
            for (total, steps), more in product(kept.items(), self._subsets(key, threes=threes)):
                usual = total + sum(step.span[1] for step in more)
                if usual not in following or len(following[usual]) < len(steps) + len(more):
                    following[usual] = (*steps, *more)
            kept = following
        extremes = self.steps(lessons, only_core=True, quick=threes), self.steps(lessons)
        return [steps for steps in dict.fromkeys((*kept.values(), *extremes)) if self.builds(steps)]

    def _subsets(self, key: str, *, threes: bool) -> list[tuple[Step, ...]]:
        """The ways to hold one lesson: its musts, and any of the others that can be in."""
        ways: list[list[tuple[Step, ...]]] = []
        for activity in self.library.activities_of(key):
            if self.pool.out(activity):
                continue
            shapes = self.pool.shapes[activity.id]
            forms: list[tuple[Step, ...]] = [(self._steps[shape],) for shape in (shapes if threes else shapes[:1])]
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
