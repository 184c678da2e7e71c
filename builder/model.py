"""What a workshop is: lessons, activities, cards, briefs, agendas. Values only; nothing here reads or writes."""

import datetime
import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

Phase = Literal["opening", "concept", "case", "practice", "closing"]
Grouping = Literal["solo", "pairs", "threes", "small groups", "plenary"]
Interaction = Literal["active", "mixed", "expository"]
Access = Literal[
    "step-free", "seated", "captions", "sign-language", "microphone", "screen-reader", "no-camera", "material-ahead"
]
VariantName = Literal["threes", "online", "seated"]
SlotKind = Literal["activity", "break", "transition", "buffer"]
Per = Literal["person", "group", "room"]

LEVEL_NAMES: tuple[str, ...] = ("fictional", "settled history", "disputed", "disputed and living")
CONTESTED_FROM = 2
LIVING = 3
ID = r"[a-z0-9]+(?:-[a-z0-9]+)*"

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Name = Annotated[str, StringConstraints(pattern=rf"^{ID}$", max_length=80)]
FullId = Annotated[str, StringConstraints(pattern=rf"^{ID}(?:/{ID})?$", max_length=161)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$")]


def _clock(text: Any) -> Any:
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip()) if isinstance(text, str) else None
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise PydanticCustomError("clock", "must be a time of day such as 09:30, from 00:00 to 23:59")
    return f"{int(match[1]):02}:{match[2]}"


def _date(text: Any) -> Any:
    if isinstance(text, datetime.date):
        return text
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.date.fromisoformat(text)
    except (TypeError, ValueError):
        pass
    raise PydanticCustomError("date", "must be a date such as 2026-12-01")


