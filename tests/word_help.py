"""Help for the tests of Word papers: short ways to write blocks, and to look at what became of them."""

import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any

from lxml import etree

from builder.blocks import (
    Block,
    Blocks,
    Box,
    CutCard,
    FillIn,
    Heading,
    ListBlock,
    PageBreak,
    Paper,
    Paragraph,
    Picture,
    Run,
    Sheet,
    Table,
    TentCard,
    WritingLines,
)
from builder.word import render

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPACER = "Closing"
XPATHS = {
    "w": W[1:-1],
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}


def runs(text: str, **look: Any) -> tuple[Run, ...]:
    """One run of text."""
    return (Run(text, **look),)


def say(text: str, **more: Any) -> Paragraph:
    """A paragraph of one run."""
    return Paragraph(runs(text), **more)


def row(*texts: str) -> tuple[tuple[Run, ...], ...]:
    """A row of cells with one run each."""
    return tuple(map(runs, texts))


def a_list(*items: str | Blocks, **look: Any) -> ListBlock:
    """A list whose items are texts or sequences of blocks."""
    return ListBlock(tuple((say(item),) if isinstance(item, str) else item for item in items), **look)


def paper(*blocks: Block, **look: Any) -> Paper:
    """A paper of one sheet."""
    return Paper("A title", (Sheet(blocks, "Power · A · K7Q2"),), **look)


def png(width: int = 4, height: int = 2) -> bytes:
    """A black picture."""
    pixels = zlib.compress((b"\0" + b"\0" * width) * height)
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def parts(made: Paper) -> dict[str, bytes]:
    """The parts of a rendered paper by their names."""
    with zipfile.ZipFile(BytesIO(render(made))) as package:
        return {name: package.read(name) for name in package.namelist()}


def part(made: Paper, name: str = "word/document.xml") -> Any:
    """One part of a rendered paper as an element."""
    return etree.fromstring(parts(made)[name])


def body(*blocks: Block, **look: Any) -> Any:
    """The document element of a paper of these blocks."""
    return part(paper(*blocks, **look))


def find(element: Any, path: str) -> list[Any]:
    """What an XPath finds, with w: for Word's names."""
    return list(element.xpath(path, namespaces=XPATHS))


def written(element: Any) -> str:
    """The text below an element."""
    return "".join(find(element, ".//w:t/text()"))


def styled(element: Any) -> list[tuple[str, str]]:
    """Style and text of each paragraph below an element, without the gaps after tables."""
    pairs = [("".join(find(p, "w:pPr/w:pStyle/@w:val")), written(p)) for p in find(element, ".//w:p")]
    return [(style, text) for style, text in pairs if style != SPACER]


def everything() -> Blocks:
    """One of each kind of block, and the ways in which they nest."""
    step = (say("(2 min) Pairs."), Box("say", (say("Speak."), say("Stop."))), WritingLines(2), a_list("a", "b"))
    table = Table((*row("What", "Who"),), (row("Money", ""), row("Time", "")), (2, 1), 15)
    return (
        Heading(1, runs("Power & <partners>")),
        *(say(role, role=role) for role in ("body", "lead", "small", "caption", "clock", "subtitle")),
        Heading(2, runs("Steps")),
        a_list(
            step, "plain", (a_list("x", lettered=True, ordered=True), table, PageBreak()), (), ordered=True, start=3
        ),
        a_list((say("tick"), a_list("nested", (say("deep"), a_list("deepest", (a_list("4"),))))), ticks=True),
        *(Box(kind, (say("one"), say("two"))) for kind in ("card", "note", "say", "source")),
        *(Box(kind, (Heading(3, runs("in")), a_list("x"), table)) for kind in ("card", "note", "say", "source")),
        Box("note", ()),
        PageBreak(),
        *(Table(row("Clock", "Step"), (row("10:00", "Go"),), look=look) for look in ("plain", "running", "wall")),
        Table((), ()),
        WritingLines(3),
        FillIn("Name:"),
        *(CutCard((say(f"Card {number}"), table, FillIn("Name"), Box("say", (say("x"),)))) for number in range(3)),
        CutCard((say("A wide card"),), height_mm=30, wide=True),
        Heading(2, runs("Names")),
        *(TentCard((say(name, role="lead"),)) for name in ("Ada", "שירה")),
        Picture(png(), "A black bar", 40, 20),
        Picture(png(), "The same bar", 400, 200),
        Paragraph((Run("See "), Run("this", link="https://example.org/a?b=1&c=2"), Run(" now", strong=True))),
        Paragraph((Run("x = 1\n", code=True), Run("", cite="grippo-2025"))),
        say("שלום לכולם"),
        say("日本語のテキスト"),
        PageBreak(),
    )


def sizes(made: Paper) -> dict[str, int]:
    """The text size (half-points) of each style, by its id, inherited where it has none."""
    root = part(made, "word/styles.xml")
    known: dict[str, int] = {"": int(find(root, "//w:docDefaults//w:sz/@w:val")[0])}
    for style in find(root, "//w:style"):
        based = (find(style, "w:basedOn/@w:val") or [""])[0]
        known[style.get(f"{W}styleId")] = int((find(style, "w:rPr/w:sz/@w:val") or [known[based]])[0])
    return known
