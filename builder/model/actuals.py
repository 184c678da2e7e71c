"""What steps really took: one record for each run of a workshop, and what follows from them. No names, no titles."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from builder.model.fields import Date, Frozen, FullId, Line, VariantName, WholeMinutes
from builder.model.lessons import Minutes

PlanCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{5}$")]
People = Annotated[int, Field(ge=1, le=1000)]


class StepRun(Frozen):
    """One step of a run: in which version of its lesson and which form, its minutes as planned and as they were."""

    activity: FullId
    version: Line
    variant: VariantName | None = None
    planned: WholeMinutes
    actual: WholeMinutes


class WorkshopRun(Frozen):
    """One workshop as it was held: its plan code, how many came, what its minutes were multiplied with, its steps."""

    code: PlanCode
    date: Date | None = None
    expected: People
    present: People | None = None
    mode: Literal["in-person", "online", "hybrid"] = "in-person"
    run_before: bool = False
    interpretation: Literal["none", "consecutive", "simultaneous"] = "none"
    signed: bool = False
    steps: tuple[StepRun, ...] = ()

    @property
    def people(self) -> int:
        """How many came, or were expected where nobody counted."""
        return self.present or self.expected

    @property
    def minutes(self) -> int:
        """What the noted steps took together."""
        return sum(step.actual for step in self.steps)


class Calibration(Frozen):
    """The minutes of a step in one form, drawn toward what it took in so many runs; `author` is what its author says.

    `median` is that of the runs, brought back to 16 people in a room; halves are possible.
    """

    activity: FullId
    variant: VariantName | None = None
    runs: int
    median: float
    author: Minutes
    minutes: Minutes
