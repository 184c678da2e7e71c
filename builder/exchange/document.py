"""The parts of a lesson as the bytes of a .docx: every part under a heading that carries its mark. Pure.

A mark is a bookmark, which Word and LibreOffice keep through editing and saving, while LibreOffice drops the tags
of content controls around paragraphs (tried). Its name says which part it is and, in a fingerprint, what the part said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from builder.blocks import Paper
from builder.exchange.gathered import File, Part
from builder.exchange.lines import ITEMS, Bits, Line, Lines
from builder.word.base_parts import FIXED, base_part, core_properties, numbering, styles
from builder.word.draft import FOOTER, HYPERLINK, OFFICE, Draft, Relationship
from builder.word.package import HEAD, PACKAGE, TYPES, content_types, relationships_part, zipped
from builder.word.page import Page, footer, page_of, section
from builder.word.paragraphs import SPACER, paragraph
from builder.word.sheets import NAMESPACES, document
from builder.word.tables import Grid, shared
from builder.word.text import escape

GUARDED: Final = "Guarded. Reason for a change, which will be printed: "
REASON: Final = "workshop reason"  # the name of the style of that line, in small letters
BOXES: Final[Mapping[str, str]] = MappingProxyType(
    {"say": "Say aloud", "note": "Note", "card": "Card", "source": "Where this is from", "cut": "Card to cut out"}
)
IN_ITEM: Final = ", in the step above"
PROPERTIES: Final = ("lesson", "scope", "version", "library", "pack")
_LEVELS: Final = ("", "2", "3")
_INDENT: Final = 567
_BOX_MARGINS: Final = 440
_COLUMNS: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {"teaches": (), "materials": (4, 2, 2), "facts": (5, 3, 2), "argument": (2, 5, 2), "readings": (2, 5, 2)}
)
_HOW: Final = tuple(files("builder.exchange").joinpath("first-page.txt").read_text(encoding="utf-8").splitlines())
_STYLES: Final = (
    '<w:style w:type="paragraph" w:customStyle="1" w:styleId="WorkshopInfo"><w:name w:val="Workshop Info"/>'
    '<w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:uiPriority w:val="99"/><w:pPr><w:keepNext/></w:pPr>'
    '<w:rPr><w:i/><w:color w:val="595959"/><w:sz w:val="20"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:customStyle="1" w:styleId="WorkshopReason"><w:name w:val="Workshop Reason"/>'
    '<w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:uiPriority w:val="99"/><w:pPr><w:keepNext/>'
    '<w:pBdr><w:left w:val="single" w:sz="24" w:space="6" w:color="8A5A00"/></w:pBdr>'
    '<w:shd w:val="clear" w:color="auto" w:fill="FFF4D6"/></w:pPr><w:rPr><w:sz w:val="20"/></w:rPr></w:style>'
    '<w:style w:type="character" w:customStyle="1" w:styleId="WorkshopMark"><w:name w:val="Workshop Mark"/>'
    '<w:basedOn w:val="DefaultParagraphFont"/><w:uiPriority w:val="99"/>'
    '<w:rPr><w:color w:val="595959"/></w:rPr></w:style>'
)


def opening(title: str) -> tuple[str, ...]:
    """What the first page says in plain words."""
    return (f"How to edit '{title}'", *_HOW)


@dataclass
class _Writing:
    """A document being written: its lists and links, and the numbers of its marks."""

    draft: Draft
    page: Page
    marks: int = 0
    at: dict[int, tuple[int, int]] = field(default_factory=dict)

    def marked(self, name: str, content: str) -> str:
        self.marks += 1
        number = self.marks
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'

    # -------------------------------------------------------- text

    def bits(self, bits: Bits) -> str:
        found = []
        for bit in bits:
            style = "Strong" if bit.strong else "Hyperlink" if bit.link else ""
            run = _runs(bit.text, style)
            if bit.link:
                thread = self.draft.relate(HYPERLINK, bit.link, external=True)
                run = f'<w:hyperlink r:id="{thread}" w:history="1">{run}</w:hyperlink>'
            found.append(run)
        return "".join(found)

    def lines(self, lines: Lines, width: int, mark: str = "") -> str:
        """The XML of lines; the mark goes into the first that is a paragraph."""
        self.at = {}
        parts = []
        for at, line in enumerate(lines):
            if line.depth == 0 and line.kind not in ITEMS and line.kind != "text":
                self.at = {level: each for level, each in self.at.items() if level == 0}
            parts.append(self.line(line, width, mark if at == 0 else ""))
        return "".join(parts)

    def line(self, line: Line, width: int, mark: str = "") -> str:
        if line.kind == "table":
            return self.table(line, width)
        if line.kind == "box":
            return self.box(line, width)
        style, number = self.style(line)
        content = self.bits(line.bits)
        if line.kind == "write":
            content = _runs(writing_lines(line.count), "WorkshopMark")
        elif line.kind == "fixed":
            content = _runs("".join(bit.text for bit in line.bits), "WorkshopMark")
        return paragraph(style, self.marked(mark, content) if mark else content, number=number)

    def style(self, line: Line) -> tuple[str, str]:
        if line.kind == "heading":
            return f"Heading{min(max(line.level, 2), 3)}", ""
        if line.kind in ITEMS:
            level = _LEVELS[min(line.depth, 2)]
            names = {"bullet": "ListBullet", "number": "ListNumber", "tick": "List"}
            return f"{names[line.kind]}{level}", self.number(line) if line.kind == "number" else ""
        return (f"ListContinue{_LEVELS[min(line.depth, 3) - 1]}" if line.depth else "Normal"), ""

    def number(self, line: Line) -> str:
        """The number of an item: it goes on in its list, or begins another."""
        level = min(line.depth, 2)
        known, last = self.at.get(level, (0, 0))
        if not known or line.count != last + 1:
            known = self.draft.number(3, level, min(max(line.count, 0), 32_767))
        self.at = {**{key: each for key, each in self.at.items() if key < level}, level: (known, line.count)}
        return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{known}"/></w:numPr>'

    def table(self, line: Line, width: int, shares: Sequence[int] = ()) -> str:
        count = max(map(len, line.rows), default=1)
        indent = _INDENT * min(line.depth, 1)
        grid = Grid("TableGrid", shared(width - indent, shares, count), indent, header=True)
        rows = []
        for at, row in enumerate(line.rows):
            cells = [paragraph("NoSpacing", self.bits(cell)) for cell in (*row, *((),) * (count - len(row)))]
            rows.append(grid.row(cells, "<w:cantSplit/><w:tblHeader/>" if not at else ""))
        return grid.wrap(rows) + SPACER

    def box(self, line: Line, width: int) -> str:
        indent = _INDENT * min(line.depth, 1)
        grid = Grid("TableGrid", (width - indent,), indent)
        label = f"{BOXES[line.name]}{IN_ITEM if line.depth else ''}"
        kept = self.at
        inner = self.lines(line.inner, width - indent - _BOX_MARGINS)
        self.at = kept
        return grid.wrap([grid.row([paragraph("WorkshopInfo", _runs(label))]), grid.row([inner])]) + SPACER

    # -------------------------------------------------------- parts

    def part(self, part: Part) -> str:
        level = 3 if part.part.startswith("Debrief/") else 2
        mark = f"{part.tag}_{part.fingerprint}"
        parts = [paragraph(f"Heading{level}", self.marked(f"ws_{mark}", _runs(part.label)))]
        if part.held == "guarded" and level == 2:
            parts.append(paragraph("WorkshopReason", _runs(GUARDED), keep_next=True))
        if part.form == "table":
            table = part.lines[0]
            parts.append(self.table(table, self.page.text_width, _COLUMNS[part.part]))
        else:
            parts.append(self.lines(part.lines, self.page.text_width, f"wt_{mark}"))
        return "".join(parts)

    def file(self, file: File) -> str:
        title = paragraph("Heading1", self.marked(f"wf_{file.tag}", _runs(file.title)))
        title = title.replace("</w:pPr>", "<w:pageBreakBefore/></w:pPr>", 1)
        told = paragraph("WorkshopInfo", _runs(file.told))
        return title + told + "".join(map(self.part, file.parts))


def writing_lines(count: int) -> str:
    """Lines to write on, in words."""
    return f"[{count} line{'s' if count != 1 else ''} to write on]"


def _runs(text: str, style: str = "") -> str:
    looks = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    rows = '</w:t><w:br/><w:t xml:space="preserve">'.join(map(escape, text.split("\n")))
    return f'<w:r>{looks}<w:t xml:space="preserve">{rows}</w:t></w:r>'


def _told(text: str) -> str:
    """A line of the first page, its first word in bold where it names a class."""
    word, colon, rest = text.partition(":")
    return _runs(word + colon, "Strong") + _runs(rest) if colon and " " not in word else _runs(text)


# ------------------------------------------------------------ the package


def exported(files: Sequence[File], title: str, language: str, properties: Mapping[str, str]) -> bytes:
    """The .docx of some files of a lesson, the same bytes for the same text; `properties` are hidden in it."""
    paper = Paper(title, (), language=language, look="guide")
    page = page_of(paper)
    writing = _Writing(Draft(language), page)
    for kind, part in {"styles": "styles", "numbering": "numbering", **FIXED}.items():
        writing.draft.relate(f"{OFFICE}/{kind}", f"{part}.xml")
    first, *told = opening(title)
    body = paragraph("Heading1", _runs(first)) + "".join(paragraph("Normal", _told(text)) for text in told)
    body += "".join(map(writing.file, files))
    ending = section(page, writing.draft.relate(FOOTER, "footer1.xml"), alone=True)
    sheet = footer(title, language, page, None)
    look = styles("guide", language, page.text_width).replace(b"</w:styles>", f"{_STYLES}</w:styles>".encode())
    return _package(
        {
            "word/document.xml": document(body + paragraph("Normal", "") + ending),
            "word/styles.xml": look,
            "word/numbering.xml": numbering(writing.draft.numbers),
            "docProps/core.xml": core_properties(paper),
            "docProps/custom.xml": _custom(properties),
            **{f"word/{part}.xml": base_part(part).encode() for part in FIXED.values()},
            "word/footer1.xml": f"{HEAD}<w:ftr {NAMESPACES}>{sheet}</w:ftr>".encode(),
        },
        list(writing.draft.relationships.values()),
    )


def _package(parts: Mapping[str, bytes], threads: Sequence[Relationship]) -> bytes:
    custom = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    foot = TYPES["word/document.xml"].replace("document.main", "footer")
    kinds = {**TYPES, "docProps/custom.xml": custom, "word/footer1.xml": foot}
    overrides = "".join(f'<Override PartName="/{part}" ContentType="{kinds[part]}"/>' for part in sorted(parts))
    roots = (
        Relationship("rId1", f"{OFFICE}/officeDocument", "word/document.xml", external=False),
        Relationship("rId2", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml", external=False),
        Relationship("rId3", f"{OFFICE}/custom-properties", "docProps/custom.xml", external=False),
    )
    return zipped(
        {
            "[Content_Types].xml": content_types(overrides),
            "_rels/.rels": relationships_part(roots),
            "word/_rels/document.xml.rels": relationships_part(threads),
            **parts,
        }
    )


def _custom(properties: Mapping[str, str]) -> bytes:
    each = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name="workshop-{key}">'
        f"<vt:lpwstr>{escape(text)}</vt:lpwstr></property>"
        for number, (key, text) in enumerate(properties.items(), 2)
    )
    return (
        f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        f'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{each}</Properties>'
    ).encode()
