"""What holds for every way to fill a workshop: its steps, its breaks, its buffer, the floors of the rules."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from builder.model import Brief, Phase
from builder.planner.curves import Curve, curve, near
from builder.planner.numbers import numbers
from builder.planner.shapes import Shape
from builder.problems import Problem


@dataclass(frozen=True, eq=False)
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
    def grouping(self) -> str:
        """How people work."""
        return self.shape.activity.grouping

    @cached_property
    def span(self) -> tuple[int, int, int]:
        """The least, usual and most minutes it may be given."""
        if self.pinned is not None:
            return self.pinned, self.pinned, self.pinned
        return self.shape.least, self.shape.usual, self.shape.most

    @cached_property
    def curve(self) -> Curve:
        """How near to usual each number of its minutes is."""
        return curve(self.span, lambda minutes: near(minutes, self.span))


@dataclass(frozen=True, slots=True)
class BreakRule:
    """How many breaks to try, and how long each may be; where one is `wished`, one is tried before none."""

    counts: tuple[int, ...]
    span: tuple[int, int, int]
    meal: tuple[int, int, int] | None = None
    wished: bool = False

    def spans(self, count: int, meal_at: int) -> list[tuple[int, int, int]]:
        """Least, usual and most minutes of each of `count` breaks; the one at `meal_at` is the meal."""
        return [self.meal if self.meal and i == meal_at else self.span for i in range(count)]


@dataclass(frozen=True)
class Frame:
    """What holds for every sequence of one brief: the length, the buffer, the breaks, the floors of the rules."""

    brief: Brief
    breaks: BreakRule
    contested: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def fixed_breaks(self) -> tuple[tuple[int, int], ...]:
        """The breaks whose times the brief says: minutes from the start, and how long each lasts."""
        return fixed_breaks(self.brief)

    @cached_property
    def starts(self) -> Mapping[str, int]:
        """The activities that must start at a certain time, in minutes from the start."""
        return {key: minute_of(pin.start, self.brief) for key, pin in self.brief.pinned.items() if pin.start}

    @cached_property
    def longest(self) -> int:
        """The most minutes without a break."""
        return int(numbers()["break"]["stretch"])

    @cached_property
    def window(self) -> tuple[int, int] | None:
        """Between which minutes the break must start, where the length asks for it."""
        usual = numbers()["break"]
        at = usual["first_from"], usual["first_to"]
        return at if self.brief.minutes == usual["needed_from"] else None

    @cached_property
    def may_dine(self) -> bool:
        """Whether a break may be the meal: none whose time the brief says is longer than a break."""
        return all(minutes <= self.breaks.span[2] for _, minutes in self.fixed_breaks)

    def spans(self, count: int) -> tuple[tuple[int, int, int], ...]:
        """Least, usual and most of so many breaks in any order, those of the brief first."""
        fixed = tuple((minutes,) * 3 for _, minutes in self.fixed_breaks)
        return (*fixed, *self.breaks.spans(count - len(fixed), 0 if self.may_dine else -1))

    def tiers(self) -> "tuple[Frame, ...]":
        """The same, or, where a break is wished, with one and then without any."""
        if not self.breaks.wished:
            return (self,)
        return tuple(replace(self, breaks=replace(self.breaks, counts=(count,))) for count in self.breaks.counts)

    def floors(self, steps: Sequence[Step]) -> list[tuple[range, int]]:
        """Runs of steps that must together reach so many minutes."""
        return floors_of(steps, self)

    @cached_property
    def buffer(self) -> tuple[int, int, int]:
        """Least, ideal and most minutes of the buffer: 5 and 15 % of the session and the share aimed at, rounded up."""
        usual, minutes = numbers()["buffer"], self.brief.minutes
        least, most = (math.ceil(minutes * usual[key] / 100) for key in ("least_percent", "most_percent"))
        return least, min(max(math.ceil(minutes * self.brief.buffer_percent / 100), least), most), most

    def buffer_worth(self, minutes: int) -> float:
        """How near to its aim so many minutes of buffer are."""
        least, ideal, most = self.buffer
        room = max(ideal - least, most - ideal)
        return 1 - abs(minutes - ideal) / room if room else 1.0

    def buffer_curve(self, weight: float) -> Curve:
        """How near to its aim each number of the buffer's minutes is, times `weight`."""
        return curve(self.buffer, lambda minutes: weight * self.buffer_worth(minutes))

    @cached_property
    def opening(self) -> int:
        """The least minutes of the opening."""
        return int(numbers()["frame"]["opening_contested" if self.contested else "opening"])

    @cached_property
    def closing(self) -> int:
        """The least minutes of the closing."""
        return int(numbers()["frame"]["closing"])


def minute_of(clock: str, brief: Brief) -> int:
    """Minutes from the start of the workshop to a time of day; a time before the start is on the next day."""
    hours, minutes = clock.split(":")
    return (int(hours) * 60 + int(minutes) - brief.start_minute) % (24 * 60)


