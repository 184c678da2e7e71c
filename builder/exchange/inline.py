"""What stands inside a line, as Markdown: signs are escaped only where they would be read as something else. Pure."""

import re
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Final

from builder.blocks import Paragraph, Table
from builder.exchange.lines import Bit, Bits, bits_of, tidy
from builder.markdown import parse

# What somebody may well write that no library knows: it is judged when the pack is laid over the library.
_JUDGED_LATER: Final = frozenset({"unknown-source", "unknown-placeholder", "no-plural"})
_KEPT: Final = re.compile(r"(\[@[^\]\[]*\]|\{\{[^{}]*\}\}|`[^`\n]*`)")
_KEPT_BUT_CODE: Final = re.compile(r"(\[@[^\]\[]*\]|\{\{[^{}]*\}\})")
_SIGNS: Final = re.compile(r"([\\`*_\[\]<>{}&|~!])")
_LEADING: Final = re.compile(r"^(\d{1,9})([.)])(?=\s|$)|^([-+#>=:])", re.MULTILINE)
_SENTENCE: Final = re.compile(r"(?<=[.!?][\"'\u201d\u2019)]) (?=[A-Z\"\u201c])|(?<=[.!?]) (?=[A-Z\"\u201c])")


def markdown_of(bits: Bits) -> str:
    """A paragraph of these bits; sentences are not parted. What Markdown cannot hold in bold is written plainly."""
    bits = tidy(bits)
    found = next((text for text in _ways(bits) if _reads(text, bits)), None)
    if found is None:
        bits = _unlooked(bits)
        found = next((text for text in _ways(bits) if _reads(text, bits)), list(_ways(bits))[-1])
    return _lines(found)


def cell_of(bits: Bits) -> str:
    """The same as a cell of a table, which holds no lines of its own."""
    bits = tidy(Bit(bit.text.replace("\n", " "), bit.strong, bit.link) for bit in bits)
    for each in (bits, _unlooked(bits)):
        for text in _ways(each):
            if _cell_reads(text, each):
                return text
    return _looked(_unlooked(bits), _escaped)


def _ways(bits: Bits) -> Iterator[str]:
    """The ways to write it, the plainest first: as it stands, with its signs escaped, with its first signs, too."""
    yield _looked(bits, str)
    escaped = _looked(bits, _escaped)
    yield escaped
    for text in (escaped, _looked(bits, _escaped_code)):
        yield _LEADING.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", text)


def _unlooked(bits: Bits) -> Bits:
    return tidy(Bit(bit.text, link=bit.link) for bit in bits)


def by_sentence(markdown: str) -> str:
    """One sentence a line, as our files are written; what it says stays the same."""
    return _SENTENCE.sub("\n", markdown)


def _looked(bits: Bits, written: Callable[[str], str]) -> str:
    """The bits one after the other, neighbours in bold inside one pair of stars."""
    texts = []
    for strong, group in groupby(bits, key=lambda bit: bit.strong):
        text = "".join(f"[{written(bit.text)}]({bit.link})" if bit.link else written(bit.text) for bit in group)
        texts.append(f"**{text}**" if strong else text)
    return "".join(texts)


def _lines(text: str) -> str:
    return text.replace("\n", "\\\n")


def _escaped(text: str) -> str:
    pieces = _KEPT.split(text)
    return "".join(piece if at % 2 else _SIGNS.sub(r"\\\1", piece) for at, piece in enumerate(pieces))


def _escaped_code(text: str) -> str:
    pieces = _KEPT_BUT_CODE.split(text)
    return "".join(piece if at % 2 else _SIGNS.sub(r"\\\1", piece) for at, piece in enumerate(pieces))


def _reads(markdown: str, bits: Bits) -> bool:
    """Whether a paragraph is read as these bits and nothing else."""
    blocks, problems = parse(_lines(markdown), sources=())
    if any(problem.code not in _JUDGED_LATER for problem in problems):
        return False
    return not bits if not blocks else len(blocks) == 1 and _is(blocks[0], bits)


def _is(block: object, bits: Bits) -> bool:
    return isinstance(block, Paragraph) and bits_of(block.runs) == bits


def _cell_reads(cell: str, bits: Bits) -> bool:
    blocks, problems = parse(f"| x |\n|---|\n| {cell} |\n", sources=())
    if any(problem.code not in _JUDGED_LATER for problem in problems) or len(blocks) != 1:
        return False
    table = blocks[0]
    return isinstance(table, Table) and len(table.rows) == 1 and bits_of(table.rows[0][0]) == bits
