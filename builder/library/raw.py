"""A file as it was read and before it is judged, and what may be laid over it on the way."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from builder.model import Text
from builder.strict import Marked

if TYPE_CHECKING:
    from builder.library.reading import LibraryReading


@dataclass(frozen=True, slots=True)
class Raw:
    """A file's front matter with its places, and its body."""

    marked: Marked
    body: Text


class Overlay(Protocol):
    """What changes files while a library is read; `path` is always the one inside the library."""

    def raw(self, kind: str, path: str, raw: Raw) -> Raw:
        """The file as it is after the change."""

    def listed(self, kind: str, path: str, marked: Marked) -> Marked:
        """The list file as it is after the change."""

    def gone(self, path: str) -> bool:
        """Whether the file at this path is taken out."""

    def add_to(self, reading: "LibraryReading") -> None:
        """Add what the library lacks, once all of it is read."""