def has_times(brief: Brief) -> bool:
    """Whether the brief says when something starts."""
    return bool(brief.breaks) or any(pin.start for pin in brief.pinned.values())


def fixed_breaks(brief: Brief) -> tuple[tuple[int, int], ...]:
    """The breaks whose times the brief says, in their order: minutes from the start, and how long each lasts."""
    return tuple(sorted((minute_of(each.at, brief), each.minutes) for each in brief.breaks))


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
    counts = tuple(count for count in counts if count >= len(brief.breaks)) or (len(brief.breaks),)
    if brief.break_minutes != "auto":
        return _said(int(brief.break_minutes), counts, needed, span, meal)
    return BreakRule(counts, span, meal)


def break_problem(brief: Brief, minutes: int) -> Problem | None:
    """Why breaks cannot have the length or the time that the brief names in a session of so many minutes, or None."""
    usual, said = numbers()["break"], brief.break_minutes
    least = usual["least_long"] if minutes > usual["long_from"] else usual["least"]
    most = usual["one_of_up_to"] if minutes >= usual["meal_from"] else usual["most"]
    if said != "auto" and (said or minutes >= usual["needed_from"]) and not least <= int(said) <= most:
        return _length_problem(f"a break of {said} minutes", int(said), minutes, (least, most), "break_minutes")
    fixed = fixed_breaks(brief)
    for at, length in fixed:
        if not least <= length <= most:
            return _length_problem(f"the break at {brief.clock(at)}", length, minutes, (least, most), "minutes")
    if sum(length > usual["most"] for _, length in fixed) > 1:
        message = f"only one break may be longer than {usual['most']} minutes."
        return Problem("break", message, hint="Make the others shorter.")
    if fixed and minutes == usual["needed_from"] and not usual["first_from"] <= fixed[0][0] <= usual["first_to"]:
        window = brief.clock(usual["first_from"]), brief.clock(usual["first_to"])
        message = f"the break at {brief.clock(fixed[0][0])}: in {minutes} minutes it starts {window[0]} to {window[1]}."
        return Problem("break", message, hint="Move the break, or book another length.")
    return None


def _length_problem(name: str, said: int, minutes: int, allowed: tuple[int, int], key: str) -> Problem:
    least, most = allowed
    away = f"{least - said} more" if said < least else f"{said - most} fewer"
    message = f"{name} lasts {said}: in {minutes} minutes a break lasts {least} to {most}."
    if key == "break_minutes":
        message = f"{name}: in {minutes} minutes a break lasts {least} to {most}."
        return Problem("break", message, hint=f"Give break_minutes {away}, or leave it at auto.")
    return Problem("break", message, hint=f"Give it {away} minute{'' if away.startswith('1 ') else 's'}.")


def _said(
    said: int, counts: tuple[int, ...], needed: int, span: tuple[int, int, int], meal: tuple[int, int, int] | None
) -> BreakRule:
    """The breaks where the brief names their length: all of them, or the meal where it is longer than a break."""
    if said == 0 and not needed:
        return BreakRule((0,), span)
    wished = not needed and counts == (0, 1)
    counts = (1, 0) if wished else counts
    if said > span[2] and meal is not None and said <= meal[2]:
        return BreakRule(counts, span, (said, said, said), wished=wished)
    exact = (said, said, said) if span[0] <= said <= span[2] else (1, 0, 0)
    return BreakRule(counts, exact, wished=wished)


def floors_of(steps: Sequence[Step], frame: Frame) -> list[tuple[range, int]]:
    """Runs of steps that must together reach so many minutes: opening, closing, and after the last contested case."""
    opening = sum(step.phase == "opening" for step in steps)
    closing_at = sum(step.phase != "closing" for step in steps)
    floors = [(range(opening), frame.opening), (range(closing_at, len(steps)), frame.closing)]
    last = max((i for i, step in enumerate(steps) if step.lesson in frame.contested), default=None)
    if last is not None:
        floors.append((range(last + 1, closing_at), int(numbers()["contested"]["after"])))
    return floors


# ------------------------------------------------------------ how long the breaks are


def break_worth(minutes: int, span: tuple[int, int, int]) -> float:
    """How near to usual a break is, less where it is not a round number of minutes."""
    rules = numbers()["preferences"]
    return max(near(minutes, span) - (rules["not_round"] if minutes % rules["round"] else 0), 0.0)


@lru_cache(maxsize=256)
def break_lengths(spans: tuple[tuple[int, int, int], ...]) -> dict[int, tuple[float, tuple[int, ...]]]:
    """For each sum of minutes of some breaks: how good they can be together, and how long each then is."""
    found: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for span in spans:
        following: dict[int, tuple[float, tuple[int, ...]]] = {}
        for total, (worth, lengths) in found.items():
            for minutes in range(span[0], span[2] + 1):
                better = worth + break_worth(minutes, span)
                if total + minutes not in following or better > following[total + minutes][0] + 1e-9:
                    following[total + minutes] = better, (*lengths, minutes)
        found = following
    return found
