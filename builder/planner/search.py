"""The best plan of one brief: which lessons, in which order, with which steps. Bounded by work, never by the clock."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import heappop, heappush
from itertools import count as counter
from itertools import product

from builder.model import PHASES, Activity, Brief, Library
from builder.planner.asked import living_problem, problems_of
from builder.planner.choice import Choice, RuleError, able, complete
from builder.planner.fit import SAME, Course, Fit, Fitted, Seat
from builder.planner.frame import Frame, Step, break_problem, break_rule, has_times
from builder.planner.numbers import numbers
from builder.planner.pool import Pool, pool_of
from builder.planner.reach import Option, Reach, reach_of
from builder.planner.score import Aim
from builder.planner.sets import Sets
from builder.planner.shapes import Shape, move_minutes
from builder.planner.ways import ZERO, Together, Way, Ways
from builder.planner.work import COURSE, NEAREST, Work
from builder.problems import Problem

SHORTEST, LONGEST = 30, 480

_CHOSEN = 100_000
_GUESSED = 800
_FINAL = 2_500
_MOST_SETS, _FEW_SETS, _FINALISTS = 16, 8, 2
_LOOKED_AT, _TRIED_FIRST, _FEW_ORDERS, _PART_FIRST = 12, 3, 6, 250
_MOST_PROMISING = 40
_MOST_WAYS_OF_A_LESSON, _MOST_OPTIONAL = 64, 5
_FEW_WAYS, _MANY_WAYS = 3_000, 200


@dataclass(frozen=True)
class Found:
    """The best plan: its lessons, its fitted steps, and by how much another could at most be better (0: none can)."""

    choice: Choice
    fitted: Fitted
    frame: Frame
    gap: float


@dataclass(frozen=True)
class _Nearest:
    """Some steps, and how near to their usual minutes they can be at best, for each count of breaks."""

    together: Together
    nearest: Mapping[int, float]


class Search:
    """The search for one library and brief; several lengths share what does not depend on the length."""

    def __init__(self, library: Library, brief: Brief) -> None:
        """Work out the shapes of all activities, and what the wanted lessons bring with them, once."""
        self.library = library
        self.brief = brief
        self.pool: Pool = pool_of(library, brief)
        self.problems: tuple[Problem, ...] = problems_of(self.pool)
        self.chosen: Choice | None = None
        self.forbidden: Problem | None = None
        self.spent = False
        self._steps = {shape: self._step(shape) for shapes in self.pool.shapes.values() for shape in shapes}
        self._reaches: dict[tuple[tuple[str, ...], frozenset[str], bool], Reach] = {}
        self._ways: dict[tuple[str, bool], list[Way]] = {}
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

    @property
    def timed(self) -> bool:
        """Whether the brief says when something starts."""
        return has_times(self.brief)

    @cached_property
    def aim(self) -> Aim:
        """What the preferences ask."""
        focus = frozenset(self.brief.focus)
        could = sum(not self.pool.out(step) for key in sorted(focus) for step in self.library.activities_of(key))
        return Aim(self.brief, focus, could, {key: each.intensity for key, each in self.library.lessons.items()})

    def frame(self, choice: Choice, minutes: int) -> Frame:
        """What holds for every sequence of a choice at a length."""
        brief = self.brief if minutes == self.brief.minutes else self.brief.model_copy(update={"minutes": minutes})
        return Frame(brief, break_rule(brief), choice.contested)

    def choices(self, minutes: int) -> Iterator[Choice]:
        """The sets of lessons to try, those chosen or some that promise much; remembers the first rule broken."""
        if self.wanted:
            yield from [self.chosen] if self.chosen else []
            return
        try:
            frames = complete(self.pool, ())
        except RuleError as error:
            self.forbidden = self.forbidden or error.problem
            return
        brings = able(self.pool)
        ways = {key: each for key in brings if (each := self.ways(key, threes=False))}
        given = [each for key in frames.lessons if (each := self.ways(key, threes=False))]
        sets = Sets(ways, brings, given, self.frame(frames, minutes), self.aim)
        for wanted in sets.promising(_MOST_PROMISING):
            try:
                yield complete(self.pool, wanted)
            except RuleError as error:
                self.forbidden = self.forbidden or error.problem

    def best(self) -> Found | None:
        """The best plan of the booked minutes; None where there is none for chosen lessons, or none was found."""
        minutes = self.brief.minutes
        if self.problems or break_problem(self.brief, minutes):
            return None
        if self.wanted:
            return self.best_of(self.chosen, minutes) if self.chosen else None
        return self._best_guess(minutes)

    def _best_guess(self, minutes: int) -> Found | None:
        """The best plan of some sets of lessons: the promising ones looked at quickly, the best of them in full."""
        judged = [(self._promise(choice, minutes), choice) for choice in self.choices(minutes)]
        judged = [each for each in judged if each[0] > -math.inf]
        best: Found | None = None
        tried = 0
        for bound, choice in judged:
            score = best.fitted.score if best else -1.0
            if tried >= _MOST_SETS:
                break
            if bound > score + SAME:
                best = self.best_of(choice, minutes, score, _GUESSED) or best
                tried += best is not None
        if best is None:
            plans = (self.best_of(choice, minutes, most_work=_FINAL) for _, choice in judged[:_FEW_SETS])
            return next((found for found in plans if found is not None), None)
        for choice in (best.choice, *(choice for _, choice in judged[:_FINALISTS])):
            best = self.best_of(choice, minutes, best.fitted.score, _FINAL) or best
        return replace(best, gap=1 - best.fitted.score)

    def _promise(self, choice: Choice, minutes: int) -> float:
        """A score that no plan with these lessons is above; minus infinity where there is none."""
        frame = self.frame(choice, minutes)
        if living_problem(self.pool, choice.lessons, minutes) or not self.could_hold(choice, frame):
            return -math.inf
        ways = [self.ways(key, threes=False) for key in choice.lessons]
        return Ways(ways, frame, self.aim).bound(0, ZERO) if all(ways) else -math.inf

    # -------------------------------------------------------- one set of lessons

    def best_of(self, choice: Choice, minutes: int, least: float = -1.0, most_work: int = _CHOSEN) -> Found | None:
        """The best plan with these lessons whose score is above `least`.

        In threes only if it must; in teaching order, else in another; with a break that is wished, else without.
        """
        frame = self.frame(choice, minutes)
        if living_problem(self.pool, choice.lessons, minutes) or not self.could_hold(choice, frame):
            return None
        for threes, orders, tried in product((False, True), self.tiers(choice), frame.tiers()):
            work = Work(most_work)
            fit, bound = self._best_fit(orders, tried, least, work, threes=threes)
            self.spent = self.spent or work.spent
            if fit is not None:
                looked_at_all = self._looked_at_all(choice)
                bound = bound if looked_at_all else self._promise(choice, minutes)
                proved = looked_at_all and not work.spent
                return Found(choice, fit.fitted, frame, 0.0 if proved else max(bound - fit.score, 0.0))
            settle = least < 0 and work.spent and most_work > _GUESSED
            settled = self._settled(orders, choice, tried, threes=threes) if settle else None
            if settled is not None:
                return Found(choice, settled.fitted, frame, max(bound - settled.score, 0.0))
        return None

    def _looked_at_all(self, choice: Choice) -> bool:
        """Whether every order and every way to hold each lesson was among those tried."""
        return choice.all_orders and not any(
            sum(not self.pool.must(step) for step in self.library.activities_of(key)) > _MOST_OPTIONAL
            for key in choice.lessons
        )

    def tiers(self, choice: Choice) -> Iterator[Sequence[tuple[str, ...]]]:
        """The orders to try: those in teaching order, and, where nothing fits in them, the others."""
        taught = [order for order in choice.orders if self._is_taught(order)]
        others = [order for order in choice.orders if not self._is_taught(order)]
        yield from (orders for orders in (taught, others) if orders)

    def _is_taught(self, order: Sequence[str]) -> bool:
        stages = [PHASES.index(self.pool.lesson(key).phase) for key in order]
        return stages == sorted(stages)

    def _best_fit(
        self, orders: Sequence[tuple[str, ...]], frame: Frame, least: float, work: Work, *, threes: bool
    ) -> tuple[Fit | None, float]:
        """The best fit whose score is above `least`, and a score that no fit is above."""
        lessons = orders[0]
        ways = Ways([self.ways(key, threes=threes) for key in lessons], frame, self.aim)
        best: Fit | None = None
        for likely in (True, False) if ways.count > _FEW_WAYS else (False,):
            together = list(ways.likely() if likely else ways.together(least + SAME, work))
            highest = ways.bound(0, ZERO) if work.spent else -math.inf
            if best is None and (len(together) > _MANY_WAYS or work.left < _CHOSEN // 2):
                best = self._first(together, orders, ways, least, work)
                least = best.score if best else least
            found, left = self._best_of_together(together, orders, ways, least, work)
            best, least = (found, found.score) if found else (best, least)
        return best, max(highest, left)

    def _first(
        self,
        together: Iterable[Together],
        orders: Sequence[tuple[str, ...]],
        ways: Ways,
        least: float,
        work: Work,
    ) -> Fit | None:
        """A good fit that is found at once, so that a bound can leave out much: of the best ways the best order."""
        judged = []
        for each in sorted(together, key=lambda each: -each.bound)[:_LOOKED_AT]:
            work.take(NEAREST * len(ways.frame.breaks.counts))
            nearest = ways.nearest(each)
            judged.append((each.bound - ways.lost(nearest, each), _Nearest(each, nearest)))
        best: Fit | None = None
        for bound, held in sorted(judged, key=lambda each: -each[0])[:_TRIED_FIRST]:
            if bound <= least + SAME:
                break
            courses = list(self._courses(orders[:_FEW_ORDERS], held, ways.frame))
            work.take(COURSE * len(courses))
            for course in sorted(courses, key=lambda course: -course.highest)[:1]:
                part = work.part(_PART_FIRST)
                found = course.best(least, part)
                work.take(_PART_FIRST - max(part.left, 0))
                best, least = (found, found.score) if found else (best, least)
        return best

    def _best_of_together(
        self,
        together: Iterable[Together],
        orders: Sequence[tuple[str, ...]],
        ways: Ways,
        least: float,
        work: Work,
    ) -> tuple[Fit | None, float]:
        """The best fit of some ways to put the lessons together whose score is above `least`; a bound on all others.

        Whatever has the highest bound is looked at next: first its minutes, then its orders, then its breaks.
        """
        best: Fit | None = None
        number = counter()
        waiting: list[tuple[float, int, Together | _Nearest | Course]] = []
        for first in together:
            heappush(waiting, (-first.bound, next(number), first))
        while waiting and -waiting[0][0] > least + SAME:
            bound, _, each = heappop(waiting)
            if isinstance(each, Together):
                work.take(NEAREST * len(ways.frame.breaks.counts))
                nearest = ways.nearest(each)
                heappush(waiting, (bound + ways.lost(nearest, each), next(number), _Nearest(each, nearest)))
            elif isinstance(each, _Nearest):
                for course in self._courses(orders, each, ways.frame):
                    work.take(COURSE)
                    heappush(waiting, (max(bound, -course.highest), next(number), course))
            else:
                found = each.best(least, work)
                if found is not None:
                    best, least = found, found.score
            if work.spent:
                return best, max(-bound, -waiting[0][0] if waiting else -math.inf)
        return best, -math.inf

    def _courses(self, orders: Sequence[tuple[str, ...]], held: "_Nearest", frame: Frame) -> Iterator[Course]:
        """The steps in each order, in which every step comes after those that it builds on."""
        ways = dict(zip(orders[0], held.together.ways, strict=True))
        for order in orders:
            steps = tuple(step for key in order for step in ways[key].steps)
            if self.builds(steps):
                yield Course(steps, frame, self.aim, held.nearest)

    def ways(self, key: str, *, threes: bool) -> list[Way]:
        """The ways to hold one lesson: its musts, and any of the others that can be in, the fullest first."""
        if (key, threes) not in self._ways:
            forms: list[list[tuple[Step, ...]]] = []
            for activity in self.library.activities_of(key):
                if not self.pool.out(activity):
                    each: list[tuple[Step, ...]] = [(step,) for step in self._forms(activity, threes=threes)]
                    forms.append(each if self.pool.must(activity) else [*each, ()])
            found = [tuple(step for part in parts for step in part) for parts in product(*_few(forms))]
            able = [steps for steps in found if steps and self.builds(steps, within=key)]
            self._ways[key, threes] = [Way(steps, self.aim) for steps in sorted(able, key=len, reverse=True)]
        return self._ways[key, threes]

    def _forms(self, activity: Activity, *, threes: bool) -> tuple[Step, ...]:
        """The ways to hold an activity; a round in threes only where asked for."""
        shapes = self.pool.shapes[activity.id]
        return tuple(self._steps[shape] for shape in (shapes if threes else shapes[:1]))

    def builds(self, steps: Sequence[Step], within: str | None = None) -> bool:
        """Whether every step comes after those that it builds on (of the lesson `within`, where one is named)."""
        done: set[str] = set()
        for step in steps:
            for before in self.pool.after(step.shape.activity):
                if before not in done and (within is None or before.startswith(f"{within}/")):
                    return False
            done.add(step.shape.id)
        return True

    def _step(self, shape: Shape) -> Step:
        activity = shape.activity
        pin = self.brief.pinned.get(activity.id)
        phase = self.pool.lesson(activity.lesson).phase
        return Step(shape, phase, activity.core, pin.minutes if pin else None)

    # -------------------------------------------------------- what can be filled at all

    def _settled(self, orders: Sequence[tuple[str, ...]], choice: Choice, frame: Frame, *, threes: bool) -> Fit | None:
        """A plain plan, where the work ran out before any was found and there is one."""
        if self.timed:
            return None
        for lessons in orders:
            reach = self.reach(lessons, choice.contested, threes=threes)
            if reach.holds(frame):
                steps, places = reach.settled(frame)
                return Course(steps, frame, self.aim).fit(Seat(places))
        return None

    def holds(self, choice: Choice, minutes: int) -> bool:
        """Whether there is a plan of exactly `minutes` with these lessons, fixed times aside."""
        if break_problem(self.brief, minutes) or living_problem(self.pool, choice.lessons, minutes):
            return False
        frame = self.frame(choice, minutes)
        reaches = (self.reach(lessons, choice.contested, threes=True) for lessons in choice.orders)
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

    def could_hold(self, choice: Choice, frame: Frame) -> bool:
        """Whether the length lies within bounds that hold in any order; quicker to say than what can be filled."""
        least, most = self.bounds(choice, frame)
        stretch, minutes = numbers()["break"]["stretch"], frame.brief.minutes
        for count in frame.breaks.counts:
            breaks = frame.spans(count)
            fewest = least + sum(span[0] for span in breaks)
            if fewest <= minutes <= min(most, (count + 1) * stretch) + sum(span[2] for span in breaks):
                return True
        return False

    def bounds(self, choice: Choice, frame: Frame) -> tuple[int, int]:
        """Bounds in any order, breaks aside: without a change-over, and with one before every step."""
        musts = self.steps(choice.lessons, only_core=True, quick=True)
        steps = self.steps(choice.lessons)
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
            yield Option(
                self._forms(activity, threes=threes), activity.id not in musts, tuple(self.pool.after(activity))
            )

    def steps(self, lessons: Sequence[str], *, only_core: bool = False, quick: bool = False) -> tuple[Step, ...]:
        """All steps that can be in, or only the musts; in their longest shapes, or in their shortest where `quick`."""

        def shape(shapes: Sequence[Shape]) -> Shape:
            return min(shapes, key=lambda shape: shape.least) if quick else max(shapes, key=lambda shape: shape.most)

        return tuple(
            self._steps[shape(self.pool.shapes[activity.id])]
            for key in lessons
            for activity in self.library.activities_of(key)
            if not self.pool.out(activity) and (self.pool.must(activity) or not only_core)
        )


def _few(ways: Sequence[list[tuple[Step, ...]]]) -> list[list[tuple[Step, ...]]]:
    """The same ways with choices taken away from the end until at most 64 combinations are left."""
    ways = list(ways)
    for i in reversed(range(len(ways))):
        if math.prod(map(len, ways)) <= _MOST_WAYS_OF_A_LESSON:
            break
        ways[i] = ways[i][:1]
    return ways
