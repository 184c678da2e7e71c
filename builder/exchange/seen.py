"""What stands in a Word document, in order: paragraphs and tables as Word, LibreOffice and Google Docs write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, Literal

from builder.addresses import safe_target
from builder.exchange.lines import Bit, Bits, tidy
from builder.exchange.opening import Opened, W
from builder.strict import clean

R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_THROUGH: Final = frozenset({"ins", "moveTo", "smartTag", "sdt", "sdtContent", "customXml", "fldSimple", "bdo", "dir"})
_GONE: Final = frozenset({"del", "moveFrom"})
_PICTURES: Final = frozenset({"drawing", "pict", "object", "AlternateContent"})
_BOXES_TO_TICK: Final = frozenset("☐□❏❑☑\uf06f\uf0a8\uf071\uf0a3")
_HEADING: Final = re.compile(r"heading ([1-9])")
_CONTINUE: Final = re.compile(r"list continue ?([2-5]?)")


@dataclass(frozen=True, slots=True)
class Item:
    """How a paragraph is numbered: "bullet", "number" or "tick", how deep, and the number it has."""

    kind: Literal["bullet", "number", "tick"]
    depth: int
    count: int


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph: its text, its place in an outline (0: none), its list, its indent (twips), and what hangs on it.

    `follows` is how many lists a style such as "List Continue" says are around it.
    """

    bits: Bits = ()
    level: int = 0
    item: Item | None = None
    indent: int = 0
    follows: int = 0
    style: str = ""
    marks: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    pictures: int = 0

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(bit.text for bit in self.bits)


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: rows of cells, each with what stands in it; whether cells were joined, and its indent (twips)."""

    rows: tuple[tuple[tuple["Seen", ...], ...], ...]
    joined: bool = False
    indent: int = 0


Seen = Para | Rows


@dataclass
class Looking:
    """A document being looked through; `tracked` counts what was inserted, deleted or moved under tracking."""

    file: Opened
    tracked: int = 0
    outside: list[str] = field(default_factory=list)
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    def everything(self) -> tuple[Seen, ...]:
        """All of the body."""
        return tuple(self.blocks(self.file.body))

    # -------------------------------------------------------- blocks

    def blocks(self, holder: Any) -> Iterator[Seen]:
        """The paragraphs and tables in something, in order."""
        waiting: list[str] = []  # marks that stand between paragraphs
        merged: Para | None = None  # a paragraph whose end was deleted under tracking
        for child in self.children(holder):
            tag = _tag(child)
            if tag == "bookmarkStart":
                waiting.append(child.get(f"{W}name", ""))
            elif tag == "p":
                found = self.para(child)
                found = replace(found, marks=(*waiting, *found.marks))
                found, merged = (_one(merged, found) if merged else found), None
                waiting = []
                if child.find(f"{W}pPr/{W}rPr/{W}del") is not None:
                    self.tracked += 1
                    merged = found
                else:
                    yield found
            elif tag == "tbl":
                if merged is not None:
                    yield merged
                    merged = None
                yield self.table(child)
        if merged is not None:
            yield merged

    def children(self, holder: Any) -> Iterator[Any]:
        """What stands in something, also inside of controls; without what was deleted or moved away."""
        for child in holder:
            tag = _tag(child)
            if tag in _GONE:
                self.tracked += 1
            elif tag in _THROUGH:
                self.tracked += tag in {"ins", "moveTo"}
                yield from self.children(child)
            else:
                yield child

    def table(self, element: Any) -> Rows:
        """A table, without rows that were deleted under tracking."""
        rows, joined = [], False
        for row in (child for child in self.children(element) if _tag(child) == "tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                self.tracked += 1
                continue
            cells = []
            for cell in (child for child in self.children(row) if _tag(child) == "tc"):
                spans = cell.find(f"{W}tcPr/{W}gridSpan") is not None or cell.find(f"{W}tcPr/{W}vMerge") is not None
                joined = joined or spans
                cells.append(tuple(self.blocks(cell)))
            rows.append(tuple(cells))
        return Rows(tuple(rows), joined, _number(element.find(f"{W}tblPr/{W}tblInd"), "w"))

    # -------------------------------------------------------- a paragraph

    def para(self, element: Any) -> Para:
        """A paragraph with everything that hangs on it."""
        inside = _Inside(self)
        inside.read(element, Bit(""))
        properties = element.find(f"{W}pPr")
        style = _value(properties, "pStyle") or self.looks.default
        level = self.looks.level(style)
        outline = _value(properties, "outlineLvl")
        if outline is not None and outline.isdecimal() and int(outline) < 9:
            level = level or int(outline) + 1
        item = None if level else self.item(properties, style)
        indent = _indent(properties.find(f"{W}ind") if properties is not None else None)
        continued = _CONTINUE.fullmatch(self.looks.name(style))
        return Para(
            tidy(inside.bits),
            level,
            item,
            indent if indent is not None else self.looks.indent(style),
            int(continued[1] or 1) if continued else 0,
            self.looks.name(style),
            tuple(inside.marks),
            tuple(inside.comments),
            tuple(inside.notes),
            inside.pictures,
        )

    def item(self, properties: Any, style: str) -> Item | None:
        """How a paragraph is numbered, by itself or by its style."""
        own = properties.find(f"{W}numPr") if properties is not None else None
        number, depth = _value(own, "numId"), _value(own, "ilvl")
        if number is None:
            number, styled = self.looks.numbered(style)
            depth = depth if depth is not None else styled
        if number is None or number == "0":
            return None
        level = int(depth) if depth is not None and depth.isdecimal() else 0
        kind, start = self.lists.of(number, level)
        if kind is None:
            return None
        count = self.counts[number, level] = self.counts.get((number, level), start - 1) + 1
        for key in [key for key in self.counts if key[0] == number and key[1] > level]:
            del self.counts[key]
        return Item(kind, min(level, 2), count if kind == "number" else 0)

    @cached_property
    def looks(self) -> "_Styles":
        """The styles of the document."""
        return _Styles(self.file.styles)

    @cached_property
    def lists(self) -> "_Lists":
        """The lists of the document."""
        return _Lists(self.file.numbering)


def _one(first: Para, second: Para) -> Para:
    """Two paragraphs that became one; the first says how it looks."""
    return replace(
        first if first.bits else second,
        bits=tidy((*first.bits, *second.bits)),
        marks=(*first.marks, *second.marks),
        comments=(*first.comments, *second.comments),
        notes=(*first.notes, *second.notes),
        pictures=first.pictures + second.pictures,
    )


class _Inside:
    """The inside of a paragraph while it is read."""

    def __init__(self, looking: Looking) -> None:
        self.looking = looking
        self.bits: list[Bit] = []
        self.marks: list[str] = []
        self.comments: list[str] = []
        self.notes: list[str] = []
        self.pictures = 0
        self.told = [False]  # whether a field is still being told, and not yet showing what came out

    def read(self, holder: Any, look: Bit) -> None:
        for child in self.looking.children(holder):
            tag = _tag(child)
            if tag == "r":
                self.run(child, look)
            elif tag == "hyperlink":
                address = self.looking.file.links.get(child.get(f"{R}id", ""), "")
                self.read(child, replace(look, link=safe_target(address) if address else ""))
            elif tag == "bookmarkStart":
                self.marks.append(child.get(f"{W}name", ""))
            elif tag in _PICTURES:
                self.picture(child)
            elif tag in {"oMath", "oMathPara"}:
                self.bits.append(replace(look, text=clean("".join(child.itertext()))))

    def run(self, run: Any, look: Bit) -> None:
        properties = run.find(f"{W}rPr")
        strong = self.looking.looks.strong(_value(properties, "rStyle")) or _on(properties, "b") or _on(properties, "i")
        look = replace(look, strong=look.strong or strong)
        for child in run:
            tag = _tag(child)
            if tag == "fldChar":
                self.field(child.get(f"{W}fldCharType"))
            elif tag == "t" and not self.told[-1]:
                self.bits.append(replace(look, text=clean(child.text or "").replace("\n", " ")))
            elif tag in _SIGNS and not self.told[-1]:
                self.bits.append(replace(look, text=_SIGNS[tag]))
            elif tag == "br" and child.get(f"{W}type") in {None, "textWrapping"}:
                self.bits.append(replace(look, text="\n"))
            elif tag == "sym":
                self.bits.append(replace(look, text=_symbol(child.get(f"{W}char", ""))))
            elif tag in {"footnoteReference", "endnoteReference"}:
                self.notes.append(f"{tag.removesuffix('Reference')} {child.get(f'{W}id', '')}")
            elif tag == "commentReference":
                self.comments.append(child.get(f"{W}id", ""))
            elif tag in _PICTURES:
                self.picture(child)

    def field(self, kind: str | None) -> None:
        if kind == "begin":
            self.told.append(True)
        elif kind == "separate" and len(self.told) > 1:
            self.told[-1] = self.told[-2]
        elif kind == "end" and len(self.told) > 1:
            self.told.pop()

    def picture(self, element: Any) -> None:
        """A picture, or a frame with text, which is kept as text that stands nowhere."""
        self.pictures += 1
        frames = list(element.iter(f"{W}txbxContent"))[:1]
        for row in (row for frame in frames for row in frame.iter(f"{W}p")):
            text = clean("".join(part.text or "" for part in row.iter(f"{W}t"))).strip()
            if text:
                self.looking.outside.append(text)


_SIGNS: Final = {"tab": " ", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}


def _symbol(code: str) -> str:
    try:
        sign = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    return sign if sign.isprintable() else ""


# ------------------------------------------------------------ styles and lists


class _Styles:
    """What the styles of a document say of themselves and by what they are based on."""

    def __init__(self, root: Any) -> None:
        found = list(root.iter(f"{W}style")) if root is not None else []
        self.by_id = {each.get(f"{W}styleId", ""): each for each in found}
        marks = {f"{W}type": "paragraph", f"{W}default": "1"}
        self.default = next(
            (
                each.get(f"{W}styleId", "")
                for each in found
                if all(each.get(key) == text for key, text in marks.items())
            ),
            "",
        )

    def chain(self, style: str | None) -> Iterator[Any]:
        seen: set[str] = set()
        while style and style in self.by_id and style not in seen:
            seen.add(style)
            yield self.by_id[style]
            style = _value(self.by_id[style], "basedOn")

    def name(self, style: str) -> str:
        return (_value(self.by_id.get(style), "name") or style).lower()

    def level(self, style: str) -> int:
        for each in self.chain(style):
            found = _HEADING.fullmatch((_value(each, "name") or "").lower())
            if found:
                return int(found[1])
        return 1 if self.name(style) == "title" else 0

    def indent(self, style: str) -> int:
        inds = (_indent(each.find(f"{W}pPr/{W}ind")) for each in self.chain(style))
        return next((each for each in inds if each is not None), 0)

    def numbered(self, style: str) -> tuple[str | None, str | None]:
        number = depth = None
        for each in self.chain(style):
            own = each.find(f"{W}pPr/{W}numPr")
            number = number if number is not None else _value(own, "numId")
            depth = depth if depth is not None else _value(own, "ilvl")
        return number, depth

    def strong(self, style: str | None) -> bool:
        return style is not None and self.name(style) in {"strong", "emphasis", "strong emphasis", "intense emphasis"}


class _Lists:
    """What the definitions of lists say."""

    def __init__(self, root: Any) -> None:
        found = root if root is not None else ()
        self.abstract = {each.get(f"{W}abstractNumId"): each for each in found if _tag(each) == "abstractNum"}
        self.nums = {each.get(f"{W}numId"): each for each in found if _tag(each) == "num"}

    def of(self, number: str, level: int) -> tuple[Literal["bullet", "number", "tick"] | None, int]:
        """The kind of a list at a level, and where it begins to count."""
        num = self.nums.get(number)
        own = _at(num, "lvlOverride", level)
        shared = _at(self.abstract.get(_value(num, "abstractNumId")), "lvl", level)
        told = own.find(f"{W}lvl") if own is not None and own.find(f"{W}lvl") is not None else shared
        form, text = _value(told, "numFmt"), _value(told, "lvlText") or ""
        start = _value(own, "startOverride") or _value(told, "start") or "1"
        if num is None or form == "none":
            return None, 1
        begin = int(start) if start.isdecimal() and len(start) < 6 else 1
        if form not in {"bullet", None}:
            return "number", begin
        return ("tick" if set(text) & _BOXES_TO_TICK else "bullet"), begin


def _at(holder: Any, tag: str, level: int) -> Any:
    each = holder.iter(f"{W}{tag}") if holder is not None else ()
    return next((one for one in each if one.get(f"{W}ilvl") == str(level)), None)


def _tag(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _value(holder: Any, tag: str) -> str | None:
    found = holder.find(f"{W}{tag}") if holder is not None else None
    value: str | None = found.get(f"{W}val") if found is not None else None
    return value


def _on(properties: Any, tag: str) -> bool:
    found = properties.find(f"{W}{tag}") if properties is not None else None
    return found is not None and found.get(f"{W}val", "1") not in {"0", "false", "off"}


def _indent(element: Any) -> int | None:
    if element is None or (element.get(f"{W}left") is None and element.get(f"{W}start") is None):
        return None
    return _number(element, "left") or _number(element, "start")


def _number(element: Any, key: str) -> int:
    text = element.get(f"{W}{key}", "") if element is not None else ""
    return int(text) if re.fullmatch(r"\d{1,6}", text) else 0
