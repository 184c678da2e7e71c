"""The brief: what workshop is wanted. Each key's type, range, default and documentation stand here."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from builder.model.fields import (
    Access,
    Clock,
    Date,
    Frozen,
    FullId,
    Language,
    Line,
    Name,
    Timezone,
    WholeMinutes,
    read_break_minutes,
)


class Pin(Frozen):
    """Minutes that an activity must have, and a time of day at which it must start."""

    minutes: WholeMinutes | None = None
    start: Clock | None = None


class FixedBreak(Frozen):
    """A break that must start at a time of day and last so many minutes."""

    at: Clock
    minutes: WholeMinutes


class Contact(Frozen):
    """Somebody to turn to: name, role, how to reach them, and when that was last checked."""

    name: Line
    role: Line
    reach: Line
    verified_on: Date | None = None


def _pin(value: Any) -> Any:
    return value if isinstance(value, Mapping | Pin) else {"minutes": value}


class Brief(Frozen):
    """What workshop is wanted. Each field is a key of `workshop.yaml`; its description is printed by the help."""

    title: Line = Field(description="What the workshop is called.")
    minutes: int = Field(ge=30, le=480, description="Booked time in whole minutes; the agenda fills it exactly.")
    start: Clock = Field("10:00", description="When it starts, HH:MM.")
    date: Date | None = Field(None, description="The day, such as 2026-12-01; without it there is no calendar file.")
    timezone: Timezone | None = Field(None, description="IANA time zone, such as Europe/Dublin; none: floating time.")
    participants: int = Field(16, ge=4, le=200, description="How many people are expected.")
    participants_most: int = Field(16, ge=4, le=200, description="How many may come at the most; copies are for them.")
    mode: Literal["in-person", "online", "hybrid"] = Field("in-person", description="Where people meet.")
    attendance: Literal["voluntary", "required"] = Field(
        "voluntary", description="Whether people choose to come; required attendance allows level 1 at most."
    )
    managers_present: bool = Field(default=False, description="Whether managers sit with the people they manage.")
    focus: tuple[Name, ...] = Field((), description="Lessons that must be in; a card's id stands for its lesson.")
    leave_out: tuple[FullId, ...] = Field((), description="Lessons or activities that must be out.")
    max_level: int = Field(0, ge=0, le=3, description="How contested a card may be: 0 fictional to 3 living dispute.")
    cards: Mapping[Name, Name] = Field({}, description="Which card each deck uses.")
    pinned: Mapping[FullId, Annotated[Pin, BeforeValidator(_pin)]] = Field(
        {}, description="Activities that must be in with exactly so many minutes."
    )
    order: tuple[FullId, ...] = Field((), description="Activities in the order they must have.")
    breaks: tuple[FixedBreak, ...] = Field((), description="Breaks at fixed times.")
    facilitators: int = Field(1, ge=1, le=20, description="How many people lead the workshop.")
    run_before: bool = Field(default=False, description="Whether the facilitator has run these lessons before.")
    interpretation: Literal["none", "consecutive", "simultaneous"] = Field(
        "none", description="Whether talk is interpreted, and how."
    )
    access: tuple[Access, ...] = Field((), description="Arrangements to plan for; never who needs them.")
    break_minutes: Annotated[Literal["auto"] | int, BeforeValidator(read_break_minutes)] = Field(
        "auto", description="Length of a break, auto or 0 to 60."
    )
    buffer_percent: int = Field(10, ge=5, le=15, description="Share of the time kept free before the closing.")
    organisation: Line | None = Field(None, description="Printed in the papers.")
    contacts: tuple[Contact, ...] = Field((), description="Whom participants can turn to.")
    paper: Literal["A4", "Letter"] = Field("A4", description="Paper size.")
    large_print: int = Field(0, ge=0, le=200, description="How many copies in large print.")
    editions: tuple[Literal["standard", "large-print", "html"], ...] = Field(
        ("standard",), min_length=1, description="Which editions of the participants' papers."
    )
    letterhead: Line | None = Field(None, description="A Word file whose styles and header the papers take.")
    language: Language = Field("en", description="Language of the papers, BCP 47.")
    packs: tuple[Name, ...] = Field((), description="Names of the packs in use; --pack says where they are.")

    @model_validator(mode="before")
    @classmethod
    def _most_is_expected_unless_said(cls, values: Any) -> Any:
        if isinstance(values, Mapping) and values.get("participants_most") is None and "participants" in values:
            return {**values, "participants_most": values["participants"]}
        return values

    @model_validator(mode="after")
    def _most_covers_expected(self) -> "Brief":
        if self.participants_most < self.participants:
            raise PydanticCustomError(
                "participants-order",
                "participants_most is {most}, below the {expected} people expected",
                {"most": self.participants_most, "expected": self.participants},
            )
        return self

    @property
    def start_minute(self) -> int:
        """Minutes from midnight to the start."""
        hours, minutes = self.start.split(":")
        return int(hours) * 60 + int(minutes)

    @property
    def remote(self) -> bool:
        """Whether anybody takes part through a screen; hybrid counts as online."""
        return self.mode != "in-person"

    def clock(self, minute: int) -> str:
        """The time of day, HH:MM, `minute` minutes after the start."""
        total = (self.start_minute + minute) % (24 * 60)
        return f"{total // 60:02}:{total % 60:02}"
