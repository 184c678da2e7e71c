"""A planned day with what the planner knows of its steps, and what is left of it from one moment on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from builder.model import Activity, Brief, Library, Plan, Slot
from builder.planner.curves import Curve, curve, near
from builder.planner.frame import Frame, Step, break_rule, fixed_breaks
from builder.planner.minutes import Entry, Limits, best_share, fixed, given, parts_of, spans_of
from builder.planner.numbers import numbers
from builder.planner.score import Aim
from builder.planner.shapes import change_over, shapes

Span = tuple[int, int, int]
"""Least, wished and most minutes."""


@dataclass(frozen=True, eq=False)
class Day:
    """A plan with its library, and the planner's view of each of its steps."""

    plan: Plan
    library: Library

    @property
    def brief(self) -> Brief:
        """What was asked for."""
        return self.plan.brief

    @property
    def slots(self) -> Sequence[Slot]:
        """Everything in the agenda, in order."""
        return self.plan.agenda.slots

    @cached_property
    def end(self) -> int:
        """The minute at which the workshop is to end."""
        return self.plan.agenda.minutes

    @cached_property
    def frame(self) -> Frame:
        """What the planner holds for this brief."""
        return Frame(self.brief, break_rule(self.brief), self.contested)

    @cached_property
    def contested(self) -> frozenset[str]:
        """The lessons whose case is contested."""
        lessons = (self.library.lessons[key] for key in self.plan.agenda.lessons)
        return frozenset(each.id for each in lessons if each.deck and self._is_contested(each.deck))

    def _is_contested(self, deck: str) -> bool:
        return deck in self.plan.cards and self.library.cards[self.plan.cards[deck]].contested

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """The step of each activity in the agenda, by id, in the form in which it is held."""
        return {slot.activity.id: self._step(slot, slot.activity) for slot in self.plan.agenda.steps if slot.activity}

    def _step(self, slot: Slot, activity: Activity) -> Step:
        forms, _ = shapes(self.library.activities[activity.id], self.brief)
        shape = next(form for form in forms if form.variant == slot.variant)
        pin = self.brief.pinned.get(activity.id)
        return Step(shape, self.library.lessons[activity.lesson].phase, activity.core, slot.minutes if pin else None)

    def step(self, slot: Slot) -> Step:
        """The step of a slot that is an activity."""
        assert slot.activity is not None  # noqa: S101 - asked of activities only
        return self.steps[slot.activity.id]

    @cached_property
    def aim(self) -> Aim:
        """What the planner's preferences ask, to weigh one lesson against another."""
        focus = frozenset(self.brief.focus)
        could = sum(step.lesson in focus for step in self.steps.values())
        return Aim(self.brief, focus, could, {key: each.intensity for key, each in self.library.lessons.items()})

    def is_fixed(self, slot: Slot) -> bool:
        """Whether the brief says at what time a slot starts."""
        if slot.activity is not None:
            return slot.activity.id in self.frame.starts
        return slot.kind == "break" and slot.start in {start for start, _ in fixed_breaks(self.brief)}