def _timezone(name: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError("timezone", "must be a time zone such as Europe/Dublin") from None
    return name


def _number(text: Any) -> Any:
    try:
        number = Fraction(str(text))
    except (ValueError, ZeroDivisionError):
        raise PydanticCustomError("number", "must be a number such as 0.5") from None
    if abs(number) > 1000 or number < 0:
        raise PydanticCustomError("number", "must be from 0 to 1000")
    return number


def _break_minutes(text: Any) -> Any:
    if text == "auto":
        return text
    try:
        minutes = int(text)
    except (TypeError, ValueError):
        minutes = -1
    if not 0 <= minutes <= 60:
        raise PydanticCustomError("break-minutes-range", "must be auto, or whole minutes from 0 to 60")
    return minutes


def _one_or_many(value: Any) -> Any:
    return (value,) if isinstance(value, Mapping) else value


Clock = Annotated[str, BeforeValidator(_clock)]
Date = Annotated[datetime.date, BeforeValidator(_date)]
Timezone = Annotated[str, AfterValidator(_timezone)]
Number = Annotated[Fraction, BeforeValidator(_number)]
WholeMinutes = Annotated[int, Field(ge=1, le=480)]


class Frozen(BaseModel):
    """A value: never changed after it is made, and nothing unknown in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


# ---------------------------------------------------------------- the library


class Text(Frozen):
    """Markdown as its author wrote it, with the file and the line where it begins."""

    markdown: str = ""
    path: str = ""
    line: int = 1


class Minutes(Frozen):
    """Whole minutes that something takes: at the least, usually, at the most."""

    min: WholeMinutes
    typical: WholeMinutes
    max: WholeMinutes

    @model_validator(mode="after")
    def _ordered(self) -> "Minutes":
        if not self.min <= self.typical <= self.max:
            raise PydanticCustomError(
                "minutes-order",
                "min, typical and max must not fall: they are {min}, {typical} and {max}",
                {"min": self.min, "typical": self.typical, "max": self.max},
            )
        return self


class Count(Frozen):
    """How many people: at the least and at the most."""

    min: Annotated[int, Field(ge=1, le=1000)]
    max: Annotated[int, Field(ge=1, le=1000)]

    @model_validator(mode="after")
    def _ordered(self) -> "Count":
        if self.min > self.max:
            raise PydanticCustomError(
                "count-order", "min must not be above max: they are {min} and {max}", {"min": self.min, "max": self.max}
            )
        return self


class Scales(Frozen):
    """Minutes added for each person beyond 16, or each group beyond four, and taken away below."""

    person: Number = Fraction(0)
    group: Number = Fraction(0)


class Material(Frozen):
    """Something to bring: what, for whom, how many for each."""

    item: Line
    per: Literal["person", "pair", "group", "room"] = "room"
    count: Annotated[int, Field(ge=1, le=1000)] = 1


class Outcome(Frozen):
    """What a participant can do afterwards."""

    id: Name
    outcome: Line


class Need(Frozen):
    """A lesson that must come before, or a sheet that may stand in for it."""

    lesson: Name
    primer: FullId | None = None


class Variant(Frozen):
    """The keys of an activity that one of its variants replaces."""

    minutes: Minutes | None = None
    debrief: Annotated[int, Field(ge=0, le=480)] | None = None
    talk: Annotated[int, Field(ge=0, le=480)] | None = None
    scales: Scales | None = None
    rooms: Annotated[int, Field(ge=0, le=20)] | None = None
    grouping: Grouping | None = None
    group_size: Count | None = None
    people: Count | None = None
    facilitators: Annotated[int, Field(ge=1, le=20)] | None = None
    interaction: Interaction | None = None
    materials: tuple[Material, ...] | None = None
    handouts: tuple[FullId, ...] | None = None
    excludes: tuple[Access, ...] | None = None


class Activity(Frozen):
    """One timed step of a lesson. `minutes` is for 16 people in a room, debrief included."""

    id: str = ""
    title: Line
    core: bool = False
    minutes: Minutes
    debrief: Annotated[int, Field(ge=0, le=480)] = 0
    talk: Annotated[int, Field(ge=0, le=480)] | None = None
    scales: Scales = Scales()
    rooms: Annotated[int, Field(ge=0, le=20)] = 0
    grouping: Grouping
    group_size: Count = Count(min=3, max=6)
    people: Count = Count(min=1, max=1000)
    facilitators: Annotated[int, Field(ge=1, le=20)] = 1
    after: tuple[FullId, ...] = ()
    interaction: Interaction
    practises: tuple[Name, ...] = ()
    checks: tuple[Name, ...] = ()
    materials: tuple[Material, ...] = ()
    handouts: tuple[FullId, ...] = ()
    excludes: tuple[Access, ...] = ()
    variants: Mapping[VariantName, Variant] = {}
    second_card: bool = False
    body: Text = Text()

    @model_validator(mode="after")
    def _debrief_fits(self) -> "Activity":
        for name, shape in (("", self), *((name, self.varied(name)) for name in self.variants)):
            if shape.debrief > shape.minutes.min:
                where = f" in the variant '{name}'" if name else ""
                raise PydanticCustomError(
                    "debrief-too-long",
                    "the debrief takes {debrief} minutes and the whole activity has a minimum of {least}{where}",
                    {"debrief": shape.debrief, "least": shape.minutes.min, "where": where},
                )
        return self

    @property
    def lesson(self) -> str:
        """The id of the lesson that this is a step of."""
        return self.id.partition("/")[0]

    def varied(self, name: VariantName) -> "Activity":
        """This activity with the keys that its variant `name` replaces."""
        variant = self.variants[name]
        replaced = {key: getattr(variant, key) for key in variant.model_fields_set}
        return self.model_copy(update=replaced)


class Fact(Frozen):
    """Something that can be checked: what, according to which source, on which date."""

    text: Prose
    source: Name | None = None
    date: Line | None = None


class Argument(Frozen):
    """What somebody concludes from a case, in the words of this library."""

    holder: Line
    text: Prose
    source: Name | None = None


class Reading(Frozen):
    """One attributed position on a contested case."""

    holder: Line | None = None
    constructed: bool = False
    text: Prose
    source: Name | None = None

    @model_validator(mode="after")
    def _owned(self) -> "Reading":
        if self.holder is None and not self.constructed:
            raise PydanticCustomError("reading-owner", "a reading names its holder, or says 'constructed: true'")
        return self


class Reviewed(Frozen):
    """Who read a card before it was published: a role and a date, never a name."""

    role: Line
    date: Date


class Card(Frozen):
    """One case of a deck. Level 0 is fictional, 1 settled history, 2 disputed, 3 disputed and living."""

    id: str = ""
    lesson: str = ""
    title: Line
    deck: Name
    level: Annotated[int, Field(ge=0, le=3)]
    workplace: bool = False
    as_of: Date | None = None
    review_by: Date | None = None
    facts: Annotated[tuple[Fact, ...], Field(max_length=5)] = ()
    argument: Argument
    readings: tuple[Reading, ...] = ()
    advisory: Prose | None = None
    region: Line | None = None
    reviewed: Annotated[tuple[Reviewed, ...], BeforeValidator(_one_or_many)] = ()
    body: Text = Text()

    @property
    def contested(self) -> bool:
        """Whether people here and now disagree about it."""
        return self.level >= CONTESTED_FROM


class HandoutSheet(Frozen):
    """One participant page as its author wrote it."""

    id: str = ""
    title: Line
    per: Per
    cut: bool = False
    keep: bool = False
    sides: Annotated[int, Field(ge=1, le=2)] = 1
    body: Text = Text()


class Lesson(Frozen):
    """One modular unit. `activities` are file stems in teaching order."""

    id: str = ""
    title: Line
    summary: Prose
    phase: Phase
    version: Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+){0,2}([-+.][0-9A-Za-z.-]+)?$", max_length=40)]
    language: Language
    license: Line
    authors: Annotated[tuple[Line, ...], Field(min_length=1)]
    audience: Prose | None = None
    teaches: Annotated[tuple[Outcome, ...], Field(min_length=1, max_length=4)]
    needs: tuple[Need, ...] = ()
    activities: Annotated[tuple[Name, ...], Field(min_length=1)]
    intensity: Annotated[int, Field(ge=0, le=3)] = 0
    advisory: Prose | None = None
    sources: tuple[Name, ...] = ()
    micro: bool = False
    deck: Name | None = None
    default_card: Name | None = None
    body: Text = Text()


class Person(Frozen):
    """An author or editor, as in CSL: a family and a given name, or one literal name."""

    family: Line | None = None
    given: Line | None = None
    literal: Line | None = None


class Source(Frozen):
    """A work cited; the field names are those of CSL."""

    id: str = ""
    type: Line
    author: tuple[Person, ...] = ()
    editor: tuple[Person, ...] = ()
    issued: Line | None = None
    title: Line
    container_title: Line | None = Field(None, alias="container-title")
    publisher: Line | None = None
    publisher_place: Line | None = Field(None, alias="publisher-place")
    edition: Line | None = None
    volume: Line | None = None
    issue: Line | None = None
    page: Line | None = None
    number: Line | None = None
    genre: Line | None = None
    url: Line | None = Field(None, alias="URL")
    doi: Line | None = Field(None, alias="DOI")
    accessed: Line | None = None
    note: Prose | None = None
    language: Language | None = None


class Term(Frozen):
    """A glossary entry; `variants` are other words for it."""

    id: str = ""
    definition: Prose
    variants: tuple[Line, ...] = ()


class Recipe(Frozen):
    """A named starting point: what is in focus, and which cards."""

    id: str = ""
    title: Line
    summary: Prose
    focus: tuple[Name, ...] = ()
    cards: Mapping[Name, Name] = {}


class Library(Frozen):
    """All lessons in use with what they refer to, each by its id. Ids of activities and sheets are `lesson/stem`."""

    lessons: Mapping[str, Lesson] = {}
    activities: Mapping[str, Activity] = {}
    sheets: Mapping[str, HandoutSheet] = {}
    cards: Mapping[str, Card] = {}
    sources: Mapping[str, Source] = {}
    glossary: Mapping[str, Term] = {}
    recipes: Mapping[str, Recipe] = {}
    pictures: Mapping[str, bytes] = {}

    def activities_of(self, lesson: str) -> tuple[Activity, ...]:
        """The activities of a lesson in teaching order."""
        return tuple(self.activities[f"{lesson}/{stem}"] for stem in self.lessons[lesson].activities)

    def cards_of(self, deck: str) -> tuple[Card, ...]:
        """The cards of a deck, by level and then by id."""
        cards = (card for card in self.cards.values() if card.deck == deck)
        return tuple(sorted(cards, key=lambda card: (card.level, card.id)))

    @cached_property
    def decks(self) -> Mapping[str, Lesson]:
        """The case lesson of each deck."""
        return {lesson.deck: lesson for lesson in self.lessons.values() if lesson.deck}

    def minutes_of(self, lesson: str) -> Minutes:
        """What a lesson takes: the sum of its core minima; the sums of all its activities' typical and max."""
        steps = self.activities_of(lesson)
        least = sum(step.minutes.min for step in steps if step.core)
        return Minutes.model_construct(
            min=least,
            typical=sum(step.minutes.typical for step in steps),
            max=sum(step.minutes.max for step in steps),
        )

    def sheet(self, stem: str, *lessons: str) -> HandoutSheet | None:
        """The sheet that `stem` names: a full id, or a stem of the first of the `lessons` that has it."""
        candidates = (stem, *(f"{lesson}/{stem}" for lesson in lessons))
        return next((self.sheets[candidate] for candidate in candidates if candidate in self.sheets), None)


# ---------------------------------------------------------------- the brief


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
    managers_present: bool = Field(False, description="Whether managers sit with the people they manage.")
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
    run_before: bool = Field(False, description="Whether the facilitator has run these lessons before.")
    interpretation: Literal["none", "consecutive", "simultaneous"] = Field(
        "none", description="Whether talk is interpreted, and how."
    )
    access: tuple[Access, ...] = Field((), description="Arrangements to plan for; never who needs them.")
    break_minutes: Annotated[Literal["auto"] | int, BeforeValidator(_break_minutes)] = Field(
        "auto", description="Length of a break, auto or 0 to 60."
    )
    buffer_percent: int = Field(10, ge=5, le=15, description="Share of the time kept free before the closing.")
    organisation: Line | None = Field(None, description="Printed in the papers.")
    contacts: tuple[Contact, ...] = Field((), description="Whom participants can turn to.")
    paper: Literal["A4", "Letter"] = Field("A4", description="Paper size.")
    large_print: int = Field(0, ge=0, le=200, description="How many copies in large print.")
    editions: tuple[Literal["standard", "large-print", "html"], ...] = Field(
        ("standard",), description="Which editions of the participants' papers."
    )
    letterhead: Line | None = Field(None, description="A Word file whose styles and header the papers take.")
    language: Language = Field("en", description="Language of the papers, BCP 47.")

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


# ---------------------------------------------------------------- the plan


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
    """An agenda with its reasons. `primers` are sheets that stand in for a lesson; `score` is 0 to 1 or not judged."""

    brief: Brief
    agenda: Agenda
    cards: Mapping[str, str] = {}
    alternates: Mapping[str, str] = {}
    primers: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    score: float | None = None
    missed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
