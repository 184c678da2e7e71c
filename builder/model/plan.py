"""The plan: an agenda of slots whose whole minutes sum to the booked time, with its reasons."""

from collections.abc import Mapping

from builder.model.brief import Brief
from builder.model.fields import Frozen, SlotKind, VariantName
from builder.model.lessons import Activity


class Slot(Frozen):
    """One entry of an agenda: starts `start` minutes after the workshop does and lasts `minutes` whole minutes."""

    kind: SlotKind
    start: int
    minutes: int
    title: str
    activity: Activity | None = None
    variant: VariantName | None = None
    card: str | None = None
    second_card: str | None = None
    reason: str = ""

    @property
    def end(self) -> int:
        """Minutes from the workshop's start to this slot's end."""
        return self.start + self.minutes


class LeftOut(Frozen):
    """A lesson, or one activity of a lesson, that is not in the agenda, and why."""

    lesson: str
    activity: str | None = None
    reason: str


class Agenda(Frozen):
    """Slots whose whole minutes sum to the booked time exactly."""

    slots: tuple[Slot, ...]

    @property
    def minutes(self) -> int:
        """The booked time."""
        return sum(slot.minutes for slot in self.slots)

    @property
    def steps(self) -> tuple[Slot, ...]:
        """The slots that are activities."""
        return tuple(slot for slot in self.slots if slot.activity is not None)

    @property
    def lessons(self) -> tuple[str, ...]:
        """The lessons in the order in which they come."""
        return tuple(dict.fromkeys(slot.activity.lesson for slot in self.slots if slot.activity is not None))


class Plan(Frozen):
    """An agenda with its reasons. `primers` are sheets that stand in for a lesson.

    `score` is 0 to 1, `missed` says what lowers it; no other plan's score is above `score + gap`.
    """

    brief: Brief
    agenda: Agenda
    cards: Mapping[str, str] = {}
    alternates: Mapping[str, str] = {}
    primers: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    score: float | None = None
    gap: float = 0.0
    missed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