@dataclass(frozen=True, eq=False)
class Rest:
    """What is left of a day after its slot at `index`, up to `until`: the end, or a time that the brief fixes.

    `ahead` are steps and breaks that can still be changed, `later` those from the fixed time on.
    """

    day: Day
    index: int
    fixed_at: int | None = None

    @property
    def at(self) -> int:
        """The minute at which it is planned to begin."""
        return self.day.slots[self.index].end

    @cached_property
    def until(self) -> int:
        """The minute up to which its slots can be changed."""
        return self.day.end if self.fixed_at is None else self.day.slots[self.fixed_at].start

    @cached_property
    def done(self) -> Sequence[Slot]:
        """The steps and breaks before it."""
        return _held(self.day.slots[: self.index + 1])

    @cached_property
    def ahead(self) -> Sequence[Slot]:
        """Its steps and breaks."""
        return _held(self.day.slots[self.index + 1 : self.fixed_at])

    @cached_property
    def later(self) -> Sequence[Slot]:
        """Everything from the fixed time on."""
        return () if self.fixed_at is None else self.day.slots[self.fixed_at :]

    @cached_property
    def buffer(self) -> int:
        """The minutes that are kept free in it."""
        return sum(slot.minutes for slot in self.day.slots[self.index + 1 : self.fixed_at] if slot.kind == "buffer")

    @cached_property
    def sitting(self) -> int:
        """The minutes since the last break."""
        return self.at - max((slot.end for slot in self.done if slot.kind == "break"), default=0)

    @cached_property
    def longest(self) -> int:
        """The most minutes without a break."""
        return self.day.frame.longest

    def moves(self, kept: Sequence[Slot]) -> Iterator[int]:
        """The minutes of the change-over before each of these slots."""
        last = self.done[-1].activity if self.done else None
        for slot in kept:
            yield change_over(last, slot.activity, self.day.brief) if slot.activity else 0
            last = slot.activity

    # -------------------------------------------------------- filling it

    def filled(
        self, kept: Sequence[Slot], spans: Sequence[Span], buffer: Span, late: int, over: int = 0
    ) -> tuple[Slot, ...] | None:
        """The slots that fill what is left `late` minutes later, each within its span; None where no minutes do.

        The planner's own fitting: exact, nearest to what is wished, no stretch above the longest. `over` is by how
        many minutes the end may be missed.
        """
        laid = list(self._laid(kept, spans, buffer))
        entries = [entry for entry, _ in laid]
        start = self.at + late
        first = self.longest if kept and kept[0].kind == "break" else self.longest - self.sitting - late
        limits = Limits(self.longest, (0, first))
        parts = parts_of(entries, {}, limits) if first >= 0 else None
        if parts is None:
            return None
        days = list(spans_of(entries, parts, self.until + over - start))
        share = best_share(entries, days, limits)
        if share is None:
            return None
        minutes = given(entries, days, share, {}, limits)
        return tuple(_placed([slot for _, slot in laid], minutes, start)) + tuple(self.later)

    def _laid(self, kept: Sequence[Slot], spans: Sequence[Span], buffer: Span) -> Iterator[tuple[Entry, Slot]]:
        """An entry for the planner's fitting and the slot that it becomes, in order."""
        free = (Entry("buffer", _curve(buffer)), self._buffer_slot) if buffer[2] else None
        for slot, span, move in zip(kept, spans, self.moves(kept), strict=True):
            if slot.activity is None:
                yield Entry("break", fixed(0), span=span), slot
                continue
            if free is not None and self.day.step(slot).phase == "closing":
                yield free
                free = None
            if move:
                yield Entry("transition", fixed(move)), _move(slot.activity)
            yield Entry("activity", _curve(span), 0), slot
        if free is not None:
            yield free

    @cached_property
    def _buffer_slot(self) -> Slot:
        reason = "what the day has left of the time kept free"
        return Slot(kind="buffer", start=0, minutes=0, title="Buffer", reason=reason)


def rests(day: Day, index: int) -> list[Rest]:
    """What is left after a slot: up to the next time that the brief fixes; then, should that not hold, all of it."""
    fixed_at = next((i for i in range(index + 1, len(day.slots)) if day.is_fixed(day.slots[i])), None)
    bounded = [Rest(day, index, fixed_at)] if fixed_at is not None else []
    return [*bounded, Rest(day, index)]


def grown(slot: Slot, wished: int, day: Day) -> Span:
    """What a slot can be given when minutes become free: no less than wished, and up to its most."""
    if slot.activity is not None:
        _, usual, most = day.step(slot).span
        return wished, max(wished, usual), max(wished, most)
    rule = day.frame.breaks
    said = day.brief.break_minutes != "auto"
    most = rule.meal[2] if rule.meal and wished > rule.span[2] else rule.span[2]
    return wished, wished, wished if said else max(wished, most)


def after_the_case(rest: Rest, kept: Sequence[Slot]) -> tuple[list[Slot], int]:
    """The slots between the last contested case and the closing, and the minutes that they must reach together."""
    whole = [slot for slot in (*rest.done, *kept, *rest.later) if slot.activity is not None]
    cases = [i for i, slot in enumerate(whole) if slot.activity and slot.activity.lesson in rest.day.contested]
    if not cases:
        return [], 0
    inside = [slot for slot in whole[cases[-1] + 1 :] if rest.day.step(slot).phase != "closing"]
    return inside, int(numbers()["contested"]["after"])


def _held(slots: Sequence[Slot]) -> Sequence[Slot]:
    return [slot for slot in slots if slot.kind in ("activity", "break")]


def _curve(span: Span) -> Curve:
    return curve(span, lambda minutes: near(minutes, span))


def _move(activity: Activity) -> Slot:
    return Slot(kind="transition", start=0, minutes=0, title="Change-over", reason=f"moving into {activity.grouping}")


def _placed(slots: Sequence[Slot], minutes: Sequence[int], start: int) -> Iterator[Slot]:
    """The slots with their minutes, one after the other."""
    for slot, length in zip(slots, minutes, strict=True):
        if length:
            yield slot.model_copy(update={"start": start, "minutes": length})
        start += length
