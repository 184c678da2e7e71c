"""A Word document that somebody sent back: through the same guard as letterheads, then its parts as plain XML."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from builder.exchange.document import PROPERTIES
from builder.letterhead import Letterhead, find, opened
from builder.letterhead.package import parsed
from builder.problems import InputError, Problem
from builder.strict import clean

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST_PARAGRAPHS: Final = 6_000
MOST_SIGNS: Final = 400_000
MOST_MARKS: Final = 5_000
DEEPEST: Final = 120
LONGEST: Final = 200


@dataclass(frozen=True)
class Opened:
    """A document: its body, and what its comments, notes, styles, lists and properties say, each by its id."""

    body: Any
    links: Mapping[str, str]
    comments: Mapping[str, str]
    notes: Mapping[str, str]
    styles: Any
    numbering: Any
    properties: Mapping[str, str]


def read_document(path: Path) -> Opened:
    """The document at `path`; raises InputError with everything in it that is not safe to read."""
    name = path.as_posix()
    try:
        content = find(path, Problem("word-file", "", name))
        return _opened(opened(content, name), name)
    except InputError as error:
        raise InputError(_retold(problem) for problem in error.problems) from None


def _retold(problem: Problem) -> Problem:
    """A refusal in the words of a document rather than of a letterhead."""
    hint = problem.hint.replace("a letterhead", "a document").replace(" and nothing but the letterhead in it", "")
    hint = hint.replace(" It is looked for at", " It was looked for at").replace(", from the brief's folder", "")
    return replace(
        problem, message=problem.message.strip(), code=problem.code.replace("letterhead", "word-file"), hint=hint
    )


def _opened(file: Letterhead, name: str) -> Opened:
    root = _xml(file, file.main)
    body = root.find(f"{W}body") if root is not None else None
    if body is None:
        hint = "Open it in Word and save it anew as 'Word Document (.docx)'."
        raise InputError([Problem("word-file", "has no text in it.", name, hint=hint)])
    _refuse_many(body, name)
    threads = file.threads[file.main]
    return Opened(
        body,
        {one.id: one.target for one in threads if one.external and one.word == "hyperlink"},
        dict(_texts(_xml(file, file.part("comments")), "comment")),
        {
            **{f"footnote {key}": text for key, text in _texts(_xml(file, file.part("footnotes")), "footnote")},
            **{f"endnote {key}": text for key, text in _texts(_xml(file, file.part("endnotes")), "endnote")},
        },
        _xml(file, file.part("styles")),
        _xml(file, file.part("numbering")),
        dict(_properties(file)),
    )


def _refuse_many(body: Any, name: str) -> None:
    paragraphs = sum(1 for _ in body.iter(f"{W}p"))
    marks = sum(1 for _ in body.iter(f"{W}bookmarkStart", f"{W}sdt"))
    limits = (
        (paragraphs, MOST_PARAGRAPHS, "paragraphs"),
        (sum(len(text.text or "") for text in body.iter(f"{W}t")), MOST_SIGNS, "letters"),
        (marks, MOST_MARKS, "marks and controls"),
        (_depth(body), DEEPEST, "levels of things in things"),
    )
    for count, most, what in limits:
        if count > most:
            message = f"holds {count} {what}; at most {most} are read."
            hint = "Export the lesson anew, and paste the text of this document into it."
            raise InputError([Problem("word-file", message, name, hint=hint)])


def _depth(body: Any) -> int:
    from lxml import etree

    deepest = depth = 0
    for event, _ in etree.iterwalk(body, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _xml(file: Letterhead, part: str | None) -> Any:
    return parsed(file.parts[part]) if part is not None and part in file.parts else None


def _texts(root: Any, tag: str) -> Iterator[tuple[str, str]]:
    """What comments or notes say, without who wrote them."""
    for each in root.iter(f"{W}{tag}") if root is not None else ():
        rows = [clean("".join(text.text or "" for text in row.iter(f"{W}t"))) for row in each.iter(f"{W}p")]
        text = "\n".join(row.strip() for row in rows if row.strip())
        if text:
            yield each.get(f"{W}id", ""), text


def _properties(file: Letterhead) -> Iterator[tuple[str, str]]:
    """What our own export noted in the file; anything else there is nobody's business."""
    custom = next((one.target for one in file.threads.get("", ()) if one.word == "custom-properties"), None)
    root = _xml(file, custom)
    for each in root if root is not None else ():
        name, text = each.get("name", ""), clean("".join(each.itertext()))
        if name.startswith("workshop-") and name.removeprefix("workshop-") in PROPERTIES and len(text) <= LONGEST:
            yield name.removeprefix("workshop-"), text
