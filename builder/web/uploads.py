"""What was sent and is kept in memory only: a list of people, and a brief that waits to be taken over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from builder.problems import Problem
    from builder.questions import SoFar
    from builder.roster.reading import Roster


@dataclass(frozen=True, slots=True)
class WaitingBrief:
    """A brief that was read and not taken over yet: its number, the answers, and what to know about how it was read."""

    number: str
    so: SoFar
    notes: Sequence[Problem]


@dataclass(slots=True)
class Uploads:
    """What one person sent. Nothing of it is ever written, but into the papers that are for it."""

    people: Roster | None = None
    brief: WaitingBrief | None = None
    count: int = 0

    def wait(self, so: SoFar, notes: Sequence[Problem]) -> WaitingBrief:
        """Keep a brief until somebody says whether it is to be taken over; it takes the place of the one before."""
        self.count += 1
        self.brief = WaitingBrief(str(self.count), so, notes)
        return self.brief

    def forget(self) -> None:
        """Forget all of it."""
        self.people = self.brief = None
