"""Which steps of the chosen lessons to take, and the best fit among them. Bounded by work, never by the clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from builder.model import Activity, Brief, Library
from builder.planner.choice import (
    Choice,
    Pool,
    RuleError,
    complete,
    guesses,
    living_problem,
    named_card_problems,
    pin_problems,
    pool_of,
)
from builder.planner.fit import Fitted, Frame, Order, Step, break_problem, break_rule
from builder.planner.numbers import numbers
from builder.planner.reach import Option, Reach, reach_of
from builder.planner.shapes import Shape, move_minutes
from builder.problems import Problem

SHORTEST, LONGEST = 30, 480

_TRIED = 24
_FEW_ORDERS = 3
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
        """Work out the shapes of all activities, and what the wanted lessons bring with them, once."""
        self.library = library
        self.brief = brief
        self.pool: Pool = pool_of(library, brief)
        self.problems: tuple[Problem, ...] = (*named_card_problems(self.pool), *pin_problems(self.pool))
        self.chosen: Choice | None = None
        self.forbidden: Problem | None = None
        self._steps = {shape: self._step(shape) for shapes in self.pool.shapes.values() for shape in shapes}
        self._reaches: dict[tuple[tuple[str, ...], frozenset[str], bool], Reach] = {}
        if self.wanted and not self.problems:
            try:
                self.chosen = complete(self.pool, self.wanted)
            except RuleError as error:
                self.problems = (error.problem,)

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
        """The sets of lessons to try, those chosen or some that come near; remembers the first rule broken."""
        if self.wanted:
            yield from [self.chosen] if self.chosen else []
            return
        for wanted in guesses(self.pool, minutes * 3 // 4 - 22):
            try:
                yield complete(self.pool, wanted)
            except RuleError as error:
                self.forbidden = self.forbidden or error.problem

    def best(self, minutes: int) -> Found | None:
        """The best plan of exactly `minutes`; None where there is none for chosen lessons, or none was found."""
        if self.problems or break_problem(self.brief, minutes):
            return None
        plans = (self.best_of(choice, minutes) for choice in self.choices(minutes))
        found = (plan for plan in plans if plan is not None)
        return min(islice(found, _MOST_PLANS), key=self._cost, default=None)

    def _cost(self, found: Found) -> float:
        content = sum(self.pool.lesson(key).phase not in ("opening", "closing") for key in found.choice.lessons)
        practice = any(self.pool.lesson(key).phase == "practice" for key in found.choice.lessons)
        return found.fitted.strain + (0 if content in (2, 3) else 1) + (0 if practice else 1)

    def best_of(self, choice: Choice, minutes: int) -> Found | None:
        """The best plan with these lessons: in their order, else in another; with a round in threes only if it must."""
        frame = self.frame(choice, minutes)
        if living_problem(self.pool, choice.lessons, minutes) or not self.could_hold(choice, frame):
            return None
        orders = self.orders(choice)
        if not self.reach(orders[0], choice.contested, threes=False).holds(frame) and not self.holds(choice, minutes):
            return None
        for threes in (False, True):
            for lessons in orders:
                reach = self.reach(lessons, choice.contested, threes=threes)
                if reach.holds(frame):
                    fitted = self._fit(lessons, frame, threes=threes) or _settled(reach, frame)
                    return Found(choice, fitted, frame)
        return None

    def holds(self, choice: Choice, minutes: int) -> bool:
        """Whether there is a plan of exactly `minutes` with these lessons."""
        if break_problem(self.brief, minutes) or living_problem(self.pool, choice.lessons, minutes):
            return False
        frame, orders = self.frame(choice, minutes), self.orders(choice)
        reaches = (self.reach(lessons, choice.contested, threes=True) for lessons in orders)
        return self.could_hold(choice, frame) and any(reach.holds(frame) for reach in reaches)

    def could_be_in(self, found: Found, activity: Activity) -> bool:
        """Whether an activity could be in the plan that was found."""
        return activity.lesson in found.choice.lessons and not self.pool.out(activity)

    def missing_minutes(self, found: Found, activity: Activity) -> int | None:
        """How many minutes more than booked bring an activity into this order (0: pin it), or None where none do."""
        lessons = tuple(dict.fromkeys(step.lesson for step in found.fitted.steps))
        reach = self.reach(lessons, found.choice.contested, threes=True).requiring(activity.id)
        longer = range(self.brief.minutes, LONGEST + 1)
        held = (minutes for minutes in longer if reach and reach.holds(self.frame(found.choice, minutes)))
        return next((m - self.brief.minutes for m in held if break_problem(self.brief, m) is None), None)

    def orders(self, choice: Choice) -> Sequence[tuple[str, ...]]:
        """The orders to try: all, or a few where the lessons are only a guess."""
        return choice.orders if self.wanted else choice.orders[:_FEW_ORDERS]

    def could_hold(self, choice: Choice, frame: Frame) -> bool:
        """Whether the length lies within bounds that hold in any order; quicker to say than what can be filled."""
        least, most = self.bounds(choice, frame)
        stretch, minutes = numbers()["break"]["stretch"], frame.brief.minutes
        for count in frame.breaks.counts:
            breaks = frame.breaks.spans(count, 0)
            fewest = least + sum(span[0] for span in breaks)
            if fewest <= minutes <= min(most, (count + 1) * stretch) + sum(span[2] for span in breaks):
                return True
        return False

    def bounds(self, choice: Choice, frame: Frame) -> tuple[int, int]:
        """Bounds in any order, breaks aside: without a change-over, and with one before every step."""
        musts = self.steps(choice.lessons, only_core=True, quick=True)
        steps = self.steps(choice.lessons, roomy=True)
        least, _, most = frame.buffer
        moves = move_minutes(self.brief) * len(steps)
        return least + sum(step.span[0] for step in musts), most + moves + sum(step.span[2] for step in steps)

    def reach(self, lessons: tuple[str, ...], contested: frozenset[str], *, threes: bool) -> Reach:
        """What these lessons in this order can fill."""
        key = (lessons, contested, threes)
        if key not in self._reaches:
            frame = Frame(self.brief, break_rule(self.brief), contested)
            self._reaches[key] = reach_of(list(self._options(lessons, threes=threes)), frame)
        return self._reaches[key]

    def _options(self, lessons: Sequence[str], *, threes: bool) -> Iterator[Option]:
        """The activities of some lessons that can be in; what a step that must be in builds on must be in, too."""
        activities = [step for key in lessons for step in self.library.activities_of(key) if not self.pool.out(step)]
        musts = {step.id for step in activities if self.pool.must(step)}
        musts |= {other.id for step in activities if step.id in musts for other in self.pool.behind(step)}
        for activity in activities:
            shapes = self.pool.shapes[activity.id]
            forms = tuple(self._steps[shape] for shape in (shapes if threes else shapes[:1]))
            yield Option(forms, activity.id not in musts, tuple(self.pool.after(activity)))

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

    def _fit(self, lessons: Sequence[str], frame: Frame, *, threes: bool) -> Fitted | None:
        """The best fit of some promising sequences of steps; of all of them as long as none was found."""
        best: tuple[float, Fitted] | None = None
        for tried, order in enumerate(self._promising(lessons, frame, threes=threes)):
            if best is not None and tried >= _TRIED:
                break
            fitted = order.fit()
            if fitted is not None:
                cost = fitted.strain - _WORTH * len(order.steps)
                if best is None or cost < best[0]:
                    best = (cost, fitted)
        return best[1] if best else None

    def _promising(self, lessons: Sequence[str], frame: Frame, *, threes: bool) -> list[Order]:
        """Sequences of steps, those first whose usual minutes come nearest to the booked time."""
        rule = frame.breaks
        breaks = sum(span[1] for span in rule.spans(rule.counts[0], rule.counts[0] // 2))
        room = frame.brief.minutes - frame.buffer[1] - breaks
        found = [Order(steps, frame) for steps in self._sequences(lessons, 2 * frame.brief.minutes, threes=threes)]
        return sorted(found, key=lambda order: (abs(order.usual - room) - 2.5 * len(order.steps), -len(order.steps)))

    def _sequences(self, lessons: Sequence[str], most: int, *, threes: bool) -> list[tuple[Step, ...]]:
        """For each sum of usual minutes the sequence with the most steps, and the shortest and the longest of all."""
        kept: dict[int, tuple[Step, ...]] = {0: ()}
        for key in lessons:
            following: dict[int, tuple[Step, ...]] = {}
            for (total, steps), more in product(kept.items(), self._subsets(key, threes=threes)):
                usual = total + sum(step.span[1] for step in more)
                if usual <= most and (usual not in following or len(following[usual]) < len(steps) + len(more)):
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


def _settled(reach: Reach, frame: Frame) -> Fitted:
    """The plain plan that `reach` found, for the rare case in which no promising one fits."""
    steps, places = reach.settled(frame)
    fitted = Order(steps, frame).try_places(places)
    if fitted is None:
        message = "the lengths that can be filled and the way to fill them disagree"
        raise AssertionError(message)
    return fitted


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
