"""Every preference of the planner, measured on a finished plan.

Written from the table in `docs/planning.md` alone, apart from the planner's own code, so that a mistake
there is not repeated here. Nothing is imported from `builder.planner`, and its numbers are written out again.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from rules import MOVING, Held, effective_minutes, usual_variant, wrong_people

from builder.model import Activity, Brief, Lesson, Library, Minutes, Plan, Slot

WEIGHTS = {
    "focus": 4,
    "interactive": 3,
    "stretch": 3,
    "buffer": 3,
    "debriefs": 3,
    "plenary": 2,
    "alternate": 2,
    "practice": 2,
    "typical": 2,
    "lessons": 2,
    "middle": 1,
    "build": 1,
    "regroup": 1,
    "breaks": 1,
}
BUILDING = ("solo", "pairs", "threes", "small groups", "plenary")
ACTIVE = {"active": 1.0, "mixed": 0.5, "expository": 0.0}
ROUND_LESS = 0.2
Span = tuple[int, int, int]


def score(plan: Plan, library: Library) -> float:
    """The sum of weight × fulfilment over all preferences, divided by the sum of the weights."""
    found = fulfilments(plan, library)
    return sum(weight * found[name] for name, weight in WEIGHTS.items()) / sum(WEIGHTS.values())


def fulfilments(plan: Plan, library: Library) -> dict[str, float]:
    """The fulfilment of each preference, from 0 to 1, by its name."""
    scored = Scored(plan, library)
    return {name: FORMULAS[name](scored) for name in WEIGHTS}


# ------------------------------------------------------------ what the formulas ask about


@dataclass(frozen=True)
class Step:
    """A step of the agenda: its lesson, its form, the minutes it is given, and those it takes."""

    lesson: Lesson
    form: Activity
    minutes: int
    span: Span

    @property
    def usual(self) -> int:
        """Its usual minutes here."""
        return self.span[1]

    @property
    def content(self) -> bool:
        """Whether it is neither of the opening nor of the closing."""
        return self.lesson.phase not in ("opening", "closing")

    @property
    def moves(self) -> bool:
        """Whether people work in pairs, threes or small groups."""
        return self.form.grouping in MOVING


@dataclass(frozen=True)
class Scored(Held):
    """A plan with what several formulas ask about it."""

    @cached_property
    def in_order(self) -> Sequence[Step]:
        """The steps, in order."""
        return [
            Step(lesson, slot.activity, slot.minutes, step_span(slot.activity, self.brief))
            for slot, lesson in zip(self.steps, self.lessons, strict=True)
            if slot.activity is not None
        ]

    @cached_property
    def neighbours(self) -> Sequence[tuple[Step, Step]]:
        """The steps that follow one another, whatever pause stands between them."""
        return list(pairwise(self.in_order))

    @cached_property
    def pauses(self) -> Sequence[tuple[int, Slot]]:
        """The breaks, each with how many steps come before it."""
        found, before = [], 0
        for slot in self.slots:
            before += slot.activity is not None
            if slot.kind == "break":
                found.append((before, slot))
        return found

    @cached_property
    def parted(self) -> frozenset[int]:
        """How many steps come before each break."""
        return frozenset(before for before, _ in self.pauses)

    @cached_property
    def usual(self) -> int:
        """The usual minutes of all steps."""
        return sum(step.usual for step in self.in_order)

    @cached_property
    def content(self) -> Sequence[Step]:
        """The steps that are neither of the opening nor of the closing."""
        return [step for step in self.in_order if step.content]

    @cached_property
    def usual_before(self) -> Sequence[int]:
        """The usual minutes of all steps before each one, and before the end."""
        return [sum(step.usual for step in self.in_order[:place]) for place in range(len(self.in_order) + 1)]


def step_span(form: Activity, brief: Brief) -> Span:
    """Least, usual and most minutes of a step in this workshop; pinned minutes are all three."""
    pin = brief.pinned.get(form.id)
    if pin is not None and pin.minutes is not None:
        return pin.minutes, pin.minutes, pin.minutes
    least, most = effective_minutes(form, brief)
    typical = form.minutes.typical
    usual, _ = effective_minutes(form.model_copy(update={"minutes": same(typical)}), brief)
    return least, usual, most


def same(minutes: int) -> Minutes:
    """The same minutes at the least, usually and at the most."""
    return Minutes(min=minutes, typical=minutes, max=minutes)


def forms(activity: Activity, brief: Brief) -> list[tuple[str | None, Activity]]:
    """The ways in which a step can be held here, as it was written first; none where it is left out."""
    names = (usual_variant(activity, brief), *({"threes"} & set(activity.variants)))
    found = [(name, activity if name is None else activity.varied(name)) for name in names]
    pin = brief.pinned.get(activity.id)
    exact = pin.minutes if pin is not None else None
    return [
        (name, form)
        for name, form in found
        if activity.id not in brief.leave_out
        and not set(form.excludes) & set(brief.access) - {name}
        and not list(wrong_people(form, brief))
        and (exact is None or effective_minutes(form, brief)[0] <= exact <= effective_minutes(form, brief)[1])
    ]


def ratio(part: float, whole: float) -> float:
    """`part` ÷ `whole`, at most 1; 1 where there is nothing to measure."""
    return min(part / whole, 1.0) if whole else 1.0


def falling(value: float, full: float, none: float) -> float:
    """1 up to `full`, from there down to 0 at `none`."""
    return min(max((none - value) / (none - full), 0.0), 1.0)


def mean(values: Iterable[float]) -> float:
    """Their mean; 1 where there is none."""
    listed = list(values)
    return sum(listed) / len(listed) if listed else 1.0


# ------------------------------------------------------------ the formulas, in the order of the table


def focus(scored: Scored) -> float:
    """The steps of the lessons in focus that are in ÷ those that could be held."""
    steps = [step for key in scored.brief.focus for step in scored.library.activities_of(key)]
    able = [step.id for step in steps if forms(step, scored.brief)]
    return ratio(sum(key in scored.ids for key in able), len(able))


def interactive(scored: Scored) -> float:
    """The share of usual minutes in which people do more than listen ÷ 0.6."""
    done = sum(ACTIVE[step.form.interaction] * step.usual for step in scored.in_order)
    return ratio(done, 0.6 * scored.usual)


def stretch(scored: Scored) -> float:
    """The longest stretch between breaks: 1 up to 60 minutes in a room and 45 online, down to 0 at 90."""
    edges = [0, *(edge for _, slot in scored.pauses for edge in (slot.start, slot.end)), scored.brief.minutes]
    longest = max(end - start for start, end in zip(edges[::2], edges[1::2], strict=True))
    return falling(longest, 60 if scored.brief.mode == "in-person" else 45, 90)


def buffer(scored: Scored) -> float:
    """1 − the minutes away from the aim ÷ the larger distance from the aim to an end of what is allowed."""
    least, aim, most = buffer_span(scored.brief)
    minutes = sum(slot.minutes for slot in scored.slots if slot.kind == "buffer")
    return 1 - abs(minutes - aim) / (max(aim - least, most - aim) or 1)


def buffer_span(brief: Brief) -> Span:
    """The least minutes of the buffer, those aimed at, and the most: shares of the session, rounded up."""
    least, aim, most = (math.ceil(brief.minutes * share / 100) for share in (5, brief.buffer_percent, 15))
    return least, min(max(aim, least), most), most


def debriefs(scored: Scored) -> float:
    """The debrief minutes of content ÷ the usual minutes of content ÷ 0.2."""
    return ratio(sum(step.form.debrief for step in scored.content), 0.2 * sum(step.usual for step in scored.content))


def plenary(scored: Scored) -> float:
    """The longest run of plenary steps that are not active, parted by breaks: 1 up to 10, down to 0 at 30."""
    longest = run = 0
    for place, step in enumerate(scored.in_order):
        run = 0 if place in scored.parted else run
        run = run + step.usual if listens(step.form) else 0
        longest = max(longest, run)
    return falling(longest, 10, 30)


def listens(form: Activity) -> bool:
    """Whether a step is held with all together, who are not active."""
    return form.grouping == "plenary" and form.interaction != "active"


def alternate(scored: Scored) -> float:
    """The share of neighbours whose grouping differs."""
    return mean(float(one.form.grouping != other.form.grouping) for one, other in scored.neighbours)


def practice(scored: Scored) -> float:
    """1 where the last lesson before the closing is a practice lesson, ½ where one comes earlier, else 0."""
    phases = [step.lesson.phase for step in scored.in_order if step.lesson.phase != "closing"]
    if phases[-1:] == ["practice"]:
        return 1.0
    return 0.5 if "practice" in phases else 0.0


def typical(scored: Scored) -> float:
    """The mean over steps and breaks of how near they are to their usual minutes."""
    steps = [nearness(step.minutes, step.span) for step in scored.in_order]
    spans = break_spans(scored.brief, [scored.usual_before[place] for place, _ in scored.pauses], scored.usual)
    pauses = [break_nearness(slot.minutes, span) for (_, slot), span in zip(scored.pauses, spans, strict=True)]
    return mean([*steps, *pauses])


def nearness(minutes: int, span: Span) -> float:
    """1 − (away ÷ room)²."""
    least, usual, most = span
    room = usual - least if minutes < usual else most - usual
    return 1 - (abs(minutes - usual) / room) ** 2 if minutes != usual else 1.0


def break_nearness(minutes: int, span: Span) -> float:
    """The same for a break, 0.2 less where it is not a multiple of five minutes, and at least 0."""
    return max(nearness(minutes, span) - (ROUND_LESS if minutes % 5 else 0), 0.0)


def break_spans(brief: Brief, usual_before: Sequence[int], usual: int) -> list[Span]:
    """Least, usual and most minutes of each break, by the usual minutes before it; one may be a meal."""
    plain, meal = break_kinds(brief)
    at = meal_at(usual_before, usual)
    return [meal if meal and place == at else plain for place in range(len(usual_before))]


def meal_at(usual_before: Sequence[int], usual: int) -> int | None:
    """Which break is the meal where there is one: the nearest to the middle, the first of two equally near."""
    middles = [abs(2 * before - usual) for before in usual_before]
    return middles.index(min(middles)) if middles else None


def break_kinds(brief: Brief) -> tuple[Span, Span | None]:
    """Least, usual and most minutes of a break, and of the meal where there is one; a length said is all three."""
    least = 10 if brief.minutes > 120 else 5
    plain, meal = (least, 10, 20), (least, 40, 60) if brief.minutes >= 240 else None
    said = brief.break_minutes
    if said == "auto":
        return plain, meal
    if said > 20:
        return plain, (said, said, said)
    return (said, said, said), (said, said, said) if meal else None


def lessons(scored: Scored) -> float:
    """1 where there are two to three content lessons, or to one in 40 minutes; ½ where it is one away from that."""
    return lessons_fulfilment(len({step.lesson.id for step in scored.content}), scored.brief)


def lessons_fulfilment(count: int, brief: Brief) -> float:
    """The same for a count of content lessons."""
    most = max(3, brief.minutes // 40)
    away = max(2 - count, count - most, 0)
    return {0: 1.0, 1: 0.5}.get(away, 0.0)


def middle(scored: Scored) -> float:
    """Of the lessons of the highest intensity: the share of usual minutes in steps in the middle third."""
    highest = max((step.lesson.intensity for step in scored.in_order), default=0)
    if highest == 0:
        return 1.0
    heavy = inside = 0
    for step, before in zip(scored.in_order, scored.usual_before, strict=False):
        if step.lesson.intensity == highest:
            heavy += step.usual
            inside += step.usual if 2 * scored.usual <= 6 * before + 3 * step.usual <= 4 * scored.usual else 0
    return ratio(inside, heavy)


def build(scored: Scored) -> float:
    """The share of neighbours of one lesson that build up from alone to all, or come after a plenary."""
    within = [(a.form.grouping, b.form.grouping) for a, b in scored.neighbours if a.lesson.id == b.lesson.id]
    return mean(float(builds_up(one, other)) for one, other in within)


def builds_up(one: str, other: str) -> bool:
    """Whether a grouping may follow another one on the way from alone to all."""
    return one == "plenary" or BUILDING.index(other) >= BUILDING.index(one)


def regroup(scored: Scored) -> float:
    """1 − steps in pairs, threes or small groups whose grouping differs from the step before ÷ steps."""
    moved = sum(other.moves and one.form.grouping != other.form.grouping for one, other in scored.neighbours)
    return 1 - moved / len(scored.in_order)


def breaks(scored: Scored) -> float:
    """The mean over breaks: 1 between two lessons, ½ inside one, 0 inside opening or closing or before the closing."""
    around = [(scored.in_order[place - 1].lesson, scored.in_order[place].lesson) for place in sorted(scored.parted)]
    return mean(break_place(before, after) for before, after in around)


def break_place(before: Lesson, after: Lesson) -> float:
    """What a break between these lessons is worth."""
    if after.phase == "closing" or (before.phase == after.phase == "opening"):
        return 0.0
    return 0.5 if before.id == after.id else 1.0


FORMULAS: Mapping[str, Callable[[Scored], float]] = {
    "focus": focus,
    "interactive": interactive,
    "stretch": stretch,
    "buffer": buffer,
    "debriefs": debriefs,
    "plenary": plenary,
    "alternate": alternate,
    "practice": practice,
    "typical": typical,
    "lessons": lessons,
    "middle": middle,
    "build": build,
    "regroup": regroup,
    "breaks": breaks,
}
