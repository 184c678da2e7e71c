"""What an organisation lays over a library: who it is, its terms, contacts, limits, and what it changed."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from builder.model.fields import Date, Frozen, Line, Name, Prose

Version = Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+){0,2}([-+.][0-9A-Za-z.-]+)?$", max_length=40)]
PLACEHOLDER = r"[a-z0-9]+(?:[-_][a-z0-9]+)*"
Placeholder = Annotated[str, StringConstraints(pattern=rf"^{PLACEHOLDER}$", max_length=80)]
ChangeKind = Literal["added", "changed", "removed"]
BookedMinutes = Annotated[int, Field(ge=30, le=480)]


class PackTerm(Frozen):
    """What a placeholder becomes: one, and several of it; `required` where no paper comes out without it."""

    one: Line | None = None
    many: Line | None = None
    required: bool = False
    meaning: Line | None = None

    @model_validator(mode="after")
    def _plain(self) -> "PackTerm":
        if any(sign in (text or "") for text in (self.one, self.many) for sign in ("{{", "{%", "{#")):
            raise PydanticCustomError("term-placeholder", "a term is printed as it is, and holds no placeholder")
        return self

    @property
    def is_noun(self) -> bool:
        """Whether `|plural` can be said of it: it has several, or nothing yet."""
        return self.many is not None or self.one is None


def _term(value: Any) -> Any:
    return value if isinstance(value, Mapping | PackTerm) else {"one": value}


class Parent(Frozen):
    """The library that a pack was made from."""

    name: Line
    version: Version


class Approver(Frozen):
    """Who answers for a pack: a role, never a name, and the day of the approval."""

    role: Line
    date: Date | None = None


class RequiredContact(Frozen):
    """Somebody whom every kit names: a role, how to reach it, and when that was last checked."""

    role: Line
    reach: Line
    name: Line | None = None
    verified_on: Date | None = None


class JurisdictionNote(Frozen):
    """What to know in one place, and when that was last checked."""

    region: Line
    text: Prose
    verified_on: Date | None = None


class Limits(Frozen):
    """What no brief may go beyond, whatever it says; None and empty where anything goes."""

    max_level: Annotated[int, Field(ge=0, le=3)] | None = None
    least_minutes: BookedMinutes | None = None
    most_minutes: BookedMinutes | None = None
    most_participants: Annotated[int, Field(ge=4, le=200)] | None = None
    modes: tuple[Literal["in-person", "online", "hybrid"], ...] = ()
    attendance: tuple[Literal["voluntary", "required"], ...] = ()


class Pack(Frozen):
    """An organisation's `pack.yaml`."""

    name: Name
    organisation: Line
    version: Version
    date: Date
    parent: Parent
    authors: Annotated[tuple[Line, ...], Field(min_length=1)]
    approvers: tuple[Approver, ...] = ()
    terms: Mapping[Placeholder, Annotated[PackTerm, BeforeValidator(_term)]] = {}
    contacts: tuple[RequiredContact, ...] = ()
    jurisdiction_notes: tuple[JurisdictionNote, ...] = ()
    letterhead: Line | None = None
    defaults: Mapping[str, Any] = {}
    limits: Limits = Limits()


class Change(Frozen):
    """One part of the library that a pack changed: `path` inside the library, `part` as the pack's author names it.

    A new file is one added part without a name. `reason` is what the pack says of it.
    """

    path: str
    part: str = ""
    kind: ChangeKind
    guarded: bool = False
    reason: Line | None = None

    @property
    def lesson(self) -> str:
        """The lesson that it belongs to, or '' for a list file of the whole library."""
        return self.path.partition("/")[0] if "/" in self.path else ""


class Adaptation(Frozen):
    """A pack in use: what it changed, and from which version of each lesson.

    `fingerprint` is that of its files, `folder` is where it lies, `approval` says whether its approval still holds.
    """

    pack: Pack
    changes: tuple[Change, ...] = ()
    versions: Mapping[str, str] = {}
    fingerprint: str = ""
    folder: str = ""
    approval: str = ""
