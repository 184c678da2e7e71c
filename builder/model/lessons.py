"""Lessons and what they are made of: activities, cards, sheets, outcomes."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from builder.model.fields import (
    CONTESTED_FROM,
    FEWEST_READINGS,
    Access,
    Date,
    Frozen,
    FullId,
    Grouping,
    Interaction,
    Language,
    Line,
    Name,
    Number,
    Per,
    Phase,
    Prose,
    VariantName,
    WholeMinutes,
    one_or_many,
)


class Text(Frozen):
    """Markdown as its author wrote it, with the file and the line where it begins.

    A text put together from several files has `pieces`: for each the line on which it begins here, counted on from
    `line`, and the file and line where it really stands.
    """

    markdown: str = ""
    path: str = ""
    line: int = 1
    pieces: tuple[tuple[int, str, int], ...] = ()

    def place(self, line: int) -> tuple[str, int]:
        """The file and line where a line of this text really stands."""
        begun = (piece for piece in reversed(self.pieces) if piece[0] <= line)
        first, path, real = next(begun, (line, self.path, line))
        return path, real + line - first


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
    waive: Mapping[Name, Line] = {}
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
    reviewed: Annotated[tuple[Reviewed, ...], BeforeValidator(one_or_many)] = ()
    waive: Mapping[Name, Line] = {}
    body: Text = Text()

    @property
    def contested(self) -> bool:
        """Whether people here and now disagree about it."""
        return self.level >= CONTESTED_FROM

    @property
    def one_sided(self) -> bool:
        """Whether a contested case comes with too few readings; only a pack can leave one so."""
        return self.contested and len(self.readings) < FEWEST_READINGS


class HandoutSheet(Frozen):
    """One participant page as its author wrote it; a `pocket` one is short enough to share the sheet to keep."""

    id: str = ""
    title: Line
    per: Per
    cut: bool = False
    keep: bool = False
    pocket: bool = False
    sides: Annotated[int, Field(ge=1, le=2)] = 1
    waive: Mapping[Name, Line] = {}
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
    waive: Mapping[Name, Line] = {}
    body: Text = Text()
