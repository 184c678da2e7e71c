"""Headers and footers of a letterhead as a sheet needs them: their words as they are, our line, its own pages."""

from collections.abc import Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any, Final

from builder.letterhead.fields import W, kind_of
from builder.word.letterhead.frame import Strip
from builder.word.letterhead.looks import set_property
from builder.word.page import pages_of
from builder.word.sheets import NAMESPACES

_AROUND: Final = f"<w:ftr {NAMESPACES}>{{}}</w:ftr>"


def strip_part(strip: Strip, line: str, sheet: int | None, language: str) -> bytes:
    """A header or footer as a part: `line` (a paragraph's XML, or nothing) first, so that theirs keeps its place.

    A footer grows upwards from the foot of the page: what stands at its end does not move. `sheet` counts from 1 where
    there are several, whose pages are then counted one by one; `language` is that of the letterhead's words.
    """
    from lxml import etree

    if strip.root is None:
        return _AROUND.format(line).encode()
    root = deepcopy(_in_language(strip, language) if language else strip.root)
    if sheet and strip.counts_all:
        _count_sheet(root, sheet)
    for element in reversed(_elements(line)):
        root.insert(0, element)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _elements(xml: str) -> Sequence[Any]:
    from lxml import etree

    return list(etree.fromstring(_AROUND.format(xml).encode()))


@lru_cache(maxsize=16)
def _in_language(strip: Strip, language: str) -> Any:
    """Their words, each run saying that it is in their language, where the paper's is another."""
    root = deepcopy(strip.root)
    for run in root.iter(f"{W}r"):
        marks = run.find(f"{W}rPr")
        if marks is None:
            marks = run.makeelement(f"{W}rPr", {}, run.nsmap)
            run.insert(0, marks)
        if marks.find(f"{W}lang") is None:
            set_property(marks, "lang", val=language)
    return root


def _count_sheet(root: Any, sheet: int) -> None:
    """Let what counted all pages of the file count those of the sheet."""
    for field in list(root.iter(f"{W}fldSimple")):
        if kind_of(field.get(f"{W}instr", "")) == "NUMPAGES":
            _replace([field], sheet, field.find(f"{W}r/{W}rPr"))
    for begin in list(root.iter(f"{W}fldChar")):
        if begin.get(f"{W}fldCharType") == "begin":
            _count_by_runs(begin.getparent(), sheet)


def _count_by_runs(first: Any, sheet: int) -> None:
    """The same for a field that is spread over runs of one paragraph."""
    runs, depth = [], 0
    for element in (first, *first.itersiblings()):
        runs.append(element)
        marks = [mark.get(f"{W}fldCharType") for mark in element.iter(f"{W}fldChar")]
        depth += marks.count("begin") - marks.count("end")
        if not depth:
            break
    words = "".join(word.text or "" for run in runs for word in run.iter(f"{W}instrText"))
    if not depth and kind_of(words) == "NUMPAGES":
        _replace(runs, sheet, first.find(f"{W}rPr"))


def _replace(elements: Sequence[Any], sheet: int, marks: Any) -> None:
    runs = _elements(pages_of(sheet))
    for run in runs:
        if marks is not None:
            run.insert(0, deepcopy(marks))
        elements[0].addprevious(run)
    for element in elements:
        element.getparent().remove(element)
