"""How good a plan is: every preference as a number from 0 to 1, by the formulas in docs/planning.md."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from builder.model import FRAME, Brief
from builder.planner.frame import Step
from builder.planner.numbers import numbers
from builder.planner.shapes import MOVING

_INTERACTION = {"active": 1.0, "expository": 0.0}
_BUILD = {"solo": 0, "pairs": 1, "threes": 2, "small groups": 3, "plenary": 4}


@dataclass(frozen=True)
class Aim:
    """What the preferences ask of the plans of one brief.

    `focus` are the lessons in focus, `could` says how many of their steps could be held, `intensity` is each lesson's.
    """

    brief: Brief
    focus: frozenset[str] = frozenset()
    could: int = 0
    intensity: Mapping[str, int] = field(default_factory=dict)

    @property
    def stretch(self) -> int:
        """The minutes between breaks up to which nothing is amiss."""
        return int(numbers()["preferences"]["stretch_online" if self.brief.remote else "stretch"])


def total(fulfilments: Mapping[str, float]) -> float:
    """The sum of weight × fulfilment of some preferences, as a share of the sum of all weights."""
    weights = numbers()["weights"]
    return float(sum(weights[name] * value for name, value in fulfilments.items()) / sum(weights.values()))


@lru_cache(maxsize=64)
def worth(name: str) -> float:
    """What a preference adds to the score where it is fulfilled."""
    return total({name: 1.0})


# ------------------------------------------------------------ which steps, in which order


def of_steps(steps: Sequence[Step], aim: Aim) -> dict[str, float]:
    """The preferences that only the steps and their order decide."""
    changes = [before.grouping != after.grouping for before, after in pairwise(steps)]
    moves = sum(changed and step.grouping in MOVING for changed, step in zip(changes, steps[1:], strict=True))
    return {
        "focus": in_focus(sum(step.lesson in aim.focus for step in steps), aim),
        "interactive": interactive(sum(map(interactive_surplus, steps)), sum(step.span[1] for step in steps)),
        "debriefs": debriefs(sum(map(debrief_surplus, steps)), sum(map(content_minutes, steps))),
        "alternate": share(sum(changes), len(changes)),
        "practice": _practice(steps),
        "lessons": lessons(len({step.lesson for step in steps if step.phase not in FRAME}), aim.brief.minutes),
        "middle": _middle(steps, aim),
        "build": share(*building(steps)),
        "regroup": 1 - moves / len(steps),
    }


def share(part: float, whole: float) -> float:
    """A part of a whole; 1 where there is nothing to measure."""
    return part / whole if whole else 1.0


def in_focus(steps: int, aim: Aim) -> float:
    """The share of the steps in focus that are in."""
    return share(steps, aim.could)


def interactive_surplus(step: Step) -> float:
    """By how much a step's interactive minutes are above the share that is wanted."""
    rules = numbers()["preferences"]
    each = _INTERACTION.get(step.shape.activity.interaction, rules["mixed"])
    return float((each - rules["interactive_share"]) * step.span[1])


def interactive(surplus: float, minutes: float) -> float:
    """How far the share of interactive minutes is reached, from the surpluses and the usual minutes of all steps."""
    return min(1.0, 1 + surplus / float(numbers()["preferences"]["interactive_share"] * minutes))


def content_minutes(step: Step) -> int:
    """The usual minutes of a step of the content."""
    return 0 if step.phase in FRAME else step.span[1]


def debrief_surplus(step: Step) -> float:
    """By how much the debrief of a step of the content is above the share that is wanted."""
    if step.phase in FRAME:
        return 0.0
    return float(step.shape.activity.debrief - numbers()["preferences"]["debrief_share"] * step.span[1])


def debriefs(surplus: float, minutes: float) -> float:
    """How far the share of debriefs is reached, from the surpluses and the usual minutes of the content."""
    return min(1.0, 1 + surplus / float(numbers()["preferences"]["debrief_share"] * minutes)) if minutes else 1.0


def lessons(count: int, minutes: int) -> float:
    """Whether there are neither too few nor too many content lessons for so many minutes."""
    rules = numbers()["preferences"]
    most = max(rules["lessons_most"], minutes // rules["lesson_each"])
    away = max(rules["lessons_least"] - count, count - most, 0)
    return (1.0, 0.5)[away] if away < 2 else 0.0


def practice(phases: Sequence[str]) -> float:
    """Whether the lessons of these phases end with practice before the closing; half where it comes earlier."""
    content = [phase for phase in phases if phase not in FRAME]
    return 1.0 if content and content[-1] == "practice" else 0.5 if "practice" in content else 0.0


def _practice(steps: Sequence[Step]) -> float:
    return practice([step.phase for step in steps])


def _middle(steps: Sequence[Step], aim: Aim) -> float:
    heaviest = max((aim.intensity.get(step.lesson, 0) for step in steps), default=0)
    if heaviest == 0:
        return 1.0
    whole = sum(step.span[1] for step in steps)
    inside = heavy = done = 0
    for step in steps:
        minutes = step.span[1]
        if aim.intensity.get(step.lesson, 0) == heaviest:
            heavy += minutes
            inside += minutes if whole <= 3 * (done + minutes / 2) <= 2 * whole else 0
        done += minutes
    return share(inside, heavy)


def building(steps: Sequence[Step]) -> tuple[int, int]:
    """Of all neighbours within a lesson: how many stay or go on from alone to all, and how many there are."""
    pairs = [(a.grouping, b.grouping) for a, b in pairwise(steps) if a.lesson == b.lesson]
    return sum(a == "plenary" or _BUILD[b] >= _BUILD[a] for a, b in pairs), len(pairs)


# ------------------------------------------------------------ where the breaks are


def of_places(steps: Sequence[Step], places: Collection[int]) -> dict[str, float]:
    """The preferences that the places of the breaks decide: before which steps they stand."""
    return {
        "plenary": plenary(longest_talk(steps, places)),
        "breaks": share(sum(break_place(steps, at) for at in places), len(places)),
    }


def longest_talk(steps: Sequence[Step], places: Collection[int]) -> int:
    """The longest run of plenary steps that are not active, in usual minutes; a break parts it."""
    longest = run = 0
    for i, step in enumerate(steps):
        talk = step.grouping == "plenary" and step.shape.activity.interaction != "active"
        run = (0 if i in places else run) + step.span[1] if talk else 0
        longest = max(longest, run)
    return longest


def plenary(longest: int) -> float:
    """How good it is that the longest talk lasts so many minutes."""
    rules = numbers()["preferences"]
    return _falling(longest, rules["plenary"], rules["plenary_most"])


def break_place(steps: Sequence[Step], at: int) -> float:
    """How good a break before the step at `at` is: between two lessons, inside one, or in opening or closing."""
    before, after = steps[at - 1], steps[at]
    if after.phase == "closing" or (after.phase == "opening" and before.phase == "opening"):
        return 0.0
    return 0.5 if before.lesson == after.lesson else 1.0


def _falling(value: float, good: float, bad: float) -> float:
    """1 up to `good`, 0 from `bad` on, and falling in between."""
    return min(1.0, max(0.0, (bad - value) / (bad - good)))


# ------------------------------------------------------------ how long


def stretch(longest: int, aim: Aim) -> float:
    """How good it is that the longest stretch between breaks lasts so many minutes."""
    return _falling(longest, aim.stretch, numbers()["break"]["stretch"])
