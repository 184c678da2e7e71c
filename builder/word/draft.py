"""What a document gathers while its blocks are rendered, and the place where a block stands."""

from dataclasses import dataclass, field
from typing import Final

OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HYPERLINK: Final = f"{OFFICE}/hyperlink"
IMAGE: Final = f"{OFFICE}/image"
FOOTER: Final = f"{OFFICE}/footer"

TWIPS_PER_MM: Final = 1440 / 25.4
CHARACTER_WIDTH: Final = 140  # twips of an average character at 14 pt, on the safe side
LARGER: Final = 18 / 14  # large print, against the 14 pt of other papers
FIRST_FREE_NUMBER: Final = 10


@dataclass(frozen=True, slots=True)
class Relationship:
    """A thread from the document to another part of the package, or out of it."""

    id: str
    kind: str
    target: str
    external: bool


@dataclass(slots=True)
class Draft:
    """The parts of one package that grow while blocks are rendered: threads, pictures, lists, drawings.

    `framed` says that the page is a letterhead's, `wide` that its font may be wider than ours. What a letterhead has
    already used up is told beforehand: its definitions and numbers of lists, its drawings, and a `prefix` for ids of
    threads and names of pictures.
    """

    language: str = ""
    relationships: dict[tuple[str, str], Relationship] = field(default_factory=dict)
    pictures: dict[bytes, str] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)
    drawings: int = 0
    prefix: str = ""
    definitions_before: int = 0
    numbers_before: int = 0
    framed: bool = False
    wide: bool = False

    def relate(self, kind: str, target: str, *, external: bool = False) -> str:
        """The id of the relationship to `target`, the same one each time."""
        fresh = Relationship(f"rId{self.prefix}{len(self.relationships) + 1}", kind, target, external)
        return self.relationships.setdefault((kind, target), fresh).id

    def picture(self, png: bytes) -> str:
        """The id of the relationship to a PNG, kept once however often it is shown."""
        name = self.pictures.setdefault(png, f"media/image{self.prefix}{len(self.pictures) + 1}.png")
        return self.relate(IMAGE, name)

    def drawing(self) -> int:
        """The next id of a drawing, unique in the document."""
        self.drawings += 1
        return self.drawings

    def number(self, definition: int, level: int, start: int) -> int:
        """The id of a fresh list that counts from `start` at `level` (0 to 2) by a definition of numbering.xml."""
        number = self.numbers_before + FIRST_FREE_NUMBER + len(self.numbers)
        definition += self.definitions_before
        self.numbers.append(
            f'<w:num w:numId="{number}"><w:abstractNumId w:val="{definition}"/><w:lvlOverride w:ilvl="{level}">'
            f'<w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
        )
        return number


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands: the column's width, the lists' indent (twips), the style of body text.

    `scale` is the size of text against 14 pt, as it decides what stays together and how wide a character is.
    """

    draft: Draft
    width: int
    page_width: int
    page_height: int
    indent: int = 0
    depth: int = 0
    body: str = "Normal"
    in_cell: bool = False
    scale: float = 1
