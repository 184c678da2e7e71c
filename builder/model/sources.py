"""The works that a library cites; the field names are those of CSL."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from builder.model.fields import Frozen, Language, Line, Name, Prose


class Person(Frozen):
    """An author or editor, as in CSL: a family and a given name, or one literal name."""

    family: Line | None = None
    given: Line | None = None
    literal: Line | None = None
    suffix: Line | None = None
    dropping_particle: Line | None = Field(None, alias="dropping-particle")
    non_dropping_particle: Line | None = Field(None, alias="non-dropping-particle")
    comma_suffix: bool = Field(default=False, alias="comma-suffix")
    static_ordering: bool = Field(default=False, alias="static-ordering")
    parse_names: bool = Field(default=False, alias="parse-names")

    @model_validator(mode="after")
    def _named(self) -> "Person":
        if not (self.family or self.given or self.literal):
            raise PydanticCustomError("person-name", "a person needs 'family' and 'given', or 'literal'")
        return self

    @property
    def surname(self) -> str:
        """The name by which a person is cited: "van Paassen", "Women's College Hospital"."""
        particles = (self.dropping_particle, self.non_dropping_particle)
        return self.literal or " ".join(part for part in (*particles, self.family or self.given) if part)


def _csl(name: str) -> str:
    """How CSL spells the name of a field."""
    if name in {"url", "doi", "isbn", "issn", "pmid", "pmcid"}:
        return name.upper()
    return name if name in {"archive_collection", "archive_location"} else name.replace("_", "-")


class Source(Frozen):
    """A work cited; the field names are those of CSL 1.0.2, without the ones that belong to a single citation.

    `cited-in` is our own: the id of the source through which a work is known that nobody here has seen itself.
    """

    model_config = ConfigDict(alias_generator=_csl)

    id: str = ""
    type: Line
    title: Line
    cited_in: Name | None = None
    author: tuple[Person, ...] = ()
    editor: tuple[Person, ...] = ()
    translator: tuple[Person, ...] = ()
    director: tuple[Person, ...] = ()
    interviewer: tuple[Person, ...] = ()
    host: tuple[Person, ...] = ()
    guest: tuple[Person, ...] = ()
    performer: tuple[Person, ...] = ()
    producer: tuple[Person, ...] = ()
    chair: tuple[Person, ...] = ()
    compiler: tuple[Person, ...] = ()
    composer: tuple[Person, ...] = ()
    contributor: tuple[Person, ...] = ()
    curator: tuple[Person, ...] = ()
    illustrator: tuple[Person, ...] = ()
    narrator: tuple[Person, ...] = ()
    organizer: tuple[Person, ...] = ()
    recipient: tuple[Person, ...] = ()
    collection_editor: tuple[Person, ...] = ()
    container_author: tuple[Person, ...] = ()
    editorial_director: tuple[Person, ...] = ()
    executive_producer: tuple[Person, ...] = ()
    original_author: tuple[Person, ...] = ()
    reviewed_author: tuple[Person, ...] = ()
    script_writer: tuple[Person, ...] = ()
    series_creator: tuple[Person, ...] = ()
    issued: Line | None = None
    accessed: Line | None = None
    event_date: Line | None = None
    original_date: Line | None = None
    available_date: Line | None = None
    submitted: Line | None = None
    container_title: Line | None = None
    container_title_short: Line | None = None
    collection_title: Line | None = None
    collection_number: Line | None = None
    volume_title: Line | None = None
    part_title: Line | None = None
    original_title: Line | None = None
    reviewed_title: Line | None = None
    title_short: Line | None = None
    publisher: Line | None = None
    publisher_place: Line | None = None
    original_publisher: Line | None = None
    original_publisher_place: Line | None = None
    edition: Line | None = None
    volume: Line | None = None
    issue: Line | None = None
    page: Line | None = None
    page_first: Line | None = None
    number: Line | None = None
    number_of_pages: Line | None = None
    number_of_volumes: Line | None = None
    chapter_number: Line | None = None
    part_number: Line | None = None
    printing_number: Line | None = None
    supplement_number: Line | None = None
    section: Line | None = None
    version: Line | None = None
    genre: Line | None = None
    reviewed_genre: Line | None = None
    medium: Line | None = None
    dimensions: Line | None = None
    scale: Line | None = None
    division: Line | None = None
    status: Line | None = None
    event: Line | None = None
    event_title: Line | None = None
    event_place: Line | None = None
    archive: Line | None = None
    archive_collection: Line | None = None
    archive_location: Line | None = None
    archive_place: Line | None = None
    call_number: Line | None = None
    source: Line | None = None
    authority: Line | None = None
    jurisdiction: Line | None = None
    references: Line | None = None
    keyword: Line | None = None
    license: Line | None = None
    url: Line | None = None
    doi: Line | None = None
    isbn: Line | None = None
    issn: Line | None = None
    pmid: Line | None = None
    pmcid: Line | None = None
    note: Prose | None = None
    annote: Prose | None = None
    abstract: Prose | None = None
    language: Language | None = None

    @property
    def short_name(self) -> str:
        """Family names, or a short title where no author is known, and the year; another work may be named alike."""
        names = [person.surname for person in self.author]
        title = self.title_short or f"“{self.title}”"
        name = f"{names[0]} et al." if len(names) > 2 else " and ".join(names) or title
        issued = self.issued or ""
        year = re.search(r"\d{4}", issued)
        return f"{name} {year[0] if year else issued}".strip()

    @field_validator("issued", "accessed", "event_date", "original_date", "available_date", "submitted", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        """A date as text, also where a reference manager wrote it in parts."""
        if not isinstance(value, Mapping):
            return value
        parts = value.get("date-parts")
        if isinstance(parts, list) and all(isinstance(part, list) for part in parts):
            return "/".join("-".join(str(number).zfill(2) for number in part) for part in parts)
        return value.get("literal") or value.get("raw") or value

    @field_validator("url")
    @classmethod
    def _leads_to_the_web(cls, url: str | None) -> str | None:
        if url is not None and re.match(r"https?://[^/\s]", url, re.IGNORECASE) is None:
            raise PydanticCustomError("bad-link", "must be an address that begins with https:// or http://")
        return url

    @field_validator("doi")
    @classmethod
    def _without_address(cls, doi: str | None) -> str | None:
        return re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", doi, flags=re.IGNORECASE) if doi else doi
