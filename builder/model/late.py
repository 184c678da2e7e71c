"""What to do when the clock runs away: checkpoints with remedies, how to leave a case, and how groups split."""

from typing import Literal

from builder.model.fields import Frozen, Grouping
from builder.model.lessons import Activity, Count
from builder.model.plan import Slot

LeavePoint = Literal["unopened", "half way", "debrief"]


class Cut(Frozen):
    """One step that gives up minutes: `minutes` is what it is left, 0 where it is skipped whole."""

    activity: Activity
    planned: int
    minutes: int = 0

    @property
    def saves(self) -> int:
        """The minutes that it gives up."""
        return self.planned - self.minutes


class Remedy(Frozen):
    """What to cut at a checkpoint when it is `late` minutes late, and the rest of the day that follows.

    `lessons` go whole, with the steps among `cuts`. `saves` is below `late` where no cuts save as many minutes;
    the workshop then ends so much later. `slots` start at the real time, in minutes from the workshop's start.
    """

    late: int
    saves: int
    cuts: tuple[Cut, ...] = ()
    lessons: tuple[str, ...] = ()
    buffer: int = 0
    slots: tuple[Slot, ...]

    @property
    def holds(self) -> bool:
        """Whether the workshop still ends on time."""
        return self.saves >= self.late

    @property
    def end(self) -> int:
        """The minute at which the workshop ends."""
        return self.slots[-1].end


class Checkpoint(Frozen):
    """A place in the agenda where to look at the clock: the end of the slot before `following`.

    `at` is the planned minute, `most` the most minutes that can be saved from there on.
    """

    at: int
    following: Slot
    buffer: int
    most: int
    remedies: tuple[Remedy, ...]


class Leaving(Frozen):
    """How to leave a contested case at one point: what of it is still held, and the rest of the day.

    Before it is opened, everybody takes the `alternate` and no time changes. Later the running step goes straight to
    its debrief, and `free` minutes go to what follows; `closed` are the steps of the case that are not held any more.
    """

    card: str
    point: LeavePoint
    at: int
    activity: Activity
    alternate: str | None = None
    closed: tuple[Activity, ...] = ()
    debrief: int = 0
    free: int = 0
    slots: tuple[Slot, ...]


class Split(Frozen):
    """How people split for a kind of grouping: for each number of people, the size of each pair or group."""

    grouping: Grouping
    size: Count | None = None
    people: tuple[int, ...]
    sizes: tuple[tuple[int, ...], ...]


class LatePlan(Frozen):
    """What stands on the day card for when time runs out, all of it computed from one plan."""

    checkpoints: tuple[Checkpoint, ...] = ()
    leaving: tuple[Leaving, ...] = ()
    splits: tuple[Split, ...] = ()
